"""Private numbers in public text stop a unit, with their place; a reason answers a false alarm."""

from __future__ import annotations

import random
import time

import pytest

from perfgen.build import job
from perfgen.check.private_numbers import private_numbers
from perfgen.findings import DataError, Level
from perfgen.project.layout import DataFile
from perfgen.report import site
from tests.helpers import plausible, tiny
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


MOBILES = [
    "+8613900000000", "+86-139-0000-0000", "+86 139 0000 0000", "（+86）139 0000 0000", "(86)13900000000",
    "0086 139 0000 0000", "008613900000000", "86-139-0000-0000", "86 13900000000", "+86139 0000 0000",
    "013900000000", "No.13900000000", "Tel.13900000000", "Tel：13900000000", "手机13900000000。", "13900000000.",
    "13900000000.2025年起", "13900000000-8001", "13900000000转8001", "139-0000-0000-8001", "13900000000,",
    ".13900000000", "1 13900000000", "2025 13900000000", "1.13900000000", "1．13900000000", "1、13900000000",
    "1)13900000000", "（1）13900000000", "①13900000000",
    "⑴13900000000", "⒈13900000000", "❶13900000000", "1.139.0000.0000",
    "139.0000.0000", "139·0000·0000", "139。0000。0000", "139•0000•0000", "139・0000・0000", "139‧0000‧0000",
    "139—0000—0000", "139——0000——0000", "139‑0000‑0000", "139–0000–0000", "139−0000−0000", "139⁃0000⁃0000",
    "139﹣0000﹣0000", "139－0000－0000", "139─0000─0000", "139ー0000ー0000", "139 - 0000 - 0000", "139_0000_0000",
    "139  0000  0000", "139\u30000000\u30000000", "139\xa00000\xa00000", "139\u20090000\u20090000", "139\t0000\t0000",
    "139\n0000\n0000", "139\u200b0000\u200b0000", "139\u202f0000\u202f0000", "139\u205f0000\u205f0000",
    "(139)00000000", "（139）0000 0000", "139-00000000", "1390000-0000", "1 3 9 0 0 0 0 0 0 0 0",
    "139 0000 0000 2025年", "13900000000/13900000000", "𝟏𝟑𝟗𝟎𝟎𝟎𝟎𝟎𝟎𝟎𝟎", "١٣٩٠٠٠٠٠٠٠٠", "一三九〇〇〇〇〇〇〇〇",
    "一三九 〇〇〇〇 〇〇〇〇", "壹叁玖零零零零零零零零", "①③⑨⓪⓪⓪⓪⓪⓪⓪⓪", "微信同号13900000000同号",
    "139|0000|0000", "139'0000'0000", "139#0000#0000", "139「0000」0000", "139\\0000\\0000", "{139}00000000",
    "139\u034f0000\u034f0000", "139\ufe0f0000\ufe0f0000", "139˙0000˙0000", "139╌0000╌0000", "139      0000      0000",
    "1️⃣3️⃣9️⃣0️⃣0️⃣0️⃣0️⃣0️⃣0️⃣0️⃣0️⃣", "一 三 九 零 零 零 零 零 零 零 零", "一-三-九-〇-〇-〇-〇-〇-〇-〇-〇",
]  # fmt: skip
IDENTITIES = [
    "110101190001010014.", ".110101190001010014", "证号.110101190001010014。", "1.110101190001010014",
    "1 110101190001010014", "2025 110101190001010014", "No.110101190001010014", "（110101190001010014）",
    "110101 19000101 0014", "110101—19000101—0014", "110101.19000101.0014", "110101190001010014-1",
    "—110101190001010014—",
]  # fmt: skip
CARDS = [
    "6222000000000000004.", ".6222000000000000004", "卡号.6222000000000000004。", "1.6222000000000000004",
    "6222 0000 0000 0000 004", "6222—0000—0000—0000—004", "6222.0000.0000.0000.004", "1 6222 0000 0000 0000 004",
    "2025 6222 0000 0000 0000 004", "622200 0000000000004", "（6222000000000000004）", "6222000000000000004-1",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *((text, (MOBILE, "手机号")) for text in MOBILES),
        *((text, (IDENTITY, "身份证号")) for text in IDENTITIES),
        *((text, (CARD, "银行卡号")) for text in CARDS),
        ("1101051949123100 2X", ("11010519491231002X", "身份证号")),
        ("11010519491231002x.", ("11010519491231002X", "身份证号")),
        *(
            (f"11010519491231002{end}", ("11010519491231002X", "身份证号"))
            for end in (" X", "-x", "—X", "Х", "Χ", "×", " X。", "Ｘ", "Ⅹ")
        ),
        ("110105 19491231 002 X", ("11010519491231002X", "身份证号")),
    ],
)
def test_a_private_number_is_known_in_every_writing(text, found):
    assert found in list(private_numbers(text))


