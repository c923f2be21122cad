"""What there should be of each unit's year, from all its files, and which of it is stale, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from perfgen import render
from perfgen.build.fingerprint import Inputs
from perfgen.build.manifest import UNITS, unit_key
from perfgen.build.plan import Planner, UnitPlan, Wanted
from perfgen.build.records import Output
from perfgen.check.identity import identity
from perfgen.findings import Finding, FindingsError, Place
from perfgen.project import names
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import digest
from perfgen.report.report import Edition

_DATES = " 的公开"
"""How an input is called that says when a file was published, after the name of that file."""


@dataclass
class UnitYearPlan:
    """A unit's year: its files by edition, and its outputs."""

    year: str
    unit: str
    files: dict[Edition, tuple[DataFile, ...]]
    """Of the public edition, those that are published."""
    outputs: list[Wanted] = field(default_factory=list)
    public: Inputs = field(default_factory=dict)
    """What the public outputs of its files are made from whatever their format."""
    readable: bool = True
    """Whether all files can be read that were the unit's when its outputs were made."""
    findings: list[Finding] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Its name in the manifest."""
        return unit_key(self.year, self.unit)

    def shows_withheld(self, output: Output) -> bool:
        """Whether an output holds a file that is not, or no longer, published."""
        published = {f"{file}{_DATES}" for file in self.files[Edition.PUBLIC]}
        return any(name.endswith(_DATES) and name not in published for name in output.inputs)


class UnitYears:
    """The units of a project's years; nothing is read where no format serves them and nothing was made for one."""

    def __init__(self, planner: Planner, files: Iterable[DataFile], plans: Iterable[UnitPlan]) -> None:
        """`files` are all data files, `plans` those of the files that were asked for."""
        self.planner = planner
        self.asked = frozenset(plan.file for plan in plans)
        self._plans = {plan.file: plan for plan in plans}
        self.renderers = [one for one in planner.renderers if one.scope is render.Scope.UNIT]
        known = any(key.startswith(UNITS) for key in planner.manifest.records)
        self._files: dict[tuple[str, str], list[DataFile]] = defaultdict(list)
        self._unread: set[str] = set()
        for file in files if known or self.renderers else ():
            self._place(file)

    def _place(self, file: DataFile) -> None:
        try:
            found = identity(self.planner.project, file)
        except FindingsError:
            found = None
        if found is None:
            self._unread.add(file.source)
        elif found.unit:
            self._files[file.year, found.unit].append(file)

    @property
    def keys(self) -> set[str]:
        """The names in the manifest of all that are there, or may be there behind a file that cannot be read."""
        records = self.planner.manifest.records.items()
        behind = {key for key, record in records if key.startswith(UNITS) and self._has_unread(record.outputs.values())}
        return {unit_key(*key) for key in self._files} | behind

    def _has_unread(self, outputs: Iterable[Output]) -> bool:
        return any(not self._unread.isdisjoint(output.inputs) for output in outputs)

    def plans(self) -> Iterator[UnitYearPlan]:
        """The plans of the units that have a file that was asked for."""
        for (year, unit), files in sorted(self._files.items()):
            if not self.asked.isdisjoint(files):
                yield self._plan(year, unit, [self._plan_of(file) for file in files])

    def _plan_of(self, file: DataFile) -> UnitPlan:
        if file not in self._plans:
            self._plans[file] = self.planner.unit(file)
        return self._plans[file]

    def _plan(self, year: str, unit: str, plans: list[UnitPlan]) -> UnitYearPlan:
        published = tuple(plan.file for plan in plans if plan.published)
        plan = UnitYearPlan(year, unit, {Edition.OFFICIAL: tuple(one.file for one in plans), Edition.PUBLIC: published})
        for one in plans:
            plan.public |= one.public
        made = self.planner.manifest.of(plan.key).outputs.values()
        plan.readable = all(one.readable for one in plans) and not self._has_unread(made)
        if trouble := names.trouble(f"{year}/{unit}") or ("有 /" if "/" in unit else ""):
            plan.findings.append(_no_name(plans[0].file, unit, trouble))
        elif plan.readable:
            for renderer in self.renderers:
                if renderer.serves(self.planner.project, render.UNIT_TEMPLATES):
                    plan.outputs += self._outputs(plan, renderer)
        return plan

    def _outputs(self, plan: UnitYearPlan, renderer: render.Renderer) -> Iterator[Wanted]:
        """What a renderer should make of a unit's year."""
        for edition, pattern in renderer.targets.items():
            if files := plan.files[Edition(edition)]:
                path = pattern.format(year=plan.year, unit=plan.unit)
                inputs = self._inputs(files, Edition(edition), renderer)
                yield Wanted(path, renderer.name, edition, inputs, self.planner.why(plan.key, path, inputs))

    def _inputs(self, files: Iterable[DataFile], edition: Edition, renderer: render.Renderer) -> Inputs:
        """What a unit's output is made from: what the outputs of its files are made from, and which these are."""
        inputs: dict[str, str] = {}
        for file in files:
            form = self._plan_of(file).form
            assert form is not None
            of_file = dict(self.planner.sources.of_file(file, form, edition))
            if edition is Edition.PUBLIC:
                inputs[f"{file}{_DATES}"] = of_file.pop("site")
            inputs |= of_file | self.planner.of_renderer(renderer, form.templates)
        if edition is Edition.PUBLIC:
            inputs["site"] = self.planner.sources.site_settings()
        inputs["有哪些文件"] = digest("\n".join(map(str, files)).encode())
        return inputs | self.planner.of_renderer(renderer, render.UNIT_TEMPLATES)


def _no_name(file: DataFile, unit: str, trouble: str) -> Finding:
    message = f"单位的名称“{names.shown_path(unit)}”不能做成品的文件名：{trouble}。"
    return Finding(Place(file.source), "file-name", message, "改单位的名称。")


def taken(plans: Iterable[UnitYearPlan], others: Mapping[str, str]) -> Iterator[tuple[UnitYearPlan, Wanted, str]]:
    """The outputs that should lie where another one does; `others` says by path whose that is."""
    owners = dict(others)
    for plan in plans:
        for wanted in plan.outputs:
            owner = owners.setdefault(wanted.path, plan.key)
            if owner != plan.key:
                yield plan, wanted, owner
