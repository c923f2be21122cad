"""The short answer for people: what is to be done in full, all else in numbers, and what to do first.

The files that somebody works on come first: what is wrong in them, what is not filled in, then their open warnings.
What is not filled in, or warned of, alike in many rows is one entry; where each row wants something else written, it
says what. Of all others an error is a line. What asks for
nothing (an answered warning, a note, what is undecided) is a number, with the command that shows it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from perfgen.findings import Finding, Level
from perfgen.formats import Brief
from perfgen.formats.parts.finding_lines import INDENT, counts, finding_lines
from perfgen.project import invocation, names
from perfgen.project.layout import DataFile

LinesOf = Callable[[str], list[str]]
"""A file's lines, by its path."""
_FEW = 5
"""So many files have a line each; more are told of in one."""
_QUOTED = re.compile("“([^”]*)”")
_NUMBER = re.compile(r"[^\s，。；：、“”（）]*\d[^\s，。；：、“”]*")
_WRITES = re.compile("写[^“”]*“[^“”]*”$")
_CLAUSE = re.compile("(?:“[^”]*”|（[^（）]*）|[^，。；“（]|[“（])+")


def answer(findings: Sequence[Finding], brief: Brief, lines: LinesOf) -> Iterator[str]:
    """The lines of a short answer about findings in reading order."""
    own = [finding for finding in findings if _comes_first(finding, brief)]
    others = [finding for finding in findings if not _comes_first(finding, brief)]
    for finding in _errors(own):
        if not finding.unfilled:
            yield from finding_lines(finding, lines(finding.place.file))
    for kind in ([finding for finding in own if finding.unfilled], [finding for finding in own if finding.is_open]):
        for alike in _alike(kind):
            yield from _entry(alike, lines)
    yield from _rest(own)
    yield from _of_others(others)
    if findings:
        is_cut = bool(others) or len(_by_file(filter(_asks_for_nothing, own))) > _FEW
        show = f"；{invocation.command('check', '--all', *brief.asked)} 看全部" if is_cut else ""
        yield f"共 {counts(findings)}{show}。"
    if brief.is_repairable:
        fix = invocation.command("check", "--fix", *brief.asked)
        yield f"有几处写法（不一定是全部）可以自动改正：{fix}。"
    yield from _first([*own, *others])


def _comes_first(finding: Finding, brief: Brief) -> bool:
    """Whether it is about what somebody works on; what is about no data file concerns everybody."""
    file = finding.place.file
    return brief.changed is None or file in brief.changed or DataFile.parse(file) is None


def _asks_for_nothing(finding: Finding) -> bool:
    return finding.level is not Level.ERROR and not finding.is_open


def _errors(findings: Iterable[Finding]) -> list[Finding]:
    """The errors, what is wrong before what is not filled in."""
    return sorted((one for one in findings if one.level is Level.ERROR), key=lambda one: one.unfilled)


