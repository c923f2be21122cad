"""One hint for a file that writes a sign in two ways."""

from __future__ import annotations

import pytest

from perfgen.authoring.repair_values import repair_values
from perfgen.check import check, loading
from perfgen.findings import Level
from perfgen.project.layout import DataFile
from tests.helpers.projects import snapshot

SOURCE = "data/2025/示例市档案馆.yaml"


def said(project, *changes: tuple[str, str]):
    path = project / SOURCE
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")
    findings = check.check_filing(loading.filing(snapshot(project), DataFile.at(SOURCE)))
    return [finding for finding in findings if finding.rule == "mixed-signs"], text


def test_a_form_of_one_width_is_not_told(project):
    assert said(project)[0] == []


@pytest.mark.parametrize(
    ("old", "new", "counted"),
    [("≥98%", "≥98％", "％ 1 处，% "), ("≥98%", "≧98%", "≧ 1 处，≥ "), ("≤5%", "≦5%", "≦ 1 处，≤ ")],
)
def test_one_hint_with_both_counts_at_the_first_place(project, old, new, counted):
    (finding,), text = said(project, (old, new))
    line = text[: text.index(new)].count("\n") + 1
    assert finding.level is Level.NOTE
    assert counted in finding.message and finding.place.line == line
    assert f"（第 {line} 行）" in finding.hint and f"{new[0] if new[0] in '≧≦' else '％'} 改成" in finding.hint


def test_many_places_and_signs_are_one_finding(project):
    (finding,), _ = said(project, ("≥98%", "≧98％"), ("≤100%", "≦100％"), ("96%", "96％"))
    assert finding.message.count("处") == 6


def test_what_is_not_printed_does_not_count(project):
    path = project / SOURCE
    path.write_text(path.read_text("utf-8").rstrip() + "\n# 95％\n", "utf-8")
    assert said(project)[0] == []


@pytest.mark.parametrize(
    "changes",
    [
        (("≥98%", "≥98％"),),
        (("≤100%", "≦100％"), ("96%", "96％"), ("≥98%", "≧98%")),
        (("  - 做好档案接收征集。", "  - 做好档案接收征集（100％）。"),),
    ],
)
def test_a_repair_writes_every_sign_in_the_usual_way_and_nothing_else(project, changes):
    plain = (project / SOURCE).read_text("utf-8")
    text = said(project, *changes)[1]
    for old, new in changes:
        plain = plain.replace(old, new.translate(str.maketrans("％≧≦", "%≥≤")), 1)
    repaired = repair_values(snapshot(project), SOURCE, text.encode())
    assert repaired.content.decode() == plain
    assert {finding.rule for finding in repaired.answered} == {"mixed-signs"}
    assert len(repaired.answered) == len(changes)
    assert repair_values(snapshot(project), SOURCE, repaired.content).answered == ()


def test_a_form_of_one_other_way_is_left(project):
    text = (project / SOURCE).read_text("utf-8").replace("%", "％")
    assert repair_values(snapshot(project), SOURCE, text.encode()).content == text.encode()
