"""Slips in values that YAML reads: each is named where it stands, and `--fix` writes what was meant."""

from __future__ import annotations

import pytest

from perfgen.authoring.repair_values import repair_values
from perfgen.build import job
from perfgen.project.layout import DataFile
from tests.helpers.projects import snapshot

SOURCE = "data/2025/示例市档案馆.yaml"
DUTY = "- 贯彻执行档案工作法律法规"
TASK = "- 做好档案接收征集。"
LEFT = "left"
SIGNS = ("<=5%", "=<5%", "＜＝5%", "＜=5%", "<＝5%", "< =5%")

SLIPS = {
    "a colon in an item": (TASK, "- 办好活动: 设8个展区。", "schema-type", "冒号是英文的", "- 办好活动：设8个展区。"),
    "so, before a number": (TASK, "- 接收档案: 12", "schema-type", "冒号是英文的", "- 接收档案：12"),
    "so, before nothing": (DUTY, "- 主要职责:\n  - 贯彻执行档案工作法律法规", "schema-type", "冒号是英文的",
                           "- 主要职责：\n  - 贯彻执行档案工作法律法规"),
    "so, with two members": (TASK, "- 接收: 甲\n    征集: 乙", "schema-type", "应该是文字", LEFT),
    "a blank in an amount": ("当年: 548.46", "当年: 5 480.46", "schema-type", "写成 5480.46", LEFT),
    "a blank before its point": ("当年: 548.46", "当年: 548 .46", "schema-type", "写成 548.46", LEFT),
    "a letter in an amount": ("当年: 548.46", "当年: 5O8.46", "schema-type", "“O”是字母", LEFT),
    "two amounts in one": ("当年: 548.46", "当年: 20 30", "schema-type", "当年", LEFT),
    "a letter for the zero": ("指标值: ≥240件", "指标值: ≥24O件", "digit-letter", "“O”是字母", "指标值: ≥240件"),
    "a letter for the one": ("指标值: ≥240件", "指标值: ≥2l0件", "digit-letter", "“l”是字母", "指标值: ≥210件"),
    "two numbers before an item": (DUTY, "- （一）（1）贯彻执行档案工作法律法规", "numbering", "“（一）（1）”", DUTY),
    "two of other kinds": (DUTY, "- 一、1.贯彻执行档案工作法律法规", "numbering", "去掉“一、1.”", DUTY),
    **{
        f"the sign {sign}": ("指标值: ≤5%", f"指标值: {sign}", "mixed-signs", f"{sign[:-2]} 改成 ≤", "指标值: ≤5%")
        for sign in SIGNS
    },
    "the sign of an example": ("      数字档案馆建设:\n", "      名称:\n", "sample-name", "换成自己的名称", LEFT),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_said_and_repaired_as_it_was_meant(project, name):
    old, new, rule, words, fixed = SLIPS[name]
    path = project / SOURCE
    sample = path.read_text("utf-8")
    at = sample.index(old)
    typed = sample[:at] + new + sample[at + len(old) :]
    path.write_text(typed, "utf-8")
    line = sample[:at].count("\n") + 1
    result, _ = job.check_file(snapshot(project), DataFile.at(SOURCE))
    said = [one for one in result.findings if one.rule == rule and one.place.line == line]
    assert any(words in one.message + one.hint for one in said), said
    repaired = repair_values(snapshot(project), SOURCE, typed.encode()).content.decode()
    meant = typed if fixed == LEFT else sample[:at] + fixed + sample[at + len(old) :]
    assert repaired == meant


@pytest.mark.parametrize("text", ["5G网络", "H2O", "≥5l", "A4纸50张", "a=>b"])
def test_letters_that_belong_to_a_word_are_left(project, text):
    path = project / SOURCE
    typed = path.read_text("utf-8").replace("指标值: ≥240件", f"指标值: {text}", 1)
    path.write_text(typed, "utf-8")
    result, _ = job.check_file(snapshot(project), DataFile.at(SOURCE))
    assert not [one for one in result.findings if one.rule in ("digit-letter", "mixed-signs")]
