"""Puts the paths of named lists in place of their names, in the objects and the formulas of a rules file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from perfgen.data import Data, ValuePath, as_group, as_list
from perfgen.fields import Field
from perfgen.form.figure_patterns import PathPatternError, all_places
from perfgen.form.figures import SECTION as FIGURES
from perfgen.form.named_lists import NamedList
from perfgen.form.nearest import guess
from perfgen.form.rules import CLAIMS, EARLIER, FIX, OBJECT, POINTS, SAY, TEST, WHEN, WHERE
from perfgen.form.rules_document import LISTS, LONGEST, RulesText
from perfgen.form.rules_source import ALL_UNITS, SECTION

_TOKEN = re.compile(
    rf"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|((?:{"|".join(EARLIER)})\s*\.\s*|\.\s*)?([^\W\d]\w*)""", re.DOTALL
)
_IN_SENTENCE = re.compile(r"\{\{((?:(?!\}\}|\{\{).)*)\}\}", re.DOTALL)
_PARTS = (TEST, WHEN)
_SENTENCES = (SAY, FIX)


def write_out_names(text: RulesText, lists: Mapping[str, NamedList], fields: Field) -> None:
    """Writes out the names of lists wherever rules and figures use them, and the names they share; and patterns in
    the objects and claims of rules."""
    names = _Names(text, lists, fields)
    if lists:
        figures = text.section(FIGURES)
        text.data |= {FIGURES: {n: names.in_all((FIGURES, n), body) for n, body in figures.items()}} if figures else {}
    for section in (SECTION, ALL_UNITS):
        rules = text.section(section)
        text.data |= {section: {n: names.in_rule((section, n), body) for n, body in rules.items()}} if rules else {}
    names.hold_use()


