"""Makes ready for a comparison of a pull request: its commits are fetched, the target branch is checked out.

Of the request nothing but objects comes into the repository: what runs next is the target branch's own program, with
its own forms and rules. Only GitHub needs this; a pipeline of GitLab knows its request.
"""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
import urllib.error
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import forge

REQUEST = "refs/perfgen/request"
_SHA = re.compile("[0-9a-f]{40,64}")


def chosen(found: list[Any], main: str) -> Any:
    """The request among those of one commit that is looked at: the one for the main branch, else the oldest."""
    return min(found, key=lambda one: (one["base"]["ref"] != main, int(one["number"])))


def git(*arguments: str, given: Mapping[str, str] | None = None) -> str:
    """What git says; no hook runs."""
    command = ["git", "-c", f"core.hooksPath={os.devnull}", *arguments]
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", **(given or {})}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)  # noqa: S603
    return done.stdout.strip()


def signed_in(given: Mapping[str, str]) -> dict[str, str]:
    """The variables by which git shows the token for one call, so that it is written nowhere."""
    words = base64.b64encode(f"x-access-token:{given['COMMENT_TOKEN']}".encode()).decode()
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"http.{given['GITHUB_SERVER_URL']}/.extraheader",
        "GIT_CONFIG_VALUE_0": f"Authorization: Basic {words}",
    }


def prepare(request: Any, given: Mapping[str, str]) -> str:
    """Fetches a request's commit, checks its target branch out, and gives both commits as BASE...HEAD.

    Raises CalledProcessError where git fails, ValueError for what is no commit's name.
    """
    number, head = int(request["number"]), str(request["head"]["sha"])
    target = str(request["base"]["ref"])
    refs = (f"+refs/pull/{number}/head:{REQUEST}", f"+refs/heads/{target}:refs/perfgen/target")
    git("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "origin", *refs, given=signed_in(given))
    base = git("rev-parse", "--verify", "--end-of-options", "refs/perfgen/target^{commit}")
    if not (_SHA.fullmatch(head) and _SHA.fullmatch(base)):
        raise ValueError("不是提交的编号")
    git("cat-file", "-e", f"{head}^{{commit}}")
    git("checkout", "--quiet", "--detach", base)
    return f"{base}...{head}"


def main(given: Mapping[str, str]) -> int:
    """Finds the request of a build, makes ready, and tells the next steps its number and its commits."""
    try:
        found = forge.open_requests(forge.on_github(given), given)
        if not found:
            sys.stdout.write("这次生成之后又有新的提交，或者合并请求已经关了，不比较。\n")
            return 0
        request = chosen(found, given.get("MAIN_BRANCH", ""))
        with Path(given["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as told:
            told.write(f"number={int(request['number'])}\n")  # said first: that a comparison failed is a comment too
            told.flush()
            told.write(f"range={prepare(request, given)}\n")
    except (urllib.error.URLError, TimeoutError, ValueError, KeyError, OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"合并请求没有取来：{error}\n")
        return 3
    sys.stdout.write("目标分支已检出，合并请求的提交已取来。\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ))
