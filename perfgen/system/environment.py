"""What of a machine can change a byte of an output: perfgen itself, Python, the libraries below it, the fonts."""

from __future__ import annotations

import ctypes
import functools
import hashlib
import platform
import sysconfig
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from perfgen.project import reading, shipped
from perfgen.project.snapshot import digest
from perfgen.system import fonts

Environment = dict[str, str]
"""What each thing is called, in Chinese, and which one it is."""
MISSING = "没有"
_NAME = "perfgen"
_HARFBUZZ = ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll")
"""How the library is called on Linux, macOS and Windows."""
_SHORT = 12
"""So many digits of a hash are shown."""


@functools.cache
def of_code() -> str:
    """The hash of perfgen's own modules: alike in a checkout and in a wheel, which lays shipped files beside them."""
    package = Path(__file__).resolve().parents[1]
    modules = sorted(path for path in package.rglob("*.py") if not path.is_relative_to(shipped.IN_WHEEL))
    parts = [f"{path.relative_to(package).as_posix()} {digest(reading.of_package(path))}" for path in modules]
    return digest("\n".join(parts).encode())


@functools.cache
def of_package(name: str) -> str:
    """The version of an installed package."""
    from importlib import metadata  # slow to load, and not needed to find that nothing is to be done

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "missing"


def installed() -> list[str]:
    """What tells one machine from another: the versions of Python and its packages, and the fonts."""
    packages = sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    return [platform.python_version(), *packages, *fonts.installed()]


def of_machine(families: Iterable[str], packages: Iterable[str]) -> Environment:
    """All that two machines must have alike so that they make the same bytes, as far as it can be told.

    `families` are the names of the fonts, `packages` those that `needed` gives on the machine that asks. It imports
    libraries, which takes a second.
    """
    return {
        "perfgen 的代码": of_code()[:_SHORT],
        "perfgen 自带的表和模板": _of_shipped()[:_SHORT],
        "Python": platform.python_version(),
        "处理器": platform.machine(),
        **{f"程序库 {name}": of_package(name) for name in sorted(packages)},
        **_of_system_libraries(),
        **{f"字体 {family}": _of_font(family) for family in sorted(set(families))},
    }


def needed() -> tuple[str, ...]:
    """The packages that perfgen needs here, directly or through others."""
    return tuple(sorted(_needed(_NAME, set())))


def _needed(name: str, found: set[str]) -> set[str]:
    """Adds the packages that one needs; those of its extras are left out."""
    from importlib import metadata

    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    with suppress(metadata.PackageNotFoundError):
        for text in metadata.requires(name) or ():
            wanted = Requirement(text)
            other = canonicalize_name(wanted.name)
            if other not in found and (wanted.marker is None or wanted.marker.evaluate({"extra": ""})):
                found.add(other)
                _needed(other, found)
    return found


def differences(here: Mapping[str, str], there: Mapping[str, str]) -> list[str]:
    """In words, what another machine has otherwise."""
    return [
        f"{name}：这里 {here.get(name, MISSING)}，那里 {there.get(name, MISSING)}"
        for name in dict.fromkeys([*here, *there])
        if here.get(name) != there.get(name)
    ]


def _of_shipped() -> str:
    """The hash of the files that the program provides to every project."""
    parts = (f"{path} {digest(shipped.read(shipped.own_path(path)))}" for path in shipped.named())
    return digest("\n".join(parts).encode())


def _of_system_libraries() -> Environment:
    """The versions of the libraries that no package brings along."""
    from lxml import etree

    found = {"zlib": zlib.ZLIB_RUNTIME_VERSION, "libxml2": ".".join(map(str, etree.LIBXML_VERSION))}
    return found | dict(_of_pango())


def _of_pango() -> Iterator[tuple[str, str]]:
    """The versions of what sets the text of a PDF."""
    try:
        from weasyprint.text import ffi  # the only one that knows where Pango is
    except (ImportError, OSError):
        yield "Pango", MISSING
        return
    yield "Pango", str(ffi.pango.pango_version())
    yield "HarfBuzz", _of_harfbuzz()


def _of_harfbuzz() -> str:
    for name in _HARFBUZZ:
        with suppress(OSError, AttributeError):
            version = ctypes.CDLL(name).hb_version_string
            version.restype = ctypes.c_char_p
            return str(version().decode("ascii"))
    return MISSING


@functools.cache
def _of_font(family: str) -> str:
    """Which font answers to a name: its version, and a hash over its file."""
    place = fonts.place(family)
    if place is None:
        return MISSING
    file, index = place
    with Path(file).open("rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
    return f"{fonts.version(family)} {index} {found[:_SHORT]}"
