"""Keeps one comment of a pull or merge request up to date with build/review/comment.md.

Runs on GitHub, GitLab and what speaks GitHub's language. The comment's text was written by the target branch's own
perfgen, over data that is a stranger's: here it is only text, cut to size and put into one request, and everything
else comes from the forge. Where there is no text, the comment says so: an older one would speak of another commit.
"""

from __future__ import annotations

import os
import ssl
import sys
import urllib.parse
from collections.abc import Mapping
from pathlib import Path

import forge
from forge import Forge

MARKER = "<!-- perfgen diff -->"
LIMIT = 64_000
_FAILED = f"""{MARKER}
### 没有比较成

目标分支的程序没有比较成这次修改里的数据，所以这里什么也没有说：不等于没有变化。
原因在评论这一步的运行记录里，也可以在自己的机器上运行 `make diff` 看。
"""
_BY = "由目标分支自己的程序、表和规则比较两个提交里的数据；这次修改里的程序、表、规则和模板没有运行。"
_ATTACHED = "附件：正式的表、比较的页面（是这次修改自己的程序做的；有联系人，只供办公使用）"


def github(given: Mapping[str, str]) -> Forge | None:
    """The pull request that was compared; None where its head is no longer the commit that was built."""
    found = forge.on_github(given)
    numbers = [int(one["number"]) for one in forge.open_requests(found, given)]
    number = int(given["REQUEST"])
    if number not in numbers:
        return None
    found.comments = f"{forge.repository(given)}/issues/{number}/comments"
    return found


def gitlab(given: Mapping[str, str]) -> Forge:
    """The merge request of this pipeline; its comments are called notes."""
    project, number = urllib.parse.quote(given["CI_PROJECT_ID"]), int(given["CI_MERGE_REQUEST_IID"])
    address = f"{given['CI_API_V4_URL']}/projects/{project}/merge_requests/{number}/notes"
    return Forge(address, {"PRIVATE-TOKEN": given["COMMENT_TOKEN"]}, None, given)


def text_of(file: Path, link: str) -> str:
    """The comment's text, with who wrote it and where the attachments are; empty for a file that perfgen did not write.

    `link` is the address of the attachments, empty for none.
    """
    text = file.read_text("utf-8", errors="replace")[:LIMIT] if file.is_file() else _FAILED
    if not text.startswith(MARKER):
        return ""
    if text != _FAILED:
        text += f"\n\n{_BY}\n"
    return text + (f"\n[{_ATTACHED}]({link})\n" if link else "")


def main(given: Mapping[str, str], file: Path) -> int:
    """Puts the comment up, or the one that is there up to date; says in a line what it did."""
    text = text_of(file, given.get("COMMENT_LINK", ""))
    if not text:
        sys.stderr.write(f"{file} 不是 perfgen diff 写的评论，没有发表。\n")
        return 1
    is_github = "GITHUB_API_URL" in given
    try:
        found = github(given) if is_github else gitlab(given)
        if found is None:
            sys.stdout.write("这次生成之后又有新的提交，或者合并请求已经关了，没有发表。\n")
            return 0
        mine = found.mine(MARKER)
        if mine:
            found.ask(mine, "PATCH" if is_github else "PUT", {"body": text})
        else:
            found.ask(found.comments, "POST", {"body": text})
    except (OSError, ValueError, KeyError) as error:
        reason = getattr(error, "reason", error)
        advice = "站点的证书是自己的，设 PERFGEN_CA，见 docs/ci.md。" if isinstance(reason, ssl.SSLError) else ""
        sys.stderr.write(f"评论没有发表：{error}。{advice}\n")
        return 3
    sys.stdout.write("评论已更新。\n" if mine else "评论已发表。\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ, Path(sys.argv[1] if len(sys.argv) > 1 else "build/review/comment.md")))
