"""Where the reason for a finding is written, or stands, in the window."""

from __future__ import annotations

import copy
import json

import pytest

from perfgen.check import check, loading
from perfgen.check.reasons import line_in
from perfgen.data import as_group
from perfgen.filling import change, reasons
from perfgen.filling.edits import Drop, Many, Put
from perfgen.findings import Finding
from perfgen.project.layout import DataFile
from tests.helpers import tiny
from tests.helpers.projects import REPOSITORY, snapshot

SAMPLES = sorted(path.relative_to(REPOSITORY).as_posix() for path in REPOSITORY.glob("data/2*/**/*.yaml"))
TEXT = "情况特殊，已经核对过。"


def found(project, source, text=None):
    """The filing with this text, and its findings."""
    file = DataFile.at(source)
    content = project.read(source) if text is None else text.encode()
    filing = loading.filing_of(project, source, content)
    assert filing.data_file == file
    return filing, check.check_filing(filing)


def unanswered(project, source):
    """The text of a sample without any written reason."""
    filing, _ = found(project, source)
    sections = [filing.form.fields.find_role(role) for role in ("waivers", "reasons")]
    there = [Drop((name,)) for name in sections if name and name in as_group(filing.document.data)]
    return change.changed(filing.document, filing.form, Many(tuple(there))), filing


def open_findings(findings: list[Finding]) -> list[Finding]:
    return [one for one in findings if one.is_open]


@pytest.mark.parametrize("source", SAMPLES)
def test_a_reason_written_beside_each_open_warning_settles_it(source):
    project = snapshot(REPOSITORY)
    text, _ = unanswered(project, source)
    filing, findings = found(project, source, text)
    seen = len(open_findings(findings))
    for _ in range(4):  # what one value is told of at once may be told of again by another rule
        answers = [reasons.answer_to(filing, one) for one in open_findings(findings)]
        assert None not in answers
        if not answers:
            break
        puts = Many(tuple(Put(path, TEXT) for path in dict.fromkeys(one.path for one in answers)))
        filing, findings = found(project, source, change.changed(filing.document, filing.form, puts))
    assert open_findings(findings) == []
    assert sum(one.reason == TEXT for one in findings) >= seen


@pytest.mark.parametrize("source", SAMPLES)
def test_advice_that_shows_a_line_to_type_says_the_same_key(source):
    project = snapshot(REPOSITORY)
    text, _ = unanswered(project, source)
    filing, findings = found(project, source, text)
    for one in open_findings(findings):
        answer = reasons.answer_to(filing, one)
        if "里写一行“" in one.hint:
            assert line_in(*answer.path) in one.hint
            assert "写一行" not in reasons.in_the_window(one.hint, answer)
        else:
            assert reasons.in_the_window(one.hint, answer) == one.hint


def test_samples_have_such_warnings():
    project = snapshot(REPOSITORY)
    counts = [len(open_findings(found(project, source, unanswered(project, source)[0])[1])) for source in SAMPLES]
    assert sum(counts) > 80


@pytest.mark.parametrize("source", SAMPLES)
def test_a_written_reason_is_found_where_it_stands(source):
    project = snapshot(REPOSITORY)
    filing, findings = found(project, source)
    for one in findings:
        if one.reason:
            answer = reasons.answer_to(filing, one)
            assert answer.text == one.reason == filing.document.value(answer.path)


def test_errors_and_findings_about_reasons_take_no_reason():
    project = snapshot(REPOSITORY)
    source = "data/2025/示例市教育局.yaml"
    text, filing = unanswered(project, source)
    section = filing.form.fields.find_role("waivers")
    stale = text + f"{section}:\n  D06 没有这一行: 说明一下\n"
    filing, findings = found(project, source, stale)
    (one,) = [one for one in findings if one.rule == "waiver-stale"]
    assert one.is_open
    assert reasons.answer_to(filing, one) is None
    assert reasons.removable(filing, one.path)
    assert not reasons.removable(filing, ("年度",))


RULES = """\
计算:
  合计: 水果 | 求和('斤数')
审核:
  R1:
    名称: 不太轻
    级别: 警告
    对象: 水果
    公式: 斤数 > 3
    说法: "{{ 名称 }}太轻。"
    改法: "换一个；不换的，{{ 写理由 }}。"
    依据: 试一试
  R2:
    名称: 不太少
    级别: 警告
    公式: 合计 > 9
    说法: 太少。
    改法: "多摘些；不多摘的，{{ 写理由 }}。"
    依据: 试一试
"""


def test_a_made_up_form_takes_its_reasons_too(tmp_path):
    root = tiny.make(tmp_path / "tiny", ("东园",))
    schema = copy.deepcopy(tiny.SCHEMA)
    schema["properties"]["水果"]["x-identity"] = "名称"
    schema["properties"]["为何"] = {
        "title": "为何", "type": "object", "x-role": "waivers", "x-printed": False,
        "additionalProperties": {"title": "话", "type": "string"},
    }  # fmt: skip
    (root / "schema/fruit.schema.json").write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    (root / "schema/fruit.rules.yaml").write_text(RULES, "utf-8")
    filing, findings = found(snapshot(root), "data/2025/东园.yaml")
    answers = [reasons.answer_to(filing, one) for one in open_findings(findings)]
    assert sorted(one.path for one in answers) == [("为何", "R1 梨"), ("为何", "R2")]
    for one, answer in zip(open_findings(findings), answers, strict=True):
        assert reasons.in_the_window(one.hint, answer).endswith("，在下面写明理由。")
    text = change.changed(filing.document, filing.form, Many(tuple(Put(one.path, TEXT) for one in answers)))
    added = {line for line in text.splitlines() if line not in filing.document.text.splitlines()}
    assert added == {"为何:", f"  R1 梨: {TEXT}", f"  R2: {TEXT}"}
    _, findings = found(snapshot(root), "data/2025/东园.yaml", text)
    assert open_findings(findings) == []
