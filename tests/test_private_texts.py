"""Private numbers in public text stop a unit, with their place; a reason answers a false alarm."""

from __future__ import annotations

import pytest

from perfgen.build import job
from perfgen.check.checks.private_texts import private_numbers
from perfgen.findings import Level
from perfgen.project.layout import DataFile
from perfgen.report import site
from tests.helpers.found import unanswered
from tests.helpers.projects import snapshot

SOURCE = "data/2025/示例市档案馆.yaml"
# made up: an unassigned mobile number, a person born in 1900, a card of zeros
MOBILE, IDENTITY, CARD = "13900000000", "110101190001010014", "6222000000000000004"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"电话{MOBILE}。", [(MOBILE, "手机号")]),
        ("139 0000 0000", [(MOBILE, "手机号")]),
        ("139-0000-0000", [(MOBILE, "手机号")]),
        ("１３９００００００００", [(MOBILE, "手机号")]),
        (f"证号{IDENTITY}", [(IDENTITY, "身份证号")]),
        ("11010519491231002x", [("11010519491231002X", "身份证号")]),
        (f"卡号 {CARD}", [(CARD, "银行卡号")]),
        ("5555555555554444", [("5555555555554444", "银行卡号")]),
        ("5555555555554445", []),
        ("555555555555444", []),
        ("0711-0000000", []),
        ("110101190001010015", []),
        ("投资12345678901元", []),
        ("13900000000.55", []),
        ("1390000000", []),
        ("0000000000000000", []),
        ("2024-2025年，3226.88万元，90亿元", []),
    ],
)
def test_what_looks_private(text, found):
    assert list(private_numbers(text)) == found


def findings(project, *changes: tuple[str, str]):
    path = project / SOURCE
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")
    return text, job.build_file(
        snapshot(project), DataFile.at(SOURCE), site.load_site(snapshot(project)), frozenset({("data_json", "public")})
    )


@pytest.mark.parametrize("number", [MOBILE, IDENTITY, CARD])
def test_it_stops_the_unit_with_its_place(project, number):
    text, result = findings(project, ("部门职能概述:\n  - ", f"部门职能概述:\n  - 来电{number}，"))
    (finding,) = unanswered(result.findings)
    assert finding.rule == "private-number" and finding.level is Level.ERROR
    assert finding.place.line == text[: text.index(number)].count("\n") + 1
    assert number not in str(finding), "a log of CI is read by many"
    assert result.made == []


def test_a_private_field_may_hold_one(project):
    _, result = findings(project, ("联系电话: ", f'联系电话: "{MOBILE}" #'))
    assert unanswered(result.findings) == [] and result.made


def test_a_reason_answers_a_false_alarm_and_an_idle_one_is_said(project):
    allowance = f'允许公开的内容: {{"{MOBILE}": 服务热线, "13911111111": 旧的热线}}\n部门名称'
    _, result = findings(
        project, ("部门职能概述:\n  - ", f"部门职能概述:\n  - 拨打{MOBILE}，"), ("部门名称", allowance)
    )
    (finding,) = unanswered(result.findings)
    assert (finding.rule, finding.level) == ("private-unused", Level.WARNING)
    assert result.made
    assert "服务热线" not in result.made[0].content.decode()


@pytest.mark.parametrize(
    ("text", "rule", "answer"),
    [
        ("联系 bangongshi@example.gov.cn 索取", "private-email", "bangongshi@example.gov.cn"),
        ("本单位的商业秘密保护", "private-secret", "商业秘密"),
        ("机密★一年", "private-secret", "机密★一年"),
    ],
)
def test_an_address_or_a_mark_of_secrecy_is_an_error_until_allowed_with_a_reason(project, text, rule, answer):
    _, result = findings(project, ("部门职能概述:\n  - ", f"部门职能概述:\n  - {text}，"))
    assert {f.rule for f in unanswered(result.findings)} == {rule}
    _, result = findings(
        project, ("部门名称", "允许公开的内容: {单位的: 不是这一个, 秘密的来电: 没有这样的话}\n部门名称")
    )
    assert rule in {f.rule for f in unanswered(result.findings)}
    _, result = findings(
        project,
        (
            "允许公开的内容: {单位的: 不是这一个, 秘密的来电: 没有这样的话}",
            f'允许公开的内容: {{"{answer}": 经审查可以公开}}',
        ),
    )
    assert unanswered(result.findings) == [] and result.made


def test_a_word_that_only_sounds_secret_is_none(project):
    _, result = findings(project, ("部门职能概述:\n  - ", "部门职能概述:\n  - 负责保密工作，"))
    assert unanswered(result.findings) == []
