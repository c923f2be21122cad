"""What the engine's own findings advise in words is done for every bad case, as a person does it: the finding is gone.

Where the hint names what to write, or `--fix` repairs it, tests/test_advice.py does it. For the rest DONE says by case
what a person does; a finding without a way to do its advice fails here.
"""

from __future__ import annotations

import re

import pytest

from perfgen.findings import Finding, Level
from tests.test_advice import (
    CASES,
    FORM_RULES,
    Case,
    Doing,
    Way,
    as_in_sample,
    bad_case,
    changed,
    in_line,
    named_ways,
    project_root,
    without_line,
    written,
)
from tests.test_cases import BAD

__all__ = ["project_root"]  # a fixture

COMMENT = r"  # 期望.*"
AMOUNT, DATED = "33.5", "2025-01-10"
WIDE_NAMES = in_line(r"项目名称：公用经费，类别[:：]", "项目名称: 公用经费, 类别:")
CONFLICT = changed(r"<<<<<<<[^\n]*\n((?:.*\n)*?)=======\n(?:.*\n)*?>>>>>>>.*\n", r"\1")


def again(case: Case, finding: Finding, text: str) -> str:
    """Types what is garbled anew, as the message shows it."""
    shown = re.search("“(.+)”是乱码，原来大概是“(.+)”", finding.message)
    assert shown is not None
    return text.replace(shown[1], shown[2])


def sample(case: Case, finding: Finding, text: str) -> str:
    """Fills the file in, or in anew, after the sample."""
    return (CASES / "good/样板.yaml").read_text("utf-8")


def without_number(case: Case, finding: Finding, text: str) -> str:
    """Takes out the number that the hint quotes."""
    quoted = re.fullmatch("去掉“(.+)”。", finding.hint)
    assert quoted is not None
    return in_line(re.escape(quoted[1]), "")(case, finding, text)


