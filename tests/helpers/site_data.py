"""Projects that are built for tests of what is about all files: with everything but real PDFs."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from perfgen.build import batch
from perfgen.build.batch import BuildOrder, BuildOutcome
from perfgen.system.day import Day, Origin
from tests.helpers import stand_in
from tests.helpers.found import errors
from tests.helpers.projects import snapshot, with_form

DAY = "2026-11-26"
FILES = (
    "data/2024/示例市档案馆.yaml",
    "data/2025/示例市档案馆.yaml",
    "data/2025/示例市市场监督管理局.yaml",
    "data/2024/部门自评/示例市档案馆.yaml",
    "data/2024/项目目标/示例市市场监督管理局/食品安全监督抽检（≥4 批次_千人）.yaml",
    "data/2025/项目目标/示例市市场监督管理局/A&B 类特种设备安全监察.yaml",
)
"""Of three forms, with awkward names, and one with last year's file beside it."""


def samples(root: Path, *files: str) -> Path:
    """A project with some samples, or those of FILES, and the settings of the repository."""
    return with_form(root, "data/site.yaml", *(files or FILES))


def build(root: Path, *, day: str = DAY, only: tuple[str, ...] | None = None) -> BuildOutcome:
    """Builds a project on a day, with something cheap in place of each PDF."""
    with pytest.MonkeyPatch.context() as patch:
        stand_in.for_pdf(patch)
        today = Day(datetime.date.fromisoformat(day), Origin.OPTION)
        outcome = batch.build(BuildOrder(snapshot(root), only=only, jobs=1, day=today))
    assert outcome.exit_code == 0, errors(outcome.findings)
    return outcome


def public_files(root: Path) -> dict[str, bytes]:
    """Every public file by its path below the public root."""
    folder = root / "build/public"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def in_json(root: Path, path: str) -> dict[str, object]:
    """A public JSON file."""
    content = json.loads((root / "build/public" / path).read_text("utf-8"))
    assert isinstance(content, dict)
    return content
