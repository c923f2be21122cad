"""Every case file says on its own lines what must be found in it; tests/cases/README.md tells how."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from perfgen import formats
from perfgen.build import job
from perfgen.check import loading
from perfgen.check.evaluate import Verdict, evaluate
from perfgen.findings import Finding, Level
from perfgen.form import forms
from perfgen.project.layout import DataFile
from tests.conftest import REPOSITORY
from tests.helpers import book
from tests.helpers.projects import snapshot, with_form

CASES = Path(__file__).parent / "cases"
GOOD = sorted(path.stem for path in (CASES / "good").glob("*.yaml"))
BAD = sorted(path.stem for path in (CASES / "bad").glob("*.yaml"))
YEAR = 2025
EXPECTED = re.compile(r"# 期望 (?:第 (\d+) 行 )?(错误|警告|提示|未定) ([\w-]+)")

Wanted = tuple[int, str, str]


class CasesProject:
    """A project that no test changes: read once, and each file in it checked once for all tests."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.project = snapshot(root)
        self._found: dict[str, list[Finding]] = {}

    def findings(self, kind: str, name: str) -> list[Finding]:
        """What a check says about a case."""
        source = f"data/{YEAR}/{kind}/{name}.yaml"
        if source not in self._found:
            self._found[source] = job.check_file(self.project, DataFile.at(source))[0].findings
        return self._found[source]


@pytest.fixture(scope="session")
def cases_project(tmp_path_factory) -> CasesProject:
    """A project with the real forms, each case with the same two earlier years; beside them files of other forms."""
    root = tmp_path_factory.mktemp("cases")
    with_form(root)
    for kind, names in (("good", GOOD), ("bad", BAD)):
        for name in names:
            source = CASES / kind / f"{name}.yaml"
            place(source, root / f"data/{YEAR}/{kind}/{name}.yaml")
            if not name.startswith("没有上年"):
                for year in (YEAR - 1, YEAR - 2):
                    own = CASES / f"earlier/{name}.{year}.yaml"
                    place(
                        own if own.exists() else CASES / f"earlier/{year}.yaml",
                        root / f"data/{year}/{kind}/{name}.yaml",
                    )
    for source in sorted((CASES / "beside").glob("*.yaml")):
        place(source, root / f"data/{YEAR}/beside/{source.name}")
    return CasesProject(root)


def place(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def expected(path: Path) -> Counter[Wanted]:
    """What a case's comments ask for: line, level, rule."""
    found: Counter[Wanted] = Counter()
    text = path.read_bytes().decode("utf-8", "replace")
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        for where, level, rule in EXPECTED.findall(line):
            found[int(where or number), level, rule] += 1
    return found


@pytest.mark.parametrize("name", BAD)
def test_a_bad_case_is_found_where_it_says_and_nothing_else(cases_project, name):
    found = cases_project.findings("bad", name)
    said = "\n".join(f"{finding}\n    {finding.hint}" for finding in found)
    wanted = expected(CASES / "bad" / f"{name}.yaml")
    assert wanted, "a bad case says what is bad about it"
    assert Counter((f.place.line, f.level.value, f.rule) for f in found) == wanted, said


@pytest.mark.parametrize("name", BAD)
def test_each_answer_says_what_to_do(cases_project, name):
    for finding in cases_project.findings("bad", name):
        assert finding.message.endswith(("。", "”", "…")) and re.search("[一-鿿]", finding.message)
        assert finding.hint or finding.level.value == "未定", finding
        assert "Traceback" not in finding.message and "None" not in finding.message
        # programs find the value by its path; what could not be read or not be decided has none
        unread = finding.rule.startswith("yaml-") or finding.rule in ("form", "import-pending")  # a comment is no value
        assert finding.path or unread or finding.level is Level.UNDECIDED


@pytest.mark.long
def test_every_answer_is_word_for_word_the_one_in_the_book(cases_project):
    """What people read: a changed sentence shows in the book, where it is reviewed."""
    said = (formats.render("text", cases_project.findings("bad", name), cases_project.project) for name in BAD)
    book.holds("answers.txt", (text.replace(f"data/{YEAR}/bad/", "") for text in said))


@pytest.mark.parametrize("name", GOOD)
def test_a_good_case_has_no_finding(cases_project, name):
    found = cases_project.findings("good", name)
    wanted = expected(CASES / "good" / f"{name}.yaml")
    assert Counter((f.place.line, f.level.value, f.rule) for f in found if not f.reason) == wanted, found


def test_there_are_enough_of_them():
    assert len(BAD) >= 120 and len(GOOD) >= 3


def test_every_rule_of_the_form_has_a_bad_case():
    form = forms.find(snapshot(REPOSITORY), "department-target")
    judged = {rule.id for rule in form.rules.rules.values() if rule.targets or rule.claims}
    met = {rule for name in BAD for _, _, rule in expected(CASES / "bad" / f"{name}.yaml")}
    assert judged - met == set()


def test_every_rule_of_the_form_holds_somewhere(cases_project):
    form = forms.find(snapshot(REPOSITORY), "department-target")
    holding = set()
    for name in GOOD:
        filing = loading.well_formed(cases_project.project, DataFile.at(f"data/{YEAR}/good/{name}.yaml"))
        for rule in filing.form.rules.rules.values():
            if any(one.outcome is Verdict.HOLDS for one in evaluate(rule, filing)):
                holding.add(rule.id)
    assert {rule.id for rule in form.rules.rules.values() if rule.targets} - holding == set()


def test_every_rule_of_the_engine_has_a_bad_case():
    """The ids in the source of the package that a data file can cause."""
    source = "".join(p.read_text("utf-8") for p in (REPOSITORY / "perfgen").rglob("*.py"))
    ids = set(re.findall(r'"((?:yaml|character|location|private|waiver|last)-[a-z-]+)"', source))
    met = {rule for name in BAD for _, _, rule in expected(CASES / "bad" / f"{name}.yaml")}
    # what no text can be: too large a file is tried in test_reader, together with odd encodings
    assert ids - met - {"yaml-size", "yaml-encoding"} == set()
