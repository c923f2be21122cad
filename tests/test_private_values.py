"""What a private field holds and public text holds too is warned of, in any writing, until it is allowed."""

from __future__ import annotations

import json
import time

import pytest

from perfgen.build import job
from perfgen.check import check, loading
from perfgen.check.private_values import PrivateValues
from perfgen.findings import Level
from perfgen.project.layout import DataFile
from perfgen.report import site
from tests.conftest import SAMPLES
from tests.helpers import tiny
from tests.helpers.projects import REPOSITORY, snapshot


def found(root, name="东园") -> list:
    """The warnings of a tiny project's unit."""
    project = snapshot(root)
    source = DataFile.at(f"data/2025/{name}.yaml")
    result = job.build_file(project, source, site.load_site(project), frozenset({("data_json", "public")}))
    return [finding for finding in result.findings if finding.rule.startswith("private-")]


def warned(root, private: str, public: str, name="东园", further="") -> list:
    """The warnings of a unit with a private remark and a public name of things."""
    text = tiny.UNIT.format(name=name).replace("备注: 内部", f"备注: {json.dumps(private, ensure_ascii=False)}")
    text = text.replace("水果:", f"items: {json.dumps(public, ensure_ascii=False)}\n{further}水果:")
    tiny.write_unit(root, name, text)
    return found(root, name)


NAMES = [
    ("欧阳测试", "由欧阳测试负责登记"), ("欧阳测试", "联系人欧阳测试，电话见上"), ("欧阳测试", "每年欧阳测试都来"),
    ("欧阳测试", "欧 阳 测 试"), ("欧阳测试", "欧阳·测试"),
    ("欧 阳 测 试", "联系欧阳测试"), ("欧阳测试", "（欧阳测试）"),
    ("张三", "联系人：张三。"), ("张三", "由张三负责"), ("张三", "请找张三同志"),
    ("张三", "备注张三"), ("王小测", "每季度王小测组织抽查"), ("张三、李四测", "李四测主办"),
    ("张三 13900000000", "找张三"),
    ("王小测 (办公)", "王小测"), ("内部底价另议", "这里写了内部底价另议四字"), ("测试话", "“测试话”"),
    ("Ａ区小测", "a区小测"),
]  # fmt: skip
NUMBERS = [
    ("0711-3388765", "电话0711-3388765。"), ("0711-3388765", "07113388765"), ("0711-3388765", "(0711)3388765"),
    ("0711-3388765", "0711 338 8765"), ("0711-3388765", "０７１１－３３８８７６５"), ("0711-3388765", "0711—3388765"),
    ("0711-3388765", "来电3388765"), ("07113388765", "3388765"), ("0711-3388765转8001", "0711-3388765-8001"),
    ("0711-3388765-8001", "0711-3388765转8001"), ("电话0711-3388765张三", "0711.3388765.1"), ("123456", "第123456号"),
    ("0711-3388765", "〇七一一 三三八八七六五"), ("010-12345678", "12345678"), ("1.123456", "12345 6 和 123456"),
]  # fmt: skip
NONE = [
    ("示例", "示例市的水果"), ("张三", "一张三联单"), ("文明", "文明城市"),
    ("高原", "高原地区的苹果"), ("李明", "李明辉的苹果"),
    ("无", "无核的"), ("李", "李子"), ("经济科", "经济科技"), ("暂无", "暂无"), ("0711-3388765", "07113388766"),
    ("0711-3388765", "投资13388765元"), ("123456", "1234567"), ("123456", "12.3456万元"), ("123456", "1.123456"),
    ("2025-01-10", "2025年1月10日、2025-01-10"), ("12345", "12345"), ("预算1200000元", "1200000元"),
    ("联系人：张三", "联系人"),
    ("张三", "张，三"), ("0711-3388765", "0711万元、3388766"),
]  # fmt: skip


@pytest.mark.parametrize(("private", "public"), [*NAMES, *NUMBERS])
def test_a_private_value_in_public_text_is_a_warning(tiny_project, private, public):
    (finding,) = [one for one in warned(tiny_project, private, public) if one.rule == "private-value"]
    assert finding.level is Level.WARNING and finding.path == ("items",) and finding.place.line == 5
    assert "“备注”" in finding.message and private not in str(finding), "a log of CI is read by many"