class _Names:
    def __init__(self, text: RulesText, lists: Mapping[str, NamedList], fields: Field) -> None:
        self.text = text
        self.lists = lists
        self.paths = {name: one.paths for name, one in lists.items()}
        self.fields = fields
        self.shared = {name: one for one in lists.values() for name in one.where}
        self.used: set[str] = set()
        self._given: dict[frozenset[str], dict[str, NamedList]] = {}
        self._written: dict[str, str] = {}

    def in_rule(self, here: ValuePath, body: Data) -> Data:
        """A rule with all names written out."""
        if not isinstance(body, dict):
            return body
        written = dict(body)
        for key in (OBJECT, CLAIMS):
            if key in body:
                written[key] = self.places((*here, key), body[key])
        if not self.lists:
            return written
        shared = self.of_rule(here, written)
        own = written.get(WHERE) or {}
        if isinstance(own, dict) and (shared or own):
            written[WHERE] = {**shared, **{n: self.in_all((*here, WHERE, n), part) for n, part in own.items()}}
        for key in (*_PARTS, *_SENTENCES):
            if isinstance(part := written.get(key), str):
                change = self.in_formula if key in _PARTS else self.in_sentence
                written[key] = change((*here, key), part)
        return written

    def places(self, here: ValuePath, typed: Data) -> Data:
        """The paths that an object or a list of claims stands for; what is no text stays, and is said elsewhere."""
        listed = typed if isinstance(typed, list) else [typed]
        found: list[str] = []
        for one in listed:
            if not isinstance(one, str):
                return typed
            try:
                found += (path for path, _ in all_places(one, self.fields, self.paths))
                self.hold_object(here, one)
            except PathPatternError as error:
                self.text.wrong(here, str(error), error.hint)
        changed: list[Data] = list(dict.fromkeys(found))
        if changed == listed:
            return typed
        self.text.count(here, changed)
        return changed

    def hold_object(self, here: ValuePath, typed: str) -> None:
        """Says that an object is none, where it is almost the name of a list."""
        head = typed.partition(".")[0]
        is_unknown = here[-1] == OBJECT and head not in self.lists and self.fields.member(head) is None
        if is_unknown and (near := guess(head, self.lists)):
            self.text.wrong(here, f"“{OBJECT}”是“{typed}”，其中的“{head}”不是一个列表。", near)

    def of_rule(self, here: ValuePath, body: dict[str, Data]) -> dict[str, Data]:
        """The shared names that a rule uses, those that they need among them."""
        own = as_group(body.get(WHERE))
        given = self.given(frozenset(path for path in _listed(body.get(OBJECT)) if path))
        for name in own:
            if name in self.lists:
                self.text.wrong((*here, WHERE, name), f"“{name}”是一个列表的名称。", "换一个名称。")
            elif name in given:
                message = f"“{name}”在列表“{given[name].name}”的“{WHERE}”里已经有了。"
                self.text.wrong((*here, WHERE, name), message, "换一个名称，或者就用那一个。")
        wanted: dict[str, None] = {}
        left = list(self.bare_names(body))
        while left:
            if (name := left.pop()) not in wanted and name in self.shared and name not in own:
                wanted[name] = None
                left += _bare(self.shared[name].where[name]) if name in given else []
        self.used.update(wanted, own)
        self.hold_objects(here, [name for name in wanted if name not in given])
        used = sorted(wanted.keys() & given, key=list(given).index) if wanted else []
        for name in used:
            self.text.origins[(*here, WHERE, name)] = self.text.origin((LISTS, given[name].name, WHERE, name))
        shared: dict[str, Data] = {name: self.formula_of(given[name], name) for name in used}
        self.text.count(here, shared)
        return shared

    def given(self, paths: frozenset[str]) -> dict[str, NamedList]:
        """The shared names that rules over rows at some paths may use, in the order in which they were typed."""
        if paths not in self._given:
            covering = [one for one in self.lists.values() if paths and paths <= {*one.paths}]
            self._given[paths] = {name: one for one in covering for name in one.where}
        return self._given[paths]

    def formula_of(self, one: NamedList, name: str) -> str:
        """The formula that a shared name stands for."""
        if name not in self._written:
            self._written[name] = self.in_formula((LISTS, one.name, WHERE, name), one.where[name])
        return self._written[name]

    def hold_objects(self, here: ValuePath, missed: list[str]) -> None:
        """Says which shared names a rule uses that it does not have."""
        for name in missed:
            message = f"规则 {here[-1]} 不能用“{name}”：它是列表“{self.shared[name].name}”的，只有看这些行的规则能用。"
            self.text.wrong(here, message, f"“{OBJECT}”写 {self.shared[name].name}，或在自己的“{WHERE}”里写一个。")

    def bare_names(self, body: dict[str, Data]) -> Iterator[str]:
        """The names that the formulas of a rule use, and the one it points at."""
        formulas = [part for key in _PARTS if isinstance(part := body.get(key), str)]
        formulas += [part for part in as_group(body.get(WHERE)).values() if isinstance(part, str)]
        for key in _SENTENCES:
            sentence = body.get(key)
            formulas += _IN_SENTENCE.findall(sentence) if isinstance(sentence, str) else []
        for formula in formulas:
            yield from _bare(formula)
        if isinstance(points := body.get(POINTS), str):
            yield points.partition(".")[0]

    def in_all(self, here: ValuePath, body: Data) -> Data:
        """Some formulas, one or by name, with names written out."""
        if isinstance(body, dict):
            return {name: self.in_all((*here, name), part) for name, part in body.items()}
        return self.in_formula(here, body) if isinstance(body, str) else body

    def in_sentence(self, here: ValuePath, text: str) -> str:
        return _IN_SENTENCE.sub(lambda found: "{{" + self.in_formula(here, found[1]) + "}}", text)

    def in_formula(self, here: ValuePath, text: str) -> str:
        # one that is longer is refused when it is compiled
        return text if len(text) > LONGEST else _TOKEN.sub(self.path_in(here), text)

    def path_in(self, here: ValuePath) -> Callable[[re.Match[str]], str]:
        def path(found: re.Match[str]) -> str:
            name, before = found[2], found[1] or ""
            if name not in self.lists or before.startswith("."):
                return found[0]
            paths = self.lists[name].paths
            if len(paths) > 1:
                others = [one for one, other in self.lists.items() if len(other.paths) == 1 and other.paths[0] in paths]
                hint = f"用其中一个：{'、'.join(others)}。" if others else "用其中一个的路径。"
                self.text.wrong(here, f"“{name}”是 {len(paths)} 个列表，公式里不知道看哪一个。", hint)
            return before + paths[0] if paths else found[0]

        return path

    def hold_use(self) -> None:
        """Says which shared names of the file itself no rule uses: nothing would hold them to the form."""
        for name, one in self.shared.items():
            path = (LISTS, one.name, WHERE, name)
            if name not in self.used and self.text.is_own(path):
                self.text.wrong(path, f"没有规则用“{name}”。", "去掉它，或改正用它的地方。")


def _bare(formula: str) -> Iterator[str]:
    """The names in a formula that stand behind no point."""
    return (found[2] for found in _TOKEN.finditer(formula) if found[2] and not found[1])


def _listed(typed: Data) -> list[str]:
    return [one for one in (as_list(typed) if isinstance(typed, list) else [typed]) if isinstance(one, str)]
