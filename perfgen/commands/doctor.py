"""`perfgen doctor`: what is missing on this machine, and the command that installs it."""

from __future__ import annotations

import argparse
import fnmatch
import importlib.util
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from perfgen.findings import UsageError
from perfgen.form import forms
from perfgen.project import shipped
from perfgen.project.arguments import open_project
from perfgen.project.layout import TEMPLATE_FOLDER
from perfgen.render import SHARED_TEMPLATES
from perfgen.serving import needs
from perfgen.system import console, environment, fonts, office

HELP = "看这台机器缺什么，怎么补"
_MINIMUM = (3, 11)


@dataclass(frozen=True)
class Diagnosis:
    """One thing that was looked at."""

    subject: str
    fine: bool
    detail: str
    remedy: str = ""
    needed: bool = True
    """Whether building needs it; if not, only tests or convenience do."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command has no arguments of its own."""


def run(options: argparse.Namespace) -> int:
    """Looks and prints; 3 when something that building needs is missing."""
    is_incomplete = False
    for diagnosis in diagnose(options):
        mark = "✓" if diagnosis.fine else "✗" if diagnosis.needed else "-"
        console.say(f"{mark} {diagnosis.subject}：{diagnosis.detail}")
        if not diagnosis.fine:
            console.say(f"    {diagnosis.remedy}")
            is_incomplete = is_incomplete or diagnosis.needed
    console.say("有缺的，照上面的命令补上。" if is_incomplete else "都齐了。")
    return 3 if is_incomplete else 0


def diagnose(options: argparse.Namespace) -> Iterator[Diagnosis]:
    """Everything that a build, and then everything that a test, needs from the machine."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Diagnosis("Python", sys.version_info >= _MINIMUM, version, "装 Python 3.11 或更新的版本。")
    yield _pango()
    for family, styles in _families(options).items():
        number = fonts.version(family)
        detail = f"版本 {number}" if number else f"没有装；{styles} 要用"
        yield Diagnosis(f"字体 {family}", number is not None, detail, _apt("fonts-noto-cjk"))
    yield from _own_files(options)
    missing = needs.missing()
    detail = f"没有 {'、'.join(missing)}；serve 要用" if missing else "齐了"
    yield Diagnosis("填表的窗口", not missing, detail, needs.install(), needed=False)
    yield _cluster()
    git = shutil.which("git")
    yield Diagnosis("git", git is not None, git or "没有", _apt("git"), needed=False)
    soffice = shutil.which(office.COMMAND)
    detail = soffice or "没有；import --witness 和测试要用它打开 Word 文件"
    yield Diagnosis("LibreOffice Writer", soffice is not None, detail, _apt(office.PACKAGE), needed=False)


def _own_files(options: argparse.Namespace) -> Iterator[Diagnosis]:
    """Where a project's own files differ from those of the same name that are shipped."""
    try:
        project = open_project(options.directory)
    except UsageError:
        return
    for name in shipped.named():
        path = shipped.own_path(name)
        if project.holds(path) and project.digest(path) != project.digest(name):
            decides = "程序用自己带的" if path in shipped.SETTINGS_SCHEMAS else "程序用这里的"
            remedy = f"不是有意改的，就换成 {shipped.root() / path}。"
            yield Diagnosis(path, False, f"和程序带的不一样；{decides}", remedy, needed=False)


def _pango() -> Diagnosis:
    try:
        import weasyprint
    except OSError:
        remedy = _apt("libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0")
        return Diagnosis("Pango（做 PDF 用）", False, "没有装", remedy)
    return Diagnosis("Pango（做 PDF 用）", True, f"可用；WeasyPrint {weasyprint.__version__}")


def _cluster() -> Diagnosis:
    """Dask, which the option `--executor` needs; most do without."""
    is_there = importlib.util.find_spec("distributed") is not None
    detail = (
        f"Dask {environment.of_package('distributed')}"
        if is_there
        else "没有装 Dask；--executor 要用，一台机器够用的不用装"
    )
    return Diagnosis("集群", is_there, detail, "怎样装：docs/cluster.md。", needed=False)


def _families(options: argparse.Namespace) -> dict[str, str]:
    """The fonts that the project's styles name, each with the files that name it."""
    try:
        project = open_project(options.directory)
    except UsageError:
        return {}
    styles_of: dict[str, list[str]] = {}
    for folder in (*(f"{TEMPLATE_FOLDER}/{name}" for name in forms.names(project)), SHARED_TEMPLATES):
        for style in project.files(folder):
            if fnmatch.fnmatchcase(style.removeprefix(f"{folder}/"), "print*.css"):
                for family in fonts.families(project.read(style).decode("utf-8", "replace")):
                    styles_of.setdefault(family, []).append(style)
    return {family: "、".join(styles) for family, styles in styles_of.items()}


def _apt(packages: str) -> str:
    return f"在 Debian 或 Ubuntu 上：sudo apt-get install --no-install-recommends {packages}"