@pytest.mark.parametrize(
    ("private", "public"),
    [("张三", "张　三"), ("张 三", "张三"), ("⼩测试人", "小测试人"), ("小测试人", "⼩测试人"), ("张三", "张\u200b三")],
)
def test_a_writing_that_is_refused_anyway_hides_nothing(tiny_project, private, public):
    tiny.write_unit(tiny_project, "东园", tiny.UNIT.format(name="东园").replace("备注: 内部", f'备注: "{private}"'))
    filing = loading.filing(snapshot(tiny_project), DataFile.at("data/2025/东园.yaml"))
    assert [value.field for value in PrivateValues(filing).found_in(public)] == ["备注"]


@pytest.mark.parametrize(("private", "public"), NONE)
def test_what_only_looks_like_it_is_none(tiny_project, private, public):
    assert warned(tiny_project, private, public) == []


@pytest.mark.parametrize("answer", ["欧阳测试", "欧阳 测试", "由欧阳测试负责"])
def test_it_is_allowed_with_a_reason_in_any_writing(tiny_project, answer):
    schema = json.loads((tiny_project / "schema/fruit.schema.json").read_text("utf-8"))
    schema["properties"]["可以公开"] = {
        "title": "可以公开", "type": "object", "x-role": "allow", "x-printed": False,
        "additionalProperties": {"type": "string", "x-printed": False},
    }  # fmt: skip
    (tiny_project / "schema/fruit.schema.json").write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    further = f"可以公开: {{{json.dumps(answer, ensure_ascii=False)}: 本人同意}}\n"
    assert warned(tiny_project, "欧阳测试", "由欧阳测试负责", further=further) == []
    (idle,) = warned(tiny_project, "欧阳测试", "没有这个人", further=further)
    assert idle.rule == "private-unused"


def test_names_of_files_are_public_too(tiny_project):
    of_file, of_unit = warned(tiny_project, "张三", "苹果", name="东园-张三")
    assert of_unit.path == ("果园",)
    assert of_file.rule == "private-value" and of_file.path == () and "文件名" in of_file.message


def test_names_of_groups_are_public_and_private_groups_have_names(tiny_project):
    schema = json.loads((tiny_project / "schema/fruit.schema.json").read_text("utf-8"))
    schema["properties"]["园区"] = {
        "title": "园区", "type": "object", "x-printed": False,
        "additionalProperties": {"type": "string", "x-public": True, "x-printed": False},
    }  # fmt: skip
    schema["properties"]["内部分工"] = {
        "title": "内部分工", "type": "object", "x-printed": False,
        "additionalProperties": {"type": "string", "x-printed": False},
    }  # fmt: skip
    (tiny_project / "schema/fruit.schema.json").write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    further = "园区: {王小测负责的: 一区}\n内部分工: {王小测: 种树, 李小验: 浇水}\n"
    (finding,) = warned(tiny_project, "无", "苹果", further=further)
    assert finding.path == ("园区", "王小测负责的") and "“内部分工”" in finding.message
    (finding,) = warned(tiny_project, "无", "李小验的苹果", further="内部分工: {李小验: 浇水}\n")
    assert finding.path == ("items",)


@pytest.mark.parametrize("source", SAMPLES)
def test_the_samples_are_clean(source):
    filing = loading.filing(snapshot(REPOSITORY), DataFile.at(source))
    assert [found for found in check.check_filing(filing) if found.rule.startswith("private-")] == []


def test_reasons_and_approvals_are_no_private_values(project):
    path = project / "data/2025/示例市档案馆.yaml"
    text = path.read_text("utf-8")
    text = text.replace("审核说明:\n", "审核说明:\n  D01: 王小测说的话\n", 1)
    text = text.replace("部门职能概述:\n  - ", "部门职能概述:\n  - 王小测说的话，", 1)
    path.write_text(text.replace("填报人: 示例", "填报人: 赵大验", 1), "utf-8")
    filing = loading.filing(snapshot(project), DataFile.at("data/2025/示例市档案馆.yaml"))
    assert "private-value" not in {found.rule for found in check.check_filing(filing)}


def test_many_values_over_a_long_text_take_no_longer_than_their_length():
    values = object.__new__(PrivateValues)
    values.beside, values.numbers, values.words = (), {}, {}
    for number in range(20_000):
        values.words["测" * 64 + f"{number:05}"] = "备注"
    values.index()
    begin = time.process_time()
    assert list(values.found_in("测" * 100_000)) == []
    assert time.process_time() - begin < 20
