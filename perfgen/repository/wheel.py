"""perfgen's own wheel, built from a checkout or packed again from what is installed, and the pin that names it.

A wheel is a ZIP file of a package and its metadata; RECORD holds a hash of each file (PyPA, "Binary distribution
format"). A pin is a line that pip takes with `--require-hashes`.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path, PurePosixPath

from perfgen import __version__
from perfgen.findings import ToolError, UsageError
from perfgen.project import reading, shipped

NAME = "perfgen"
_DATE = (2020, 2, 2, 0, 0, 0)
"""The date of each file in a wheel, as hatchling sets it."""
_MOST = 50_000_000
_MADE_BY_INSTALLERS = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_build.json", "uv_cache.json")
_LISTED = re.compile(rf"([0-9a-f]{{64}})\s+\*?(?:\S*/)?({NAME}-([0-9][^-\s/]*)-py3-none-any\.whl)")
"""A line of a release's list, as sha256sum writes it."""


@dataclass(frozen=True)
class Wheel:
    """A wheel by its file name; the version stands in it."""

    file: str
    content: bytes

    @property
    def pin(self) -> str:
        """The lines of a requirements file that name it and nothing else."""
        return pin(self.file.split("-")[1], [hashlib.sha256(self.content).hexdigest()])


def pin(version: str, hashes: list[str]) -> str:
    """The lines of a requirements file for one version of perfgen, with the hashes of its wheels."""
    return f"{NAME}=={version}" + "".join(f" \\\n    --hash=sha256:{one}" for one in hashes) + "\n"


def listed(content: bytes, file: str) -> str:
    """The pin for the newest-named version in the list of a release, the file SHA256SUMS beside its wheels.

    Raises UsageError where it lists no wheel of perfgen, or several versions.
    """
    found = [match for line in content.decode("utf-8", "replace").splitlines() if (match := _LISTED.fullmatch(line))]
    versions = sorted({match[3] for match in found})
    if len(versions) != 1:
        what = f"有几个版本：{'、'.join(versions)}" if versions else f"没有 {NAME} 的安装包"
        raise UsageError(f"{file} 里{what}；要的是一次发布的清单，一行一个：哈希、两个空格、文件名。")
    return pin(versions[0], sorted({match[1] for match in found}))


def own() -> Wheel:
    """The wheel of the perfgen that runs.

    Raises ToolError where it cannot be built, or what is installed is not what was installed.
    """
    return _built(shipped.root()) if shipped.is_checkout() else _packed(metadata.distribution(NAME))


def _built(repository: Path) -> Wheel:
    """The wheel of a checkout."""
    try:
        from hatchling.builders.wheel import WheelBuilder
    except ImportError as error:
        raise ToolError(f"没有 hatchling，做不出 {NAME} 的安装包；在 {NAME} 的仓库里运行一次 make all。") from error
    with tempfile.TemporaryDirectory(prefix="perfgen-") as folder:
        made = Path(next(WheelBuilder(str(repository)).build(directory=folder, versions=["standard"])))
        content = reading.made(Path(folder) / made.name, _MOST)
    if content is None:
        raise ToolError(f"{NAME} 的安装包没有做出来。")
    return Wheel(made.name, content)


def _packed(installed: metadata.Distribution) -> Wheel:
    """The wheel that was installed, from its files; the same files in the same order give the same bytes."""
    files = dict(_installed_files(installed))
    information = f"{NAME}-{__version__}.dist-info"
    order = sorted(files, key=lambda path: (path.startswith(information), path))
    record = "".join(f"{path},sha256={_digest(files[path])},{len(files[path])}\n" for path in order)
    files[f"{information}/RECORD"] = f"{record}{information}/RECORD,,\n".encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, _DATE)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o100644 << 16
            archive.writestr(entry, content)
    return Wheel(f"{NAME}-{__version__}-py3-none-any.whl", packed.getvalue())


def _installed_files(installed: metadata.Distribution) -> Iterator[tuple[str, bytes]]:
    """The files that came with a wheel, sorted. Raises ToolError for one that was changed since."""
    for file in sorted(installed.files or (), key=str):
        path = PurePosixPath(file)
        is_own = path.parts[0] == NAME or path.parts[0].startswith(f"{NAME}-")
        if not is_own or path.name in _MADE_BY_INSTALLERS or file.hash is None or path.suffix == ".pyc":
            continue
        content = reading.of_package(Path(str(file.locate())))
        if file.hash.mode != "sha256" or _digest(content) != file.hash.value:
            raise ToolError(f"装好的 {NAME} 被改动过：{path}。重新安装再试。")
        yield str(path), content


def _digest(content: bytes) -> str:
    """The SHA-256 of some bytes as RECORD writes it: URL-safe base64 without padding."""
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
