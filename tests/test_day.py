"""Which day a command takes: --date, SOURCE_DATE_EPOCH, the date that HEAD's commit records, today in UTC+8."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from perfgen.findings import UsageError
from perfgen.system import day
from perfgen.system.day import Day, Origin
from tests.helpers import versions

TODAY = date(2026, 3, 5)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands at noon of a day, and no variable is set."""
    monkeypatch.delenv(day.VARIABLE, raising=False)
    at(monkeypatch, datetime(2026, 3, 5, 4, tzinfo=UTC))


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(day, "_now", lambda: moment.astimezone(day._ZONE))


def repository(root: Path, committed: str) -> Path:
    """A repository whose only commit was made at a moment."""
    root.mkdir()
    versions.git(root, "init", "-q")
    versions.git(root, "commit", "-q", "--allow-empty", "-m", "起点", date=committed)
    return root


def test_what_is_given_comes_first(tmp_path, monkeypatch):
    root = repository(tmp_path / "库", "2025-01-10T09:00:00+08:00")
    given = date(2024, 2, 29)
    assert day.find(committed_in=root) == Day(date(2025, 1, 10), Origin.COMMIT)
    assert day.find() == Day(TODAY, Origin.CLOCK)
    monkeypatch.setenv(day.VARIABLE, "1739116800")
    assert day.find(committed_in=root) == day.find() == Day(date(2025, 2, 10), Origin.VARIABLE)
    assert day.find(given, root) == day.find(given) == Day(given, Origin.OPTION)
    monkeypatch.setenv(day.VARIABLE, "乱写")
    assert day.find(given) == Day(given, Origin.OPTION), "nobody asked for the variable"
    assert str(day.find(given)) == "2024-02-29（--date 写的）"


@pytest.mark.parametrize(
    "wrong", ["乱写", "-1", "1.5", "1e9", "2025-02-10", " 5", "９", "9" * 13, "9" * 5000, "\x1b[31m"]
)
def test_a_wrong_source_date_epoch_is_said(wrong, monkeypatch):
    monkeypatch.setenv(day.VARIABLE, wrong)
    with pytest.raises(UsageError) as caught:
        day.find()
    said = str(caught.value)
    assert day.VARIABLE in said and "1739116800" in said and "--date" in said
    assert "\x1b" not in said and len(said) < 200


def test_an_empty_source_date_epoch_is_none(monkeypatch):
    monkeypatch.setenv(day.VARIABLE, "")
    assert day.find() == Day(TODAY, Origin.CLOCK)


@pytest.mark.parametrize(
    ("moment", "wanted"),
    [
        (datetime(2025, 2, 9, 15, 59, 59, tzinfo=UTC), date(2025, 2, 9)),
        (datetime(2025, 2, 9, 16, 0, 0, tzinfo=UTC), date(2025, 2, 10)),
        (datetime(2024, 12, 31, 16, 0, 0, tzinfo=UTC), date(2025, 1, 1)),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_a_day_begins_at_midnight_of_utc_8(zone, moment, wanted, monkeypatch, tmp_path):
    monkeypatch.setenv("TZ", zone)
    at(monkeypatch, moment)
    assert day.find().date == wanted
    monkeypatch.setenv(day.VARIABLE, str(int(moment.timestamp())))
    assert day.find().date == wanted


@pytest.mark.parametrize(
    ("committed", "wanted"),
    [
        ("2025-02-09T23:59:59+08:00", date(2025, 2, 9)),
        ("2025-02-10T00:00:00+08:00", date(2025, 2, 10)),
        ("2025-02-09T16:00:00+00:00", date(2025, 2, 10)),
        ("2025-02-09T20:00:00-05:00", date(2025, 2, 10)),
        ("2025-02-10T01:00:00+14:00", date(2025, 2, 9)),
    ],
)
def test_a_commit_counts_in_the_same_days(committed, wanted, tmp_path):
    assert day.find(committed_in=repository(tmp_path / "库", committed)).date == wanted


def test_without_a_commit_it_is_today(tmp_path, monkeypatch):
    (tmp_path / "空").mkdir()
    assert day.find(committed_in=tmp_path / "空") == Day(TODAY, Origin.CLOCK)
    (tmp_path / "没有提交").mkdir()
    versions.git(tmp_path / "没有提交", "init", "-q")
    assert day.find(committed_in=tmp_path / "没有提交") == Day(TODAY, Origin.CLOCK)
    monkeypatch.setenv("PATH", "/nowhere")
    assert day.find(committed_in=tmp_path) == Day(TODAY, Origin.CLOCK)


def test_no_setting_of_git_changes_what_a_commit_records(tmp_path, monkeypatch):
    root = repository(tmp_path / "库", "2025-02-09T16:00:00+00:00")
    settings = root / ".git/config"
    settings.write_text(settings.read_text("utf-8") + "[log]\n date = relative\n showSignature = true\n", "utf-8")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert day.find(committed_in=root) == Day(date(2025, 2, 10), Origin.COMMIT)


@pytest.mark.parametrize(
    "wrong", ["2025-2-10", "20250210", "2025-W07-1", "2025-02-30", "昨天", "", "２０２５-02-10", "2025-02-10 "]
)
def test_what_is_no_date_is_refused(wrong):
    with pytest.raises(argparse.ArgumentTypeError, match="例如 2025-02-10"):
        day.parse(wrong)
    assert day.parse("2025-02-10") == date(2025, 2, 10)
