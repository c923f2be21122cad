"""The style sheets, scripts and pictures that all public pages share, each named by its content.

They lie in templates/shared/assets; a project's own file stands in for the shipped one of its name. The name has the
beginning of the hash, so that a browser may keep a file for good and a page always names the one that it was made with.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from perfgen.findings import Finding, FormError, Place
from perfgen.project import shipped
from perfgen.project.layout import HIDDEN
from perfgen.project.snapshot import Project, digest
from perfgen.render import ANY, ASSETS, SHARED_TEMPLATES
from perfgen.source import encoding

FOLDER = f"{SHARED_TEMPLATES}/{ASSETS}"
PUBLIC = "assets"
"""The folder of the public site that they are written to."""
SUFFIXES = (".css", ".js", ".svg")
READS = f"{ASSETS}/{ANY}"
"""The pattern of these files among the templates that a page may read."""
_NAME = re.compile(r"(?!(?:con|prn|aux|nul|com\d|lpt\d)\.)[a-z0-9]+(?:-[a-z0-9]+)*\.(?:css|js|svg)")
_DIGITS = 8


def named(project: Project) -> Mapping[str, str]:
    """By name, the path of each below the public root. Raises FormError for a name that no address
    should have, and for a link that leads out of the templates.
    """
    return project.once(_named)


def content(project: Project, name: str) -> bytes:
    """One of them. Raises FormError for one that is not UTF-8."""
    path = project.provided(f"{FOLDER}/{name}")
    encoding.decode_template(project.read(path), path)
    return project.read(path)


@functools.cache
def shipped_scripts() -> Mapping[str, bytes]:
    """By path below the public root, the scripts that come with the program, as they are there."""
    paths = [path for path in shipped.named(FOLDER) if path.endswith(".js")]
    contents = {
        shipped.own_path(path).removeprefix(f"{FOLDER}/"): shipped.read(shipped.own_path(path)) for path in paths
    }
    return {_public_path(name, digest(content)): content for name, content in contents.items()}


def _named(project: Project) -> Mapping[str, str]:
    there = project.provided_files(FOLDER)
    paths = [path for path in there if path.endswith(SUFFIXES) and not path.rpartition("/")[2].startswith(HIDDEN)]
    names = {shipped.own_path(path).removeprefix(f"{FOLDER}/"): path for path in paths}
    if findings := [_refused(path) for name, path in names.items() if not _NAME.fullmatch(name)]:
        raise FormError(findings)
    return {name: _public_path(name, digest(project.read(path))) for name, path in sorted(names.items())}


def _public_path(name: str, sha256: str) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"{PUBLIC}/{stem}.{sha256[:_DIGITS]}.{suffix}"


def _refused(path: str) -> Finding:
    message = "文件名要写进网址：只用小写字母、数字和 -，直接放在这个文件夹里。"
    return Finding(Place(path), "template-render", message, "改名；不是网页用的，移到别处。")