def _alike(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    """Findings that say the same of different rows of one file, together."""
    groups: dict[tuple[str, ...], list[Finding]] = defaultdict(list)
    for finding in findings:
        said = (_without_values(finding.message, finding.message), _without_values(finding.hint, finding.message))
        groups[finding.place.file, finding.rule, *said].append(finding)
    yield from groups.values()


def _without_values(sentence: str, message: str) -> str:
    """A sentence without what it quotes of a row, also where it is said again without quotes, and without numbers."""
    for quoted in sorted({part for part in _QUOTED.findall(message) if part}, key=len, reverse=True):
        sentence = sentence.replace(quoted, "")
    return _NUMBER.sub("", _QUOTED.sub("“”", sentence))


def _entry(alike: list[Finding], lines: LinesOf) -> Iterator[str]:
    """One entry for findings that are alike: the first in full, the lines of all, and what is to be done otherwise."""
    first = alike[0]
    rows = _rows(alike)
    others = [] if first.unfilled else list(_done_otherwise(alike))
    apart = "，要写的各不相同" if others else ""
    also = f"同样的共 {len(alike)} 处：{rows}{apart}。" if len(alike) > 1 else ""
    yield from finding_lines(first, lines(first.place.file), also)
    yield from (f"{INDENT}{line}" for line in others)


def _rows(findings: Iterable[Finding]) -> str:
    """`第 4、9 行`."""
    return f"第 {'、'.join(map(str, dict.fromkeys(finding.place.line for finding in findings)))} 行"


def _done_otherwise(alike: list[Finding]) -> Iterator[str]:
    """What is to be done in rows whose hint is not that of the first: a line for each, or one for all copied lines."""
    first = alike[0].hint
    by_doing: dict[str, list[Finding]] = defaultdict(list)
    for finding in alike:
        if finding.hint != first:
            by_doing[_difference(finding.hint, first)].append(finding)
    copied = {doing: _rows(rows) for doing, rows in by_doing.items() if doing.startswith("“")}
    for doing, rows in by_doing.items():
        if doing not in copied:
            yield f"{_rows(rows)}{_name(rows, doing)}：{doing}。"
    if copied:
        yield "，".join(f"{rows}写{doing}" for doing, rows in copied.items()) + "。"


def _name(rows: list[Finding], doing: str) -> str:
    """What the sentence calls a row first, in quotes, if the advice does not name it."""
    names = [match[1] for finding in rows if (match := re.match("“([^”]*)”", finding.message))]
    return "" if len(names) != 1 or names[0] in doing else f"“{names[0]}”"


def _difference(hint: str, first: str) -> str:
    """The one clause of a hint that another has otherwise; the hint where more differ: parts of it say less than it.

    Of a clause that tells to write a line, only that line where nothing else differs.
    """
    ours, theirs = _CLAUSE.findall(hint), _CLAUSE.findall(first)
    pairs = [(mine, other) for mine, other in zip(ours, theirs, strict=False) if mine != other]
    if len(ours) != len(theirs) or len(pairs) != 1:
        return hint.removesuffix("。")
    mine, other = pairs[0]
    return _quoted_difference(mine, other) or mine


def _quoted_difference(mine: str, other: str) -> str:
    """The one quoted part that two clauses tell to write and do not share, in quotes; empty where more differs."""
    if _QUOTED.sub("“”", mine) != _QUOTED.sub("“”", other) or not _WRITES.search(mine):
        return ""
    parts = [part for part, its in zip(_QUOTED.findall(mine), _QUOTED.findall(other), strict=True) if part != its]
    return f"“{parts[0]}”" if len(parts) == 1 else ""


def _rest(findings: list[Finding]) -> Iterator[str]:
    """What asks for nothing: a line for each file, or one for all where they are many."""
    by_file = _by_file(filter(_asks_for_nothing, findings))
    if len(by_file) > _FEW:
        total = [finding for of_file in by_file.values() for finding in of_file]
        yield f"{len(by_file)} 个文件另有 {_numbers(total)}，不用改。"
        return
    for file, of_file in by_file.items():
        yield f"{file}：另有 {_numbers(of_file)}，不用改；{invocation.command('check', '--all', file)} 看是哪些。"


def _numbers(findings: Iterable[Finding]) -> str:
    """`12 个警告已说明，3 个提示，2 个未定`: how many of what asks for nothing."""
    kinds = Counter(finding.level for finding in findings)
    words = {**{level: level.value for level in Level}, Level.WARNING: "警告已说明"}
    return "，".join(f"{kinds[level]} 个{word}" for level, word in words.items() if kinds[level])


def _by_file(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_file[finding.place.file].append(finding)
    return by_file


def _of_others(findings: list[Finding]) -> Iterator[str]:
    """The files that nobody works on: a line for each error, and how many open warnings there are in which."""
    waiting = _by_file(finding for finding in findings if finding.is_open)
    if errors := _errors(findings):
        yield "没有改过的文件里还有："
        yield from map(str, errors)
    if waiting:
        yield f"没有改过的文件里，还没有答复的警告：{_most(waiting)}。"


def _most(by_file: dict[str, list[Finding]]) -> str:
    """The files with the most findings, and how many each has."""
    names = sorted(by_file, key=lambda file: -len(by_file[file]))
    shown = "、".join(f"{file} {len(by_file[file])} 个" for file in names[:_FEW])
    rest = sum(len(by_file[file]) for file in names[_FEW:])
    return shown + (f"，另外 {len(names) - _FEW} 个文件 {rest} 个" if rest else "")


def _first(findings: list[Finding]) -> Iterator[str]:
    """What to do first: about the first error, else the first open warning."""
    first = next(iter([*_errors(findings), *(finding for finding in findings if finding.is_open)]), None)
    if first:
        file = first.place.file
        can_be_typed = DataFile.parse(file) is not None and file.isprintable() and not names.of_data(file)
        again = invocation.command("check", *([file] if can_be_typed else []))
        doing = "改正" if first.level is Level.ERROR else "改正，或写明理由"
        yield f"先看 {first.place}：{doing}，再运行 {again}。"
