"""Whose key signed a commit, as `git verify-commit` finds it; GPG and ssh.

Trusted is a key by its fingerprint alone, not by what somebody's keyring says of it. For an ssh key, git wants a file
of those that may sign: it is made here from the keys that are asked for, and gone again afterwards.

ssh keys and their fingerprints: RFC 4253, section 6.6; the file: ssh-keygen(1), ALLOWED SIGNERS. What gpg says with
--raw: doc/DETAILS of GnuPG, "General status codes".
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from perfgen.system import write
from perfgen.system.git_call import objects, run

_SSH_KEY = re.compile(r"(?P<kind>[a-z0-9][a-z0-9@.-]+)[ \t]+(?P<blob>[A-Za-z0-9+/]+={0,2})(?:[ \t].*)?")
_GPG_FINGERPRINT = re.compile(r"[0-9A-F]{40}|[0-9A-F]{64}")
_GOOD_SSH = re.compile(r'^Good "git" signature for .* with \S+ key (?P<key>SHA256:\S+)$', re.MULTILINE)
_GOOD_GPG = re.compile(
    r"^\[GNUPG:\] VALIDSIG (?P<key>[0-9A-F]+)(?: [^\n ]+){8}(?: (?P<primary>[0-9A-F]+))?$", re.MULTILINE
)
_BAD = re.compile(
    r'^\[GNUPG:\] (?:BADSIG|EXPKEYSIG|EXPSIG|REVKEYSIG) |^Good "git" signature with |incorrect signature', re.MULTILINE
)
"""Wrong, out of date or revoked; or, of ssh, by a key that may not sign."""
_HEADERS = (b"gpgsig ", b"gpgsig-sha256 ")
"""How the line of a commit begins that holds a signature (git's Documentation/gitformat-signature.txt)."""
_LISTED = "allowed_signers"


class SignatureState(StrEnum):
    """What is known of a commit's signature."""

    GOOD = "good"
    BAD = "bad"
    """It does not fit the commit, its key is out of date, or it is an ssh key that was not asked for."""
    NONE = "none"
    UNCHECKED = "unchecked"
    """There is one, and this machine cannot say: gpg or ssh-keygen or the public key is missing."""


@dataclass(frozen=True)
class Signature:
    """What is known of a commit's signature, and for a good one by which key: its fingerprints."""

    state: SignatureState
    keys: frozenset[str] = frozenset()


def fingerprint(key: str) -> str:
    """The fingerprint of a key as a list has it, a GPG fingerprint or an ssh public key; empty for what is neither.

    A shortened id of a GPG key is none: anybody can make another key with the same.
    """
    if _GPG_FINGERPRINT.fullmatch(plain := re.sub(r"[\s:]", "", key).removeprefix("0x").upper()):
        return plain
    match = _SSH_KEY.fullmatch(key.strip())
    try:
        blob = base64.b64decode(match["blob"], validate=True) if match else b""
    except binascii.Error:
        return ""
    if not match or not blob[4:].startswith(match["kind"].encode()):
        return ""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def signatures(root: Path, commits: Sequence[str], keys: Iterable[str]) -> dict[str, Signature]:
    """By commit what is known of its signature; `keys` are the ones that may have signed, as a list has them.

    One call of git where all are good, one for each commit where not. Raises ToolError where there is no git.
    """
    if not commits:
        return {}
    with _allowed(keys) as settings:
        said = run(root, *settings, "verify-commit", "--raw", *commits)
        good = _good(said.stderr) if said.returncode == 0 else []
        if len(good) == len(commits):
            return dict(zip(commits, good, strict=True))
        return {commit: _signature(root, commit, settings) for commit in commits}


def _signature(root: Path, commit: str, settings: Sequence[str]) -> Signature:
    said = run(root, *settings, "verify-commit", "--raw", commit)
    good = _good(said.stderr)
    if said.returncode == 0 and len(good) == 1:
        return good[0]
    if not _is_signed(root, commit):
        return Signature(SignatureState.NONE)
    is_bad = _BAD.search(said.stderr.decode("utf-8", "replace"))
    return Signature(SignatureState.BAD if is_bad else SignatureState.UNCHECKED)


def _good(said: bytes) -> list[Signature]:
    """The good signatures that git tells, in the order of the commits."""
    text = said.decode("utf-8", "replace")
    found = sorted([*_GOOD_SSH.finditer(text), *_GOOD_GPG.finditer(text)], key=lambda match: match.start())
    return [Signature(SignatureState.GOOD, frozenset(filter(None, match.groups()))) for match in found]


def _is_signed(root: Path, commit: str) -> bool:
    """Whether a commit has a signature, good or not."""
    for answered in objects(root, [commit]):
        headers = answered[1].partition(b"\n\n")[0] if answered else b""
        return any(line.startswith(_HEADERS) for line in headers.split(b"\n"))
    return False


@contextmanager
def _allowed(keys: Iterable[str]) -> Iterator[list[str]]:
    """The settings under which git knows some ssh keys; no name of a list goes into the file."""
    listed = [match for key in keys if fingerprint(key) and (match := _SSH_KEY.fullmatch(key.strip()))]
    lines = "".join(
        f'reviewer{number} namespaces="git" {match["kind"]} {match["blob"]}\n' for number, match in enumerate(listed, 1)
    )
    with tempfile.TemporaryDirectory(prefix="perfgen-", ignore_cleanup_errors=True) as name:
        file = Path(name) / _LISTED
        write.replace(file, lines.encode(), top=Path(name))
        yield ["-c", f"gpg.ssh.allowedSignersFile={file}", "-c", "gpg.minTrustLevel=undefined"]
