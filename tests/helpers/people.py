"""People who commit in tests, some with a real key to sign with: git, ssh-keygen and gpg are the real ones."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

NOW = "2025-01-10T09:00:00+08:00"
_SETTINGS = {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": "/nowhere", "GIT_CONFIG_NOSYSTEM": "1"}


@dataclass(frozen=True)
class Person:
    """Whoever commits; `settings` are what git is given to sign with."""

    name: str
    address: str
    key: str = ""
    """As data/units.yaml has it."""
    settings: tuple[str, ...] = ()
    home: Path = Path("/nowhere")
    """The folder of gpg's keys."""

    @property
    def listed(self) -> str:
        """What stands behind the name in data/units.yaml."""
        key = f', 密钥: "{self.key}"' if self.key else ""
        return f"{{邮箱: {self.address}{key}}}"


def with_ssh_key(name: str, address: str, folder: Path) -> Person:
    """Somebody with a new ssh key."""
    key = folder / f"key-{name}"
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", f"{name} {address}", "-f", str(key)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    public = key.with_name(f"{key.name}.pub")
    return Person(name, address, public.read_text("utf-8").strip(), ("gpg.format=ssh", f"user.signingKey={public}"))


def with_gpg_key(name: str, address: str, folder: Path) -> Person:
    """Somebody with a new GPG key, in a folder of their own; its path must be short, gpg's sockets lie in it."""
    home = folder / "g"
    home.mkdir(mode=0o700)
    run = ["gpg", "--batch", "--quiet", "--homedir", str(home)]
    made = [*run, "--passphrase", "", "--quick-generate-key", f"{name} <{address}>", "ed25519", "sign", "never"]
    subprocess.run(made, check=True, capture_output=True)
    listed = subprocess.run([*run, "--list-keys", "--with-colons"], check=True, capture_output=True, text=True).stdout
    (key,) = [line.split(":")[9] for line in listed.splitlines() if line.startswith("fpr:")]
    return Person(name, address, key, (f"user.signingKey={key}",), home)


def has_gpg() -> bool:
    """Whether there is a gpg to test with."""
    return shutil.which("gpg") is not None


def git_as(person: Person, root: Path, *arguments: str, date: str = NOW, given: str = "") -> str:
    """Runs git as somebody."""
    names = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in (
        ("NAME", person.name), ("EMAIL", person.address), ("DATE", date))}  # fmt: skip
    settings = [word for setting in person.settings for word in ("-c", setting)]
    done = subprocess.run(
        ["git", *settings, *arguments], cwd=root, capture_output=True, text=True, encoding="utf-8", input=given,
        env=names | _SETTINGS | {"GNUPGHOME": str(person.home)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def commit_as(person: Person, root: Path, *options: str, paths: Sequence[str] = (".",)) -> str:
    """Commits some paths, all of them without; signed where options say `-S`. Gives the commit's name."""
    git_as(person, root, "add", "-A", "--", *paths)
    git_as(person, root, "commit", "-q", "--allow-empty", "-m", "改", *options)
    return git_as(person, root, "rev-parse", "HEAD")


def remade(root: Path, commit: str, old: str, new: str) -> str:
    """Another commit with other text and the very signature of this one; gives its name."""
    raw = subprocess.run(["git", "cat-file", "commit", commit], cwd=root, capture_output=True, check=True).stdout
    assert old.encode() in raw
    command = ["git", "hash-object", "-t", "commit", "-w", "--stdin"]
    changed = raw.replace(old.encode(), new.encode(), 1)
    return subprocess.run(command, cwd=root, input=changed, capture_output=True, check=True).stdout.decode().strip()
