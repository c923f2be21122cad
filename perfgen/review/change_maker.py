"""Makes the changes of one unit: each difference with its meaning, its words, its places and its fingerprint."""

from __future__ import annotations

from collections import Counter

from perfgen.check.approvals import ChangeOf, digested, fingerprint
from perfgen.comparison.classify import Class, concerns_promise
from perfgen.comparison.difference import Difference, DifferenceKind, PathStep
from perfgen.comparison.labels import identity_path, place_label
from perfgen.comparison.match import differences
from perfgen.comparison.sentences import without_before_after
from perfgen.comparison.told import tell
from perfgen.data import Data, ValuePath
from perfgen.display import show
from perfgen.findings import Level, Place
from perfgen.form.forms import Form
from perfgen.review import rules
from perfgen.review.change import Change
from perfgen.review.file_version import FileVersion, VersionPair
from perfgen.review.rules import ChangeRule
from perfgen.review.totals import totals


class ChangeMaker:
    """Makes the changes of one unit; changes that are equal in everything still get different fingerprints."""

    def __init__(self, pair: VersionPair, form: Form) -> None:
        self.pair, self.form = pair, form
        self.seen: Counter[str] = Counter()
        """How often the same change was made."""

    def of(self, difference: Difference) -> Change:
        """A difference with its meaning in this unit."""
        told = tell(difference, self.form, *self._data(), self._years())
        return self._change(
            told.difference,
            meaning=told.meaning,
            sentence=told.sentence,
            before=told.before,
            after=told.after,
            outcome=without_before_after(told.difference, told.sentence),
        )

    def _data(self) -> tuple[Data, Data]:
        """The data of both versions."""
        old, new = (version.data if version else None for version in (self.pair.old, self.pair.new))
        return old, new

    def _years(self) -> tuple[int, int] | None:
        return (int(self.pair.old_year), int(self.pair.new_year)) if self.pair.old_year else None

    def whole_file(self, version: FileVersion) -> Change:
        """A file that came or went as one change; its rows are not told one by one."""
        came = version is self.pair.new
        difference = Difference(
            kind=DifferenceKind.ADDED if came else DifferenceKind.REMOVED,
            field=self.form.fields,
            steps=(PathStep("", self.form.title),),
            old_path=None if came else (),
            new_path=() if came else None,
            old=None if came else version.data,
            new=version.data if came else None,
        )
        statement = f"{self._what_happened(came=came)} {version.file}，{_content(version, self.form)}"
        if self.pair.last_year:
            statement += f"；这是新年度的文件，里面的要求没有和上一年的 {self.pair.last_year} 比较"
        return self._change(
            difference,
            meaning=Class.ADDED if came else Class.DROPPED,
            sentence=statement,
            outcome=statement,
            rule=None if came else rules.NOT_HANDED_IN if self.pair.old_year else rules.FILE_GONE,
        )

    def _what_happened(self, *, came: bool) -> str:
        if self.pair.old_year:
            into = f"（并入了 {self.pair.merged_into}，里面的要求没有比较）" if self.pair.merged_into else ""
            gone = f"没有 {self.pair.new_year} 年的文件{into}，只有"
            whose = "这一项" if self.pair.subject else "这个单位"
            return f"{self.pair.old_year} 年没有{whose}的文件，新增" if came else gone
        return f"{'新增' if came else '删除'}整个文件"

    def _change(
        self,
        difference: Difference,
        *,
        meaning: Class,
        sentence: str,
        outcome: str,
        before: str = "",
        after: str = "",
        rule: ChangeRule | None = None,
    ) -> Change:
        """A change with its words, its place on both sides and its fingerprint."""
        return Change(
            unit=self.pair.unit,
            subject=self.pair.subject,
            year=self.pair.year,
            difference=difference,
            meaning=meaning,
            is_promise=concerns_promise(difference),
            path=identity_path(difference.steps),
            label=place_label(difference),
            sentence=sentence,
            before=before,
            after=after,
            outcome=outcome,
            old_place=_place(self.pair.old, difference.old_path),
            new_place=_place(self.pair.new, difference.new_path),
            fingerprint=self._fingerprint(difference),
            level=rule.level if rule else Level.NOTE,
            rule=rule.id if rule else "",
            remedy=rule.remedy if rule else "",
            old_year=self.pair.old_year,
        )

    def _fingerprint(self, difference: Difference) -> str:
        """A digest of what was changed and nothing else: no commit, no line, no file name."""
        steps = tuple((step.name, step.is_row) for step in difference.steps)
        pair = self.pair
        about = ChangeOf(self.form.name, pair.first_name, pair.span, difference.kind.value, steps, pair.first_subject)
        text = digested(about, difference.old, difference.new)
        self.seen[text] += 1
        again = f"#{self.seen[text]}" if self.seen[text] > 1 else ""
        return fingerprint(text + again)


def _place(version: FileVersion | None, path: ValuePath | None) -> Place | None:
    return version.document.place(path) if version and version.document and path is not None else None


def _content(version: FileVersion, form: Form) -> str:
    """How many target values a whole file holds, and its large amounts."""
    count = sum(concerns_promise(difference) for difference in differences({}, version.data, form.fields))
    amounts = totals(form, None, version.filing if version.is_sound else None)
    money = "，".join(f"{total.label} {show(total.new, f' {total.unit}')}" for total in amounts)
    return f"其中有 {count} 项可衡量的要求" + (f"；{money}" if money else "")
