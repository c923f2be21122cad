"""What a person meant where YAML reads something else, as a change to the text: one for each rule that may have one.

A fix takes a text and the position of a finding, and gives the text with this one place put right, or None where
more than one thing may be meant. It changes the line of the finding, or the block below it, and never proves itself:
whoever calls it reads the result and keeps it only if the finding is gone.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from perfgen.source import brackets, characters, indents, line_mistakes, mistakes
from perfgen.source.positions import line_around, value_end

_SIGNS = {">=": "≥", "<=": "≤", "=>": "≥", "=<": "≤"}
_WIDE_MARKS = str.maketrans({"，": ", ", "｛": "{", "｝": "}", "［": "[", "］": "]", "＃": "# "})
_NEXT_IN_ROW = re.compile(r"\s*，\s*([^\s，。；：:]{1,12})\s*[：:]\s*")
_BLANKS = re.compile(rf"(?:[ \t]|{characters.WIDE_BLANK.pattern})*")
_REST_OF_TEXT = re.compile(r"(?:,[^,:{}\[\]\"'#\r\n]+(?=[,}]))+")
"""What stands behind a text in brackets up to the next member: commas and words."""
_GROUPED = re.compile(r"[≥≤><=＞＜＝≧≦]{0,2} ?\d{1,3}(,\d{3})+(\.\d+)? ?(?![余多几])[^\d\s,，。；、]{0,8}")
"""One number in groups of thousands, with a sign and a unit at most."""


def _space(text: str, at: int) -> str | None:
    """Makes ASCII blanks of those that only look like them: in the indentation, or behind a dash or colon."""
    begin, _ = line_around(text, at)
    if not _BLANKS.fullmatch(text, begin, at):
        run = _BLANKS.match(text, at)
        rest = text[run.end() if run else at :]
        return text[:at].rstrip(" ") + ("" if re.match(r"[:,}\]\r\n]|\Z", rest) else " ") + rest
    return _indent(text, at)


def _indent(text: str, at: int) -> str | None:
    begin, end = line_around(text, at)
    blanks = _BLANKS.match(text, begin, end)
    assert blanks is not None  # it matches nothing too
    body = text[blanks.end() : end]
    if "\t" in blanks[0]:
        level = indents.of_tabbed(text.split("\n"), text.count("\n", 0, begin))
        return None if level is None else f"{text[:begin]}{' ' * level}{body}{text[end:]}"
    above: list[tuple[str, str]] = re.findall(r"^( *)(- )?.*\S", text[:begin], re.MULTILINE)
    if body.startswith("- ") and above and above[-1][1]:
        indent = above[-1][0]  # an item stands under the one before, however wide the blanks are
    else:
        indent = characters.WIDE_BLANK.sub(" ", blanks[0].replace("\u3000", "  "))
        column = indents.beside(text.split("\n"), text.count("\n", 0, begin))
        if column is not None and column < len(indent):  # a wide blank was typed for one, not for two
            indent = " " * column
    return text[:begin] + indent + body + text[end:]


def _level(text: str, at: int) -> str | None:
    """Puts a line with the wrong indentation, and what is below it, where the lines around it stand."""
    lines = text.split("\n")
    changed = indents.put_right(lines, text.count("\n", 0, at))
    return "\n".join(changed) if changed else None


def _dash(text: str, at: int) -> str:
    rest = re.compile(rf"-*[{characters.TYPED_BLANKS}]*").sub("", text[at + 1 :], count=1)
    return f"{text[:at]}- {rest}"


def _comment(text: str, at: int) -> str | None:
    """Quotes the value in brackets that a `#` cuts off: as a comment, it would leave the bracket open."""
    begin, _ = line_around(text, at)
    marks = list(re.compile(r"[{\[:,]\s+|[{\[]").finditer(text, begin, at))
    if not re.search(r"[{\[]", text[begin:at]) or not marks or text[marks[-1].end()] in "\"'":
        return None
    begin = marks[-1].end()
    if text[begin] == "#" and not (marks[-1][0].startswith((":", "[")) and _ends_in_line(text, begin)):
        return None  # a comment behind a comma or brace: the row goes on in the next line
    if re.search("[,，、；;][^,，、；;:：]{1,12}[:：]", text[begin : value_end(text, begin)]):
        return None  # the next member of the row may be in it
    return _quote(text, begin)


def _ends_in_line(text: str, at: int) -> bool:
    """Whether the brackets that are open at a position are closed in its line."""
    begin, end = line_around(text, at)
    return all(text[begin:end].count(left) <= text[begin:end].count(right) for left, right in ("{}", "[]"))


def _unseen(text: str, at: int) -> str | None:
    """Takes out a character that cannot be seen; not one that may have ended a line with the next name or item."""
    if not characters.INVISIBLE.match(text[at : at + 1]):
        return None
    if text[at] in "\x85\u2028\u2029" and re.match(r"\s*(?:-\s|#|[^\s:：]+[:：](?:\s|$))", text[at + 1 :]):
        return None
    return text[:at] + text[at + 1 :]


def _colon(text: str, at: int) -> str | None:
    """Puts an English colon where another one stands, or none does before a bracket or the lines of a group."""
    if not text[at : at + 1] or text[at] not in f":{mistakes.WIDE_COLONS}":
        if re.compile(r" *[{\[]").match(text, at):
            return f"{text[:at]}: {text[at:].lstrip(' ')}"
        is_name = re.compile(r" +[^\s,:{}\[\]]+ *[,}]").match(text, at)
        is_name = is_name or (re.compile(r" *(?:#|\r?\n)").match(text, at) if _is_group(text, at) else None)
        return f"{text[:at]}:{text[at:]}" if is_name else None
    return text[:at] + _with_space(":", text[at + 1 :]) + _rest_of_row(text, at)


def _is_group(text: str, at: int) -> bool:
    """Whether the next line with something on it stands deeper than the one around a position, or begins an item."""
    begin, end = line_around(text, at)
    indent = len(text[begin:end]) - len(text[begin:end].lstrip(" -"))
    below = re.compile(r"(?:\s*\n(?: *#[^\n]*(?=\n))?)*(?P<indent> *)(?P<item>- )?").match(text, end)
    deeper = len(below["indent"]) - indent if below else 0
    return below is not None and (deeper > 0 or (deeper == 0 and bool(below["item"])))


def _with_space(mark: str, rest: str) -> str:
    return mark if rest[:1] in (" ", "\r", "\n", "") else mark + " "


def _rest_of_row(text: str, at: int) -> str:
    """What stands behind a wide colon.

    In a row in brackets the marks up to the next part are wide too, and become narrow with it: one by one, they would
    seem to belong to the value.
    """
    rest = text[at + 1 :]
    begin, end = line_around(text, at)
    if text[at] != "：" or text.count("{", begin, at) <= text.count("}", begin, at):
        return rest
    part = re.match(r"[^,{}\[\]\"'\r\n]*", text[at + 1 : end])
    assert part is not None

    def narrow(one: re.Match[str]) -> str:
        return f", {one[1]}: " if _is_member(text, at, one[1]) else one[0]

    narrowed = _NEXT_IN_ROW.sub(narrow, part[0], count=mistakes.MOST_MEMBERS)
    return narrowed + rest[part.end() :]


def _is_member(text: str, at: int, name: str) -> bool:
    """Whether a name in the row around a position begins a member of it, as far as the other rows tell."""
    begin, end = line_around(text, at)
    return line_mistakes.may_be_member(name, text[begin:end], [*text[:begin].split("\n"), *text[end:].split("\n")])


def _wide(text: str, at: int) -> str | None:
    """Makes a mark narrow, a bracket together with the one that closes it; no comma that belongs to a text."""
    if (part := mistakes.NEXT_MEMBER.match(text, at)) and not _is_member(text, at, part[1]):
        return None
    mark = text[at].translate(_WIDE_MARKS)
    rest = text[at + 1 :]
    if closing := {"{": "｝", "[": "］"}.get(mark):
        line, below = text[at + 1 : line_around(text, at)[1]], text[line_around(text, at)[1] :]
        if line.count(closing) == 1 and closing.translate(_WIDE_MARKS) not in line:
            rest = line.replace(closing, closing.translate(_WIDE_MARKS)) + below
    return text[:at] + (mark.rstrip() if rest[:1] in (" ", "\r", "\n") else mark) + rest


def _sign(text: str, at: int) -> str:
    """`>=80%` and `> =80%` become `≥80%`, which needs no quotes; anything else is quoted as it stands."""
    signs = re.compile("[<>=] *[<>=]").match(text, at)
    if signs and (sign := _SIGNS.get(signs[0].replace(" ", ""))):
        return text[:at] + sign + text[signs.end() :].lstrip(" ")
    return _quote(text, at)


def _quote(text: str, at: int) -> str:
    end = value_end(text, at)
    value = text[at:end].replace("\\", "\\\\").replace('"', '\\"')
    return f'{text[:at]}"{value}"{text[end:]}'


def _nested(text: str, at: int) -> str | None:
    """Quotes the value whose second colon stands at a position; does nothing where two members may be meant."""
    begin, _ = line_around(text, at)
    part = max(text.rfind(mark, begin, at) for mark in "{,") + 1 if "{" in text[begin:at] else begin
    first = re.compile(r":\s+").search(text, part, at)
    if not first or first.end() >= at:
        return None
    if len(brackets.names_in(text[first.end() : value_end(text, first.end())])) > 1:
        return None  # a group without its brackets
    pieces = re.split("[，、；;﹐﹑﹔､︐︑]", text[first.end() : at])
    if len(pieces) > 1 and _is_member(text, at, pieces[-1].strip()):
        return None
    return _quote(text, first.end())


def _thousands(text: str, at: int) -> str | None:
    """Takes the separators out of a number, with its sign and unit; a text that has one is quoted as it stands."""
    colon = text.rfind(": ", line_around(text, at)[0], at)
    if colon < 0:
        return None
    begin = colon + 2
    value = text[begin : value_end(text, begin)]
    if _GROUPED.fullmatch(value):
        return text[:begin] + value.replace(",", "") + text[begin + len(value) :]
    return _quote(text, begin)


def _close(text: str, at: int) -> str | None:
    """Closes a quote at the end of its value; nothing where the line holds another that it could belong to.

    A curly quote at the end of the value was meant as the other one; in brackets, only the last value of a row ends
    for certain.
    """
    quote = text[at : at + 1]
    begin, line_end = line_around(text, at)
    if re.search(r"[^\s:,{\[-]\s*$", text[begin:at]):
        return _opened(text, at)
    if quote not in ('"', "'") or quote in text[at + 1 : line_end]:
        return None
    end = value_end(text, at)
    if "{" in text[begin:at] or "[" in text[begin:at]:
        last = re.compile(r"([^{}\[\]#:]*?)\s*[}\]]\s*(?:#.*)?").fullmatch(text, at + 1, line_end)
        if not last:
            return None
        end = last.end(1)
    value = text[at + 1 : end]
    if value.endswith("”") and "“" not in value:
        return text[: end - 1] + quote + text[end:]
    return text[:end] + quote + text[end:]


def _opened(text: str, at: int) -> str | None:
    """Makes a quote of the curly one that begins the value which a quote at a position ends."""
    begin = text.rfind("“", line_around(text, at)[0], at)
    is_first = begin >= 0 and re.search(r"(?:^|[:,{\[-])\s*$", text[line_around(text, at)[0] : begin])
    if not is_first or "”" in text[begin:at] or re.search("[{}\\[\\],]", text[begin:at]):
        return None
    return f'{text[:begin]}"{text[begin + 1 :]}'


def _close_bracket(text: str, at: int) -> str | None:
    """Takes out a bracket too many, puts in a left one, or closes a row of a list where the next one follows."""
    begin, end = line_around(text, at)
    if text[at : at + 1] in ("}", "]"):
        return text[:at] + text[at + 1 :]
    if text[at : at + 1] not in ("{", "["):
        return brackets.opened(text, at, end)
    return brackets.closed_row(text, begin, end)


def _comma(text: str, at: int) -> str | None:
    """Takes out the second of two commas with nothing between them; quotes a text that has one inside."""
    before = text[line_around(text, at)[0] : at].rstrip(" ")
    if text[at : at + 1] != ",":
        return None
    if before.endswith(","):
        return text[:at].rstrip(" ") + text[at + 1 :]
    begin = text.rfind(": ", 0, at) + 2
    rest = _REST_OF_TEXT.match(text, at)
    if not rest or any(re.search(rf"[{{,\s]{re.escape(part.strip())}\s*:", text) for part in rest[0].split(",")[1:]):
        return None
    return f'{text[:begin]}"{text[begin : rest.end()]}"{text[rest.end() :]}'


FIXES: dict[str, Callable[[str, int], str | None]] = {
    "yaml-tab": _indent,
    "yaml-space": _space,
    "yaml-colon": _colon,
    "yaml-wide": _wide,
    "yaml-quote": _sign,
    "yaml-nested": _nested,
    "yaml-quotes": _close,
    "yaml-bracket": _close_bracket,
    "yaml-comma": _comma,
    "yaml-thousands": _thousands,
    "yaml-dash": _dash,
    "yaml-indent": _level,
    "text-joined": _level,
    "yaml-comment": _comment,
    "yaml-character": _unseen,
}
"""By rule, the fix; each gives None where more than one thing may be meant."""
