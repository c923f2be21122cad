"""Makes a commit of some files alone, whatever else is changed or staged; the one place where perfgen commits.

With plumbing, so that no hook and no setting changes what is committed: the tree of HEAD with these files as they are
given. The branch moves only where it still is what it was.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from perfgen.findings import ToolError
from perfgen.system import git
from perfgen.system.git_call import answer, output, run
from perfgen.system.git_signature import fingerprint

_SIGNED_ALREADY = "commit.gpgSign"


@dataclass(frozen=True)
class NewCommit:
    """A commit that no branch has yet, and what its files are in it: by path from the repository's top."""

    name: str
    parent: str
    entries: Mapping[str, tuple[str, str]]
    """The mode and the blob."""


def make(root: Path, contents: Mapping[str, bytes], message: str, key: str = "") -> NewCommit:
    """A commit on top of HEAD, with some files of HEAD changed; paths are relative to `root`.

    With `key`, a GPG fingerprint or an ssh public key, it is signed, for ssh by the key that git is set to sign with;
    without, where the user has git sign all commits. Raises ToolError where git cannot commit or sign.
    """
    parent = output(root, "rev-parse", "--verify", "HEAD^{commit}").decode().strip()
    top = answer(root, "rev-parse", "--show-prefix") or ""
    listed = git.in_commit(root, parent, contents)
    entries = {}
    for path, content in contents.items():
        blob = output(root, "hash-object", "-w", "--stdin", f"--path={path}", given=content).decode().strip()
        entries[f"{top}{path}"] = (listed[path].mode, blob)
    tree = _tree(root, parent, entries)
    settings, signed = _signing(root, key)
    words = (*settings, "-c", "i18n.commitEncoding=UTF-8", "commit-tree", tree, "-p", parent, *signed, "-F", "-")
    made = run(root, *words, given=message.encode())
    if made.returncode:
        said = made.stderr.decode("utf-8", "replace").strip()
        raise ToolError(_NOT_SIGNED.format(said) if signed else f"git 提交不了：{said}")
    return NewCommit(made.stdout.decode().strip(), parent, entries)


_NOT_SIGNED = (
    "git 签不了名，没有提交。先设好用哪把密钥签名：GPG 是 git config user.signingKey 指纹；"
    "ssh 是 git config gpg.format ssh，再 git config user.signingKey 公钥文件。git 说：{}"
)


def _tree(root: Path, parent: str, entries: Mapping[str, tuple[str, str]]) -> str:
    """The tree of a commit with some entries changed, made in an index of its own."""
    with tempfile.TemporaryDirectory(prefix="perfgen-", ignore_cleanup_errors=True) as name:
        index = Path(name) / "index"
        output(root, "read-tree", parent, index=index)
        output(root, "update-index", "-z", "--index-info", given=_listed(entries), index=index)
        return output(root, "write-tree", index=index).decode().strip()


def _listed(entries: Mapping[str, tuple[str, str]]) -> bytes:
    lines = (f"{mode} {blob}\t{path}\0" for path, (mode, blob) in entries.items())
    return "".join(lines).encode("utf-8", "surrogateescape")


def _signing(root: Path, key: str) -> tuple[list[str], list[str]]:
    """The settings and the option with which git signs with a key; none where it is not to sign."""
    if not key:
        return [], ["-S"] if answer(root, "config", "--type=bool", _SIGNED_ALREADY) == "true" else []
    mark = fingerprint(key)
    is_ssh = mark.startswith("SHA256:")
    return ["-c", f"gpg.format={'ssh' if is_ssh else 'openpgp'}"], ["-S" if is_ssh else f"-S{mark}"]


def move_branch(root: Path, commit: NewCommit, message: str) -> None:
    """Makes a commit the last one of the branch that is checked out, in the index too; the work tree is not touched.

    Raises ToolError where the branch is no longer what it was.
    """
    output(root, "update-ref", "-m", message, "HEAD", commit.name, commit.parent)
    output(root, "update-index", "-z", "--index-info", given=_listed(commit.entries))
