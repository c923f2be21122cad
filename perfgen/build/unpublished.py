"""Says which data files have no public output for want of dates, and the lines to write for them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from perfgen.data import as_group
from perfgen.display import visible
from perfgen.project.layout import DataFile
from perfgen.report.site import APPROVED, DATES, FILE, PUBLISHED, Site

_NAMED = 5
"""How many files are named; of more it says how many they are."""
_EXAMPLE = {APPROVED: "01-26", PUBLISHED: "02-08"}
"""Month and day as they are written."""
_THERE = "   # 已经有了，不用再写"


def notice(files: Iterable[DataFile], site: Site) -> str:
    """One sentence about files without dates, with the lines to add to the site's settings; empty for no files."""
    ordered = sorted(files)
    if not ordered:
        return ""
    years = [(year, list(of_year)) for year, of_year in groupby(ordered, key=lambda file: file.year)]
    names = "；".join(f"{year} 年 {_named(of_year)}" for year, of_year in years)
    missing = {year: _missing(year, of_year, site) for year, of_year in years}
    lacking = [name for name in (APPROVED, PUBLISHED) if any(name in of_year for of_year in missing.values())]
    begin = f"{len(ordered)} 个没有做网页（{names}）：{FILE} 里没有{'和'.join(lacking)}。"
    return visible(begin) + "定了日期，在那里写：\n" + "\n".join(_lines(missing, site))


def _named(files: list[DataFile]) -> str:
    """Some files by name, and how many there are."""
    names = [file.name for file in files]
    shown = "、".join(names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown}等 {len(names)} 个"


def _missing(year: str, files: Iterable[DataFile], site: Site) -> list[str]:
    """The dates that at least one of a year's files lacks."""
    dates = [site.dates(year, file.name) for file in files]
    return [name for name in (APPROVED, PUBLISHED) if any(not of_file[name] for of_file in dates)]


def _lines(missing: dict[str, list[str]], site: Site) -> Iterable[str]:
    """The lines to add, with dates as they are written; they are made up, and say so, as lines that are there do."""
    there = as_group(site.settings.get(DATES))
    yield f"{DATES}:{_THERE if there else ''}"
    for year, names in missing.items():
        yield f"  {year}:{_THERE if there.get(year) else ''}"
        for name in names:
            yield f"    {name}: {year}-{_EXAMPLE[name]}   # 改成真的日期"