DONE: dict[str, Doing] = {
    "YAML-不知道错在哪": in_line(",示例", "示例"),
    "YAML-两份文档": without_line,
    "YAML-乱码": in_line("用途: [^}]+", "用途: 办公"), "字符-乱码": again, "字符-当作国标码的乱码": again,
    "YAML-合并冲突": CONFLICT,
    "YAML-名称是列表": in_line(r"\[填报人\]", "填报人"),
    "YAML-引号后有字": in_line(": .*", ': "示例"'),
    "YAML-括号不成对": as_in_sample("收入构成", "支出构成"),
    "YAML-括号太深": in_line(r"\[+\]*", "办公"),
    "YAML-数字太长": in_line(r"\d{31,}", "300"),
    "YAML-无穷大": in_line(r"-?\.inf", "300"),
    "YAML-标签": in_line("!!str ", ""),
    "YAML-空文件": sample, "不是表": sample,
    "YAML-缩进不齐": in_line("^ ", "  "),
    "YAML-缺逗号": in_line("相符  依据", "相符, 依据"),
    "YAML-重复": without_line,
    "YAML-锚点和引用": in_line(r"&a |\*a", "29"),
    "公开-密级": in_line("机密★一年", ""),
    "公开-手机号": in_line("，咨询电话[0-9]+", ""),
    "公开-身份证号": in_line("，负责人[0-9]+", ""),
    "公开-邮箱": in_line("，报名寄 [a-z@.]+", ""),
    "公开-用不着的允许": without_line,
    "写法-占比": in_line("约6%", "6.25%"),
    "写法-填报人带称呼": in_line("（科长）", ""),
    "写法-填报人是电话": written("示例"),
    "类型-填报人是数": written("示例"),
    "写法-审核记录的指纹": in_line("第一条", "0123456789abcdef"),
    "写法-审核说明太短": in_line("无", "指标都是定性的"),
    "写法-数里有逗号": in_line("3,00", "300"), "类型-金额带逗号": in_line('"3,00"', "300"),
    "写法-金额写成无": in_line(", 前年: 无", ""), "写法-金额必填写成没有": in_line("没有", "0"),
    "多一项-名称和值连在一起": WIDE_NAMES,
    "多一项-备注": without_line, "多一项-项目里": in_line(", 负责人: [^,}]*", ""),
    "字符-两个自造字": in_line("[\ue000-\uf8ff](.*)[\ue000-\uf8ff]", r"和\1和"),
    "字符-自造字": in_line("[\ue000-\uf8ff]", "和"),
    "少一节-年度目标": changed("^(长期绩效指标:)", r"年度目标:\n  - 提高预警的准确率。\n\1"),
    "少一项-依据": in_line(", 分类", ", 依据: 计划标准, 分类"),
    "少一项-指标值": in_line(", 依据", ", 指标值: ≤1万元, 依据"),
    "少一项-标点是全角的": in_line(
        "{(.*)}", "{项目名称: 公用经费, 类别: 运转类项目支出, 总预算: 31, 本年度预算: 31, 用途: 办公}"
    ),
    "少一项-联系电话": changed("^(填报人: .*)", r"\1\n联系电话: 0000-0000009"),
    "少一项-长期一级指标": as_in_sample("长期绩效指标"),
    "少一项-项目用途": in_line("本年度预算: 31", "本年度预算: 31, 用途: 办公"),
    "年度和文件夹": written("2025"),
    "公开-联系电话": in_line("，咨询 0000-0000009", ""), "文字-举例的名称": in_line("名称:", "监测系统建设:"),
    "部门名称和文件名": written("部门名称和文件名"),
    "待核": in_line("# 待核.*", ""), "待核写了说明": changed(r"# 待核.*|^审核说明:.*\n(?:  .*\n)*", ""),
    "文字-井号当成注释": in_line("- (.*)", r'- "\1"'),
    "文字-多缩进的一条": in_line("^ +", "  "), "文字-多缩进的一项": in_line("^ +(.*?)：", r"\1: "),
    "空-一级指标": as_in_sample("长期绩效指标"), "空-二级指标": as_in_sample("长期绩效指标"),
    "空-一行": without_line, "空-没有名称的一行": without_line, "空-一行和别的错误": without_line,
    "空-规定的一组": as_in_sample("年度绩效指标"), "空-规定的一组里的一行": as_in_sample("年度绩效指标"),
    "空-大于号": as_in_sample("长期绩效指标"),
    "空-年度": in_line("年度:", "年度: 2025"),
    "空-部门名称": in_line("部门名称:", "部门名称: 示例市气象服务中心"),
    "空-指标值": in_line("指标值: ,", "指标值: 相符,"),
    "空-用途": in_line('""', "办公"), "空-用途只有空格": in_line('"  "', "办公"),
    "空-目标列表": in_line(r"目标: \[\].*", "目标:\n    - 建成覆盖城乡的预警体系，公众覆盖率达到98%。"),
    "类型-审核记录写成列表": in_line(r"\[.*\]", f"{{0123456789abcdef: {{审核人: 示例, 日期: {DATED}}}}}"),
    "类型-审核说明写成列表": in_line("- ", "D04: "),
    "类型-是写成布尔": in_line("true", "办公"), "类型-用途写成列表": in_line(r"\[办公, 水电\]", "办公、水电"),
    "类型-职能写成一段": in_line(": (.*)", r":\n  - \1"), "类型-职能写成一组": in_line(r": {一: (.*)}", r":\n  - \1"),
    "类型-金额写成汉字": in_line("三十三万五", AMOUNT),
    "范围-金额三位小数": in_line("本年度预算: [0-9.]+", f"本年度预算: {AMOUNT}"),
    "类型-金额后面的标点是全角的": in_line("20，上年：20，前年：20", "20, 上年: 20, 前年: 20"),
    "类型-金额带年字": in_line("300年", "300"),
    "类型-项目写成一组": in_line("^  ", "  - "), "类型-项目的冒号是全角的": as_in_sample("项目支出"),
    **dict.fromkeys(("编号-任务", "编号-照抄的目标", "编号-目标和照抄的目标", "编号-职能"), without_number),
    "范围-文字太长": as_in_sample("项目支出"),
    "范围-金额为负": in_line("-33.5", AMOUNT), "范围-金额太大": in_line(r"150000000000", "150"),
    "说明-名称前没有空格": in_line("D02", "D02 "), "说明-没有这条规则": in_line("D99", "D09"),
    "说明-错误不能说明": without_line,
    "选择-依据": in_line("部门标准", "计划标准"),
    "选择-类别三十一字": in_line("类别: [^,]+", "类别: 运转类项目支出"),
    "选择-类别正好三十字": in_line("类别: [^,]+", "类别: 运转类项目支出"),
    "选择-表式": written("department-target"), "选择-表式不在第一行": sample,
}  # fmt: skip
"""What a person does, by case."""


@pytest.mark.parametrize("name", [name for name in BAD if not re.match(r"[A-E]\d", name)])
def test_advice_in_words_can_be_done_and_helps(project_root, name):
    case = bad_case(project_root, name)
    text = (CASES / f"bad/{name}.yaml").read_bytes().decode("utf-8", "replace")
    for finding in case.found(text):
        if finding.level is Level.UNDECIDED or FORM_RULES.fullmatch(finding.rule) or named_ways(case, finding, text):
            continue
        assert name in DONE, f"nothing says how to do what is advised: {finding}\n{finding.hint}"
        way = Way(finding.hint, DONE[name](case, finding, text))
        left = case.found(way.text)
        alike = [one for one in left if (one.rule, one.path, one.place.line) == _mark(finding)]
        worse = [one for one in left if one.rule.startswith("yaml") and one.place.line == finding.place.line]
        assert way.text != text and not alike and not worse, (way.said, [f"{one}\n    {one.hint}" for one in left])


def _mark(finding: Finding) -> tuple[object, ...]:
    return finding.rule, finding.path, finding.place.line
