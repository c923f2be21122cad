"""What a finding advises is done to the letter for every bad case: it is gone then, and nothing new stands there.

Where the hint names what to write (`写成 X`, `改成 X`), that is written at the value; `--fix` repairs what it can;
for the rest DONE says by rule how a person does what the hint says in words. A rule without a way to do its advice
fails here.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from perfgen.authoring import repair
from perfgen.build import job
from perfgen.findings import Finding, Level
from perfgen.form import forms
from perfgen.project.layout import DataFile
from perfgen.source.reader import load_yaml
from perfgen.values import parse
from tests.helpers.projects import snapshot, with_form
from tests.test_cases import BAD, CASES, YEAR, place

WRITTEN = re.compile(r"(?:写成|改成|(?P<other>或)) (?P<value>[^，。；、（ ]+(?:（[^（）越]{1,3}）)?)")


@dataclass(frozen=True)
class Case:
    """A bad case in a project of its own, so that its text can be changed."""

    root: Path
    name: str

    @property
    def file(self) -> str:
        return f"data/{YEAR}/bad/{self.name}.yaml"

    @property
    def text(self) -> str:
        return (self.root / self.file).read_bytes().decode("utf-8")

    def found(self, text: str) -> list[Finding]:
        (self.root / self.file).write_bytes(text.encode())
        return job.check_file(snapshot(self.root), DataFile.at(self.file))[0].findings


Doing = Callable[[Case, Finding, str], str]
"""Does what a hint says in words: the text of the file afterwards."""


@pytest.fixture(scope="module")
def project_root(tmp_path_factory) -> Path:
    root = with_form(tmp_path_factory.mktemp("advice"))
    shutil.copytree(CASES / "beside", root / f"data/{YEAR}/beside")
    return root


def bad_case(root: Path, name: str) -> Case:
    place(CASES / "bad" / f"{name}.yaml", root / f"data/{YEAR}/bad/{name}.yaml")
    if not name.startswith("没有上年"):
        for year in (YEAR - 1, YEAR - 2):
            own = CASES / f"earlier/{name}.{year}.yaml"
            place(own if own.exists() else CASES / f"earlier/{year}.yaml", root / f"data/{year}/bad/{name}.yaml")
    return Case(root, name)


def offset(text: str, finding: Finding) -> int:
    """Where a finding stands in a text."""
    lines = text.splitlines(keepends=True)
    return sum(map(len, lines[: finding.place.line - 1])) + finding.place.column - 1


def written(value: str) -> Doing:
    """Writes a value where the finding stands."""

    def do(case: Case, finding: Finding, text: str) -> str:
        at = offset(text, finding)
        old = re.compile(r"\"(?:[^\"\\]|\\.)*\"|\[[^\]\n]*\]|\{[^}\n]*\}|[^\n]*?(?=, |\}|\s+#|\s*$|\n)").match(text, at)
        assert old is not None
        return text[:at] + (" " if text[at - 1] in ":-" else "") + value + text[old.end() :]

    return do


def changed(pattern: str, new: str) -> Doing:
    """Changes one thing in the file."""

    def do(case: Case, finding: Finding, text: str) -> str:
        after, times = re.subn(pattern, new, text, count=1, flags=re.MULTILINE)
        assert times, f"{pattern} is not in {case.name}"
        return after

    return do


def in_line(pattern: str, new: str) -> Doing:
    """Changes one thing in the line where the finding stands."""

    def do(case: Case, finding: Finding, text: str) -> str:
        lines = text.split("\n")
        number = finding.place.line - 1
        after, times = re.subn(pattern, new, lines[number], count=1)
        assert times, f"{pattern} is not in {lines[number]}"
        return "\n".join([*lines[:number], after, *lines[number + 1 :]])

    return do


def without_member(case: Case, finding: Finding, text: str) -> str:
    """Takes out the member where the finding stands; the line with it, where it is the only one."""
    name = re.escape(str(finding.path[-1]))
    lines = text.split("\n")
    line = lines[finding.place.line - 1]
    after, times = re.subn(rf", \"?{name}\"?: [^,}}]*|\"?{name}\"?: [^,}}]*, ", "", line, count=1)
    lines[finding.place.line - 1 : finding.place.line] = [after] if times else []
    return "\n".join(lines)


def without_line(case: Case, finding: Finding, text: str) -> str:
    """Takes out the line where the finding stands."""
    lines = text.split("\n")
    return "\n".join([*lines[: finding.place.line - 1], *lines[finding.place.line :]])


def as_in_sample(*sections: str) -> Doing:
    """Looks at the figures again and puts them right: these sections are as in the sample that has no finding."""

    def do(case: Case, finding: Finding, text: str) -> str:
        sample = (CASES / "good/样板.yaml").read_text("utf-8")
        for name in sections:
            pattern = re.compile(rf"^{name}:.*\n(?:(?:[ #].*)?\n)*", re.MULTILINE)
            right = pattern.search(sample)
            assert right is not None and pattern.search(text)
            text = pattern.sub(lambda _, right=right: right[0], text)
        return text

    return do


def reason(case: Case, finding: Finding, text: str) -> str:
    """Writes the line of the reason where the hint says, as the hint gives it; the section too, where it is missing."""
    offered = re.search("在“(?P<section>[^”]+)”里写一行“(?P<key>.+): 为什么”", finding.hint)
    assert offered is not None, finding.hint
    section, line = offered["section"], f"  {offered['key']}: 已经核对过，情况属实。\n"
    text = re.sub(rf"^{section}: \{{(.*): (.*)\}}$", rf"{section}:\n  \1: \2", text, flags=re.MULTILINE)
    if f"\n{section}:\n" in text:
        return text.replace(f"\n{section}:\n", f"\n{section}:\n{line}", 1)
    return text.replace("\n收入构成:", f"\n{section}:\n{line}\n收入构成:", 1)


def left_alone(case: Case, finding: Finding, text: str) -> str:
    """Nothing has to be done."""
    assert (
        "不用改" in finding.hint or "确认" in finding.hint or "能分开的" in finding.hint or "有了实际数" in finding.hint
    )
    return text


def right_year(case: Case, finding: Finding, text: str) -> str:
    """Puts the year right: of last year's file where it is wrong, of this one else."""
    before = case.root / f"data/{YEAR - 1}/bad/{case.name}.yaml"
    if "年度: 2024" in before.read_text("utf-8"):
        return written(str(YEAR))(case, finding, text)
    before.write_text(re.sub("^年度: .*", "年度: 2024", before.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    return text + "\n"


def with_unit(case: Case, finding: Finding, text: str) -> str:
    """Writes a sign and the row's unit, that of last year's value where there is one."""
    line = text.split("\n")[finding.place.line - 1]
    unit = re.search(r"上年: \d+([^\d,]+)", line)
    return written(f"≥60{unit[1]}" if unit else "≥3项")(case, finding, text)


def as_the_example(case: Case, finding: Finding, text: str) -> str:
    """Writes the value that the hint gives as an example, of two the first."""
    example = re.search("例如 ([^（；，]+)", finding.hint)
    assert example is not None, finding.hint
    return written(example[1])(case, finding, text)


MONEY = as_in_sample("收入构成", "支出构成", "项目支出")
LONG, ANNUAL = as_in_sample("长期绩效指标"), as_in_sample("年度绩效指标")
BOTH = as_in_sample("长期绩效指标", "年度绩效指标")
DONE: dict[str, tuple[Doing, ...]] = {
    **dict.fromkeys(("A01", "A02", "A03", "A04", "A06", "A08"), (without_member,)),
    **dict.fromkeys(("A05", "A05a", "A05b", "A10"), (MONEY,)),
    **dict.fromkeys(("A15", "A15a", "A17", "A17a", "A17b"), (MONEY, reason)),
    "A16": (right_year,),
    "B15": (written("2029"),),
    "A11": (MONEY, left_alone),
    "A18": (LONG,),
    "B08": (ANNUAL, reason), "B09a": (ANNUAL, reason), "B09": (LONG,),
    "B11": (with_unit,),
    "B12": (ANNUAL,),
    "B13": (LONG, reason),
    "B14": (left_alone,), "B14a": (left_alone,),
    "B17": (LONG,), "B18": (as_in_sample("项目支出"),),
    "C05": (in_line(r"(?<=[一-鿿])[　 \xa0](?=[一-鿿])|(?<=\") ", ""),),
    "C06": (in_line(r"\[bookmark: _GoBack\]", ""),),
    "C07": (in_line(r"新技术\\n应用", "新技术应用"),),
    "C08": (as_in_sample("项目支出"),),
    "C09": (in_line("农业税征收", "农业生产"),),
    "D01": (LONG,),
    "D03": (written("≥97%"),),
    "D04": (written("健全"), written("≥3项")),
    "D05": (written("健全"), written("≥3项")),
    "D06": (written("健全"), written("≥3项")),
    "D07": (written("健全"), written("≥3项")),
    "D07a": (written("2025年10月底前"),),
    "D07b": (written("健全"), written("≥3项")),
    "D08": (reason,),
    "D09": (written("≤100%"), reason),
    "D10": (written("≥95%"), reason),
    "D11": (written("历史标准"),),
    "D13": (in_line("核心业务产出2", "行政审批服务"),),
    "D14": (written("查档群众满意度"),),
    "D15": (as_in_sample("项目支出"), reason),
    "D16": (as_in_sample("年度工作任务", "年度绩效指标"),),
    "D17": (as_in_sample("长期目标"),),
    "D18": (written("≥97%"), reason),
    "D18a": (written("≥10次"), reason), "D18b": (written("≥366天"), reason),
    "D19": (reason,), "D19a": (reason,),
    "D19d": (as_the_example, reason), "D19e": (as_the_example, reason),
    "D19b": (ANNUAL, reason), "D19c": (ANNUAL, reason),
    "E01": (written("建成覆盖城乡的预警体系，公众覆盖率达到98%。"),),
    "E01a": (written("提高预警的准确率和覆盖面，保障运转规范有序。"),),
    "E02": (BOTH, reason),
    "E03": (written("观测设备的检定和更换"),), "E04": (reason,),
    "last-year": (ANNUAL, reason),
    "last-year-expected": (written("55次"),),
}  # fmt: skip
"""How a person does what a hint says in words, by rule; each way must do."""


@dataclass(frozen=True)
class Way:
    """One way to do what a finding says, and the text after it."""

    said: str
    text: str
    is_other: bool = False
    """Whether it is the second of two choices: the rules of what was meant may then have to say something."""


def ways(case: Case, finding: Finding, text: str) -> list[Way]:
    """What can be done about a finding."""
    found = []
    if finding.rule in repair.RULES:
        repaired = repair.repair(text.encode(), case.file).content.decode()
        if repaired != text:
            found.append(Way("--fix", repaired))
    for match in WRITTEN.finditer(finding.hint if finding.path else ""):
        if "…" not in match["value"]:
            found.append(Way(match[0], written(match["value"])(case, finding, text), bool(match["other"])))
    return [*found, *(Way(finding.hint, way(case, finding, text)) for way in DONE.get(finding.rule, ()))]


FORM_RULES = re.compile(r"[A-Z]\d+[a-z]?|last-year.*")
ABOUT_HOW_IT_IS_WRITTEN = {"B11", "C05", "D02", "D02a", "D02b", "D02c", "D03", "D04", "D07", "D07a"}


def told_within(case: Case, finding: Finding) -> set[str]:
    """The rules whose sentences a finding took in."""
    rules = forms.find(snapshot(case.root), "department-target").rules.rules
    return set(rules[finding.rule].tells) if finding.rule in rules and finding.message.count("。") > 1 else set()


@pytest.mark.parametrize("name", BAD)
def test_advice_done_to_the_letter_leaves_nothing_wrong(project_root, name):
    case = bad_case(project_root, name)
    text = (CASES / f"bad/{name}.yaml").read_bytes().decode("utf-8", "replace")
    before = case.found(text)
    for finding in before:
        if finding.level is Level.UNDECIDED or not FORM_RULES.fullmatch(finding.rule):
            continue
        known = {one.rule for one in before if one.path == finding.path} - {finding.rule}
        known |= told_within(case, finding)
        # the other row was told already; until that is done too, the two do not agree
        known |= {"E02"} if "D19e" in {one.rule for one in before} else set()
        possible = ways(case, finding, text)
        assert possible, f"nothing says how to do what is advised: {finding}\n{finding.hint}"
        for way in possible:
            if way.text == text:
                continue  # left alone, as the hint offers
            after = [one for one in case.found(way.text) if not one.reason]
            there = {one.rule for one in after if one.path == finding.path} - known
            wrong = there & ABOUT_HOW_IT_IS_WRITTEN if way.is_other else there
            assert not wrong, (way.said, [f"{one}\n    {one.hint}" for one in after])


@pytest.mark.parametrize("name", [name for name in BAD if name.startswith("D02")])
def test_the_value_to_write_means_what_was_meant(project_root, name):
    """It has a sign, and its amount is one that was typed."""
    case = bad_case(project_root, name)
    text = (CASES / f"bad/{name}.yaml").read_text("utf-8")
    (finding,) = [one for one in case.found(text) if one.rule.startswith("D02")]
    typed = str(load_yaml(text.encode(), case.file).value(finding.path))
    values = [parse(match["value"]) for match in WRITTEN.finditer(finding.hint)]
    assert values and all(value.is_number and value.sign for value in values), finding.hint
    numbers = {Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", typed)}
    spelled = {"全覆盖": {Decimal(100)}, "百分之九十六以上": {Decimal(96)}}
    spelled["提高5个百分点"] = {Decimal("90.5") + 5}  # as much as last year, and the change
    assert {value.number for value in values} <= spelled.get(typed, numbers)


NEAREST, EXAMPLE = re.compile("是不是“(?P<name>[^”]+)”(?!或)"), re.compile("例如 (?P<value>[0-9.%]+)[。，]")


def renamed(name: str) -> Doing:
    """Writes another name, or value, where the finding stands."""

    def do(case: Case, finding: Finding, text: str) -> str:
        at = offset(text, finding)
        old = re.compile(r"[^\n]*?(?=: |:\n|, |\}|\s+#|\n)").match(text, at)
        assert old is not None
        before = old[0].partition(" ")[0] + " " if finding.rule == "waiver-stale" else ""  # its id stays
        return text[:at] + before + name + text[old.end() :]

    return do


def named_ways(case: Case, finding: Finding, text: str) -> list[Way]:
    """What a finding of the engine names to the letter: a repair, a value, the name that was meant, to drop a line."""
    found = [way for way in ways(case, finding, text) if not way.is_other]
    for match in NEAREST.finditer(finding.hint):
        found.append(Way(match[0], renamed(match["name"])(case, finding, text)))
    if not found and (match := EXAMPLE.search(finding.hint)) and finding.path:
        found.append(Way(match[0], written(match["value"])(case, finding, text)))
    if finding.hint == "删掉这一行。":
        found.append(Way(finding.hint, without_line(case, finding, text)))
    return found


@pytest.mark.parametrize("name", BAD)
def test_what_the_engine_names_to_the_letter_helps(project_root, name):
    """The finding is gone; of what was hidden behind it, only the form may have something to say."""
    case = bad_case(project_root, name)
    text = (CASES / f"bad/{name}.yaml").read_bytes().decode("utf-8", "replace")
    before = case.found(text)
    for finding in before:
        if finding.level is Level.UNDECIDED or FORM_RULES.fullmatch(finding.rule):
            continue
        for way in named_ways(case, finding, text):
            left = {(one.rule, one.place.line) for one in case.found(way.text)}
            stopping = {rule for rule, line in left if line == finding.place.line and rule.startswith(("yaml", "text"))}
            assert not stopping and (finding.rule, finding.place.line) not in left, (way.said, left)