@pytest.mark.parametrize(
    "text",
    [
        "投资13900000000元", "150 0000 0000元", "19 000 000 000 元", "面积15000000000平方米", "1300|1400|1500",
        "十三、十四、十五、十六、十七、十八、十九", "一 二 三 四 五 六 七 八 九 十", "12345、12333、96333、119",
        "0.13900000000", "12345.13900000000", "139.00000000", "1390000.0000", "139.1234 5678.90", "1390.12 3456.78",
        "13,900,000,000", "139.12、345.67", "2021—2022—2023—2024", "20240115——20251231", "2024-01-15—2025-12-31",
        "（1）3900000000", "（1）3900000000人次", "2.13900000000人次", "13900000000.5512 元", "13900000000.551234元",
        "150、1200、1300", "150/1200/1300", "192.168.100.100", "东经114.889367，北纬30.396572",
    ],
)  # fmt: skip
def test_amounts_and_dates_are_not_private(text):
    assert list(private_numbers(text)) == []


def test_ten_thousand_texts_such_as_forms_hold_raise_no_alarm():
    dice = random.Random(20250124)
    alarms = [found for _ in range(10_000) if (found := list(private_numbers(plausible.text(dice))))]
    assert alarms == []


@pytest.mark.long
@pytest.mark.parametrize("text", ["1 " * 100_000, "5 " * 100_000, "1" * 200_000, "(1)-" * 50_000, "一三九" * 70_000])
def test_a_long_text_of_digits_takes_a_time_that_grows_with_it(text):
    def seconds(length: int) -> float:
        begin = time.process_time()
        list(private_numbers(text[:length]))
        return time.process_time() - begin

    assert seconds(len(text)) < 12 * seconds(len(text) // 4) + 0.5


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


def test_it_stops_the_unit_as_a_target_that_yaml_reads_as_a_number(project):
    _, result = findings(project, ("指标值: ≤100%", f"指标值: {MOBILE}"))
    assert "private-number" in {finding.rule for finding in unanswered(result.findings)}


@pytest.mark.parametrize("answer", [MOBILE, "139-0000-0000", "139—0000—0000", "热线139—0000—0000"])
def test_a_number_is_allowed_as_digits_or_as_it_stands_in_the_text(project, answer):
    text = "139-0000-0000" if answer == "139-0000-0000" else "139—0000—0000"
    _, result = findings(
        project,
        ("部门职能概述:\n  - ", f"部门职能概述:\n  - 热线{text}，"),
        ("部门名称", f'允许公开的内容: {{"{answer}": 服务热线}}\n部门名称'),
    )
    assert unanswered(result.findings) == []


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


@pytest.mark.parametrize(
    ("settings", "rule", "line"),
    [
        (tiny.SITE.replace("名称: 果园", "名称: 果园 139-0000-0000"), "private-number", 1),
        (tiny.SITE.replace("名称: 果园", "名称: 13900000000"), "schema-type", 1),
        (tiny.SITE + "栏目: [一, {13900000000: 二}]\n", "schema-type", 4),
        ("- 一\n", "schema-type", 1),
        ("果园\n", "schema-type", 1),
    ],
)
def test_the_settings_are_published_too(tiny_project, settings, rule, line):
    """They stand on every page; what is no group of settings is not taken for none, by the schema that is shipped."""
    (tiny_project / "data/site.yaml").write_text(settings, "utf-8")
    with pytest.raises(DataError) as raised:
        site.load_site(snapshot(tiny_project))
    (finding,) = raised.value.findings
    assert finding.rule == rule and finding.place.line == line
    assert finding.level is Level.ERROR
    assert rule != "private-number" or "13900000000" not in finding.message
