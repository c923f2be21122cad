"""Writes a comparison as a comment on a forge: the headline, a table of what matters most, the rest folded.

GitHub takes 65,536 characters; what does not fit in 60,000 is counted and pointed to. The data
is hostile: nothing in it may become a link, a mention, a tag or a row of its own.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence

from perfgen.comparison.classify import Class
from perfgen.display import visible
from perfgen.findings import Finding
from perfgen.project import invocation
from perfgen.review.change import Change
from perfgen.review.compare import Comparison
from perfgen.review.formats.text import agreed, answer_to
from perfgen.review.headline import headline, with_errors
from perfgen.review.rules import NO_REASON, OLD_REASON
from perfgen.review.settings import lines as settings_lines
from perfgen.review.settings.change import SettingChange
from perfgen.review.settings.review import SettingsReview
from perfgen.review.unit_comparison import UnitComparison

MARKER = "<!-- perfgen diff -->"
"""A forge's job finds the comment that it keeps up to date by this line."""
LIMIT = 60_000
_ROWS = 60
_LINE = 1500
"""So many characters of a sentence of the headline are shown."""
_BREAK = "\u200b"
_LINKS = re.compile(
    r"""
      @                                 # a person, or a commit of another repository
    | :(?=//)                           # an address
    | (?<!\w)www(?=\.)
    | [#!~$%&^*\[](?=[\w"*\[?.&-])       # an issue, a request, a label, a milestone, an epic: #1 !1 ~a %"a" &1
    | (?<![A-Za-z0-9_])[A-Za-z][A-Za-z0-9_]+-(?=\d)  # an issue of a tracker: GH-1
    | :(?=[A-Za-z0-9_+-]+:)             # a picture by its name
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Where a forge begins to read a reference ("GitLab Flavored Markdown", "Autolinked references and URLs" of GitHub)."""
_COMMITS = re.compile(r"(?<![A-Za-z0-9_])[0-9A-Fa-f]{7,64}(?![A-Za-z0-9_])")
"""What may be the name of a commit; seven characters are enough, digits alone too."""
_IMPORTANT = (Class.WEAKER, Class.DROPPED, Class.REDEFINED, Class.SHIFTED, Class.LESS_MONEY, Class.MORE_MONEY)
_POINTER = "\n还有 {} 处没有列在这里，放不下了。全部内容在附件的 diff.html 里，也可以运行 `{}` 看。\n"


def render(comparison: Comparison) -> str:
    """The comparison as Markdown, never longer than the limit."""
    return _within_limit(comparison).rstrip("\n")


def _within_limit(comparison: Comparison) -> str:
    text = _head(comparison)
    text += _errors(comparison.units, (LIMIT - len(text)) // 4)
    in_table = [change for change in comparison.changes if _matters(change)][:_ROWS]
    room = LIMIT - len(_POINTER) - 200
    text += _settings(comparison.settings, room // 4)
    rows = _fitting((_row(change) for change in in_table), room - 2000 - len(text))
    if rows:
        text += "\n| | 单位 | 哪里 | 原来 | 现在 | 说明 |\n|---|---|---|---|---|---|\n" + "".join(rows)
    text += _remarks(comparison.units, room - len(text))
    shown = {id(change) for change in in_table[: len(rows)]}
    left = 0
    for unit in comparison.units:
        fold, cut = _fold(unit, comparison.last_change(unit), room - len(text))
        text += fold
        left += sum(id(change) not in shown for change in cut)
    return text + (_POINTER.format(left, _command(comparison)) if left else "")


def _command(comparison: Comparison) -> str:
    """The command that says everything."""
    years = comparison.range.years
    return invocation.command("diff", f"--years={'..'.join(years)}") if years else invocation.command("diff")


def _fitting(lines: Iterable[str], room: int) -> list[str]:
    """The first lines that have room for all of their characters together."""
    fitting: list[str] = []
    for line in lines:
        room -= len(line)
        if room < 0:
            break
        fitting.append(line)
    return fitting


def _head(comparison: Comparison) -> str:
    first, *rest = headline(comparison)
    ends = comparison.range
    lines = [MARKER, f"### {escaped(_cut(first))}", "", *(f"- {escaped(_cut(line))}" for line in rest)]
    lines += ["", f"{_how_many(comparison.units)}有变化；{_code(ends.base_name)} → {_code(ends.head_name)}。"]
    return "\n".join(lines) + "\n"


def _how_many(units: Sequence[UnitComparison]) -> str:
    """How many units have changes, in words, and how many files where that is not the same."""
    files = f" {len(units)} 个" if any(unit.pair.subject for unit in units) else ""
    count = len({unit.unit or unit.file for unit in units}) if files else len(units)
    return f"{count} 个单位的{files}文件"


def _cut(line: str) -> str:
    """A sentence that leaves room for others, whatever the files in it are called."""
    line = visible(line)
    return line if len(line) <= _LINE else f"{line[:_LINE]}……"


def _row(change: Change) -> str:
    remark = escaped(change.outcome)
    if change.reason:
        remark += f"；理由：{escaped(change.reason)}"
    if change.refusal:
        remark += f"；{escaped(change.refusal)}"
    if change.approval:
        remark += f"；{escaped(agreed(change))}"
    elif change.is_open:
        remark += f"；**{_unanswered(change)}**"
    mark = "⚠ " if change.is_open else ""
    before, after = (_code(text).replace("|", "\\|") if text else "—" for text in _before_after(change))
    unit = f"{escaped(change.whose)} {escaped(change.year)}"
    return f"| {mark}{change.meaning.value} | {unit} | {escaped(change.label)} | {before} | {after} | {remark} |\n"


def _before_after(change: Change) -> tuple[str, str]:
    """The old and the new value; both empty for long prose, where the remark says what changed."""
    return ("", "") if "〔" in change.outcome else (change.before, change.after)


def _matters(change: Change) -> bool:
    """Whether a reviewer should see a change without unfolding anything."""
    is_telling = change.is_whole_file or change.is_unclear or change.hides_numbers
    return change.is_open or is_telling or change.meaning in _IMPORTANT


def _unanswered(change: Change) -> str:
    without = OLD_REASON if change.old_reason_line else NO_REASON
    return "请在下面说明" if change.is_whole_file else without


def _errors(units: Iterable[UnitComparison], room: int) -> str:
    """The errors that are new, which come before everything, as far as there is room; their number is in the head."""
    lines = _fitting((_finding(finding) for unit in units for finding in unit.check_delta.errors), room)
    return "\n" + "".join(lines) if lines else ""


def _settings(settings: SettingsReview, room: int) -> str:
    """What changed beside the data of units, in so many characters; what finds no room is counted."""
    if not settings.changes:
        return ""
    lines = [_setting(change) for change in settings.changes]
    lines += [
        f"  - {word} {finding.level.value}：{escaped(finding.message)}（{_code(str(finding.place))}）\n"
        for word, finding in settings_lines.examples(settings)
    ]
    shown = _fitting(lines, room)
    rest = f"\n还有 {len(lines) - len(shown)} 处没有列在这里，放不下了。\n" if len(shown) < len(lines) else ""
    return f"\n#### {settings_lines.TITLE}\n\n{''.join(shown)}{rest}"


def _setting(change: SettingChange) -> str:
    mark = "⚠ " if change.kind.wants_a_look else ""
    told = escaped(_cut(settings_lines.in_words(change)))
    return f"- {mark}**{change.kind.value}** {told}（{_code(settings_lines.where(change))}）\n"


def _remarks(units: Iterable[UnitComparison], room: int) -> str:
    """The findings that belong to no single change, in a quarter of the room."""
    lines = _fitting((_finding(finding) for unit in units for finding in unit.remarks), room // 4)
    return "\n" + "".join(lines) if lines else ""


def _finding(finding: Finding) -> str:
    return (
        f"- {finding.level.value}：{escaped(finding.message)}{escaped(finding.hint)}（{_code(str(finding.place))}）\n"
    )


def _fold(unit: UnitComparison, last_change: str, room: int) -> tuple[str, list[Change]]:
    """A unit's part, folded, of at most `room` characters; and the changes that found no room."""
    years = f" {unit.years}" if unit.years else ""
    told = f"{unit.name}{years}：{with_errors(unit)}"
    summary = html.escape(_unlinked(visible(told.replace("\n", " "))))
    begin = f"\n<details><summary>{summary}</summary>\n\n"
    end = "\n</details>\n"
    text = begin
    changes = unit.by_weight
    for line in _about(unit, last_change):
        if len(text) + len(line) + len(end) <= room:
            text += line
    for number, change in enumerate(changes):
        item = _item(change)
        if len(text) + len(item) + len(end) > room:
            return (text + end if number else ""), changes[number:]
        text += item
    return (text + end if len(text) + len(end) <= room else ""), []


def _about(unit: UnitComparison, last_change: str) -> Iterator[str]:
    yield f"- 文件 {_code(unit.file)}\n"
    yield from (f"- {escaped(line)}。\n" for line in (unit.before, last_change) if line)
    for finding in unit.broken:
        yield f"- 读不出来，没有比较：{escaped(finding.message)}（{_code(str(finding.place))}）\n"
    for total in unit.moved_totals:
        yield f"- {escaped(total.sentence)}。\n"
    for line in unit.check_to_tell.lines():
        yield f"- {escaped(line)}\n"
    for word, finding in unit.check_to_tell.by_word():
        message = escaped(finding.message + answer_to(finding))
        yield f"  - {word} {finding.level.value}：{message}（{_code(str(finding.place))}）\n"


def _item(change: Change) -> str:
    more = f" 理由：{escaped(change.reason)}。" if change.reason else ""
    more += f" {escaped(agreed(change))}。" if change.approval else ""
    more += f" {escaped(change.refusal)}。" if change.refusal else ""
    more += f" **{change.level.value}：{escaped(change.remedy)}**" if change.is_open else ""
    places = [(word, place) for word, place in (("", change.new_place), ("原来", change.old_place)) if place]
    lines = "，".join(f"{word}第 {place.line} 行" for word, place in places)
    line = f"- **{change.meaning.value}** {escaped(change.label)}：{escaped(change.sentence)}。{more}\n"
    return f"{line}  <sub>{lines}，指纹 {_code(change.fingerprint)}</sub>\n"


def escaped(text: str) -> str:
    """A text that Markdown shows as it is, on one line."""
    text = html.escape(_unlinked(visible(text.replace("\n", " "))), quote=False)
    return re.sub(r"([\\`*_{}\[\]#+!|~$])", r"\\\1", text)


def _unlinked(text: str) -> str:
    """A text in which no forge finds a link, a mention or a reference, in Markdown and outside: it is broken there.

    A backslash is no help: forges look for references in what Markdown has made of a text.
    """
    text = _LINKS.sub(lambda match: f"{match[0]}{_BREAK}", text)
    return _COMMITS.sub(lambda match: _BREAK.join(re.findall(".{1,6}", match[0])), text)


def _code(text: str) -> str:
    """A text as code, with fences longer than any in it."""
    text = visible(text.replace("\n", " "))
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"
