"""What a comparison says: pairs of files with the sentences they give, and each format."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest

from perfgen.comparison.classify import Class, classify
from perfgen.comparison.difference import DifferenceKind
from perfgen.comparison.match import differences
from perfgen.comparison.sentences import sentence
from perfgen.comparison.text_diff import changes_numbers, excerpt
from perfgen.display import visible
from perfgen.fields import Field
from perfgen.findings import Level
from perfgen.review import formats, rules, versions
from perfgen.review.check_changes import between
from perfgen.review.compare import Comparison
from perfgen.review.formats import markdown
from perfgen.review.headline import headline
from perfgen.review.versions import VersionRange
from perfgen.values import Vocabulary
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot
from tests.helpers.versions import CASES, case, compared, said, version

NAMES = sorted(path.name for path in CASES.iterdir())
SCHEMA = json.loads((REPOSITORY / "docs/diff.schema.json").read_text("utf-8"))
ENDS = VersionRange("0" * 40, None, "main", "现在的文件")


def whole(*names: str) -> Comparison:
    return Comparison(snapshot(REPOSITORY), ENDS, tuple(case(name) for name in names))


@pytest.mark.parametrize("name", NAMES)
def test_a_pair_of_files_gives_these_sentences(name):
    assert said(case(name)) == CASES.joinpath(name, "expected.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("name", NAMES)
def test_a_version_beside_itself_has_no_changes(name):
    for side in ("old", "new"):
        text = CASES.joinpath(name, f"{side}.yaml").read_bytes()
        unit = compared(text, text)
        assert unit.changes == () and unit.findings == ()


def test_there_are_pairs_for_every_class():
    seen = {change.meaning for name in NAMES for change in case(name).changes}
    assert seen == set(Class) - {Class.CORRECTED}  # this form has no outcomes: tests/test_outcomes.py


@pytest.mark.parametrize("name", NAMES)
def test_places_point_at_the_value_on_both_sides(name):
    for change in case(name).changes:
        for side, place, value in (("old", change.old_place, change.old), ("new", change.new_place, change.new)):
            if place and isinstance(value, str):
                line = CASES.joinpath(name, f"{side}.yaml").read_text("utf-8").splitlines()[place.line - 1]
                assert line[place.column - 1 :].lstrip("\"'").startswith(value[:10].split("\u202e")[0])
        assert (change.old_place is None) == (change.difference.old_path is None)


def test_fingerprints_tell_changes_apart():
    everything = [change for name in NAMES if name != "scale" for change in case(name).changes]
    by_content: dict[str, set[str]] = {}
    for change in everything:
        by_content.setdefault(change.fingerprint, set()).add(f"{change.path}|{change.old}|{change.new}|{change.kind}")
    assert all(len(contents) == 1 for contents in by_content.values())
    assert all(re.fullmatch("[0-9a-f]{16}", fingerprint) for fingerprint in by_content)


def test_two_changes_alike_in_everything_have_their_own_fingerprints():
    old = CASES.joinpath("prose/old.yaml").read_text("utf-8")
    new = old.replace("  - 办好实事。", "  - 办好实事。\n  - 一样的。\n  - 一样的。")
    assert len({change.fingerprint for change in compared(old, new).changes}) == 2


class TestApprovals:
    OLD = CASES.joinpath("weaker-and-stricter/old.yaml").read_text("utf-8")
    NEW = CASES.joinpath("weaker-and-stricter/new.yaml").read_text("utf-8")

    def approved(self, *fingerprints: str, text: str | None = None) -> str:
        record = "{审核人: 示例, 日期: 2025-01-10, 意见: 同意}"
        lines = "".join(f'  "{one}": {record}\n' for one in fingerprints)
        return (text or self.NEW).replace("填报人:", f"审核记录:\n{lines}填报人:", 1)

    def test_an_approved_change_is_answered_and_says_by_whom(self):
        weaker = [change for change in compared(self.OLD, self.NEW).changes if change.is_open]
        unit = compared(self.OLD, self.approved(*(change.fingerprint for change in weaker)))
        assert len(weaker) == 3 and not [change for change in unit.changes if change.is_open]
        assert unit.findings == ()
        approvals = {change.approval for change in unit.changes if change.meaning is Class.WEAKER}
        assert [(a.reviewer, a.date, a.opinion) for a in approvals] == [("示例", "2025-01-10", "同意")]

    def test_a_further_change_voids_only_its_own_approval(self):
        weaker = [change for change in compared(self.OLD, self.NEW).changes if change.is_open]
        text = self.approved(
            *(change.fingerprint for change in weaker), text=self.NEW.replace("≥90%, 依据: 计划", "≥85%, 依据: 计划")
        )
        unit = compared(self.OLD, text)
        (still,) = [change for change in unit.changes if change.is_open]
        assert (still.before, still.after, still.rule) == ("≥95%", "≥85%", "R01")
        (void,) = unit.remarks
        gone = next(change for change in weaker if change.after == "≥90%")
        assert void.rule == "R05" and gone.fingerprint in void.message
        assert text.splitlines()[void.place.line - 1].strip().startswith(f'"{gone.fingerprint}"')

    def test_approvals_of_an_earlier_change_say_nothing(self):
        before = self.approved("0123456789abcdef", text=self.OLD)
        after = self.approved("0123456789abcdef")
        assert compared(before, after).remarks == []

    def test_a_short_fingerprint_approves_nothing(self):
        (first, *_) = (change for change in compared(self.OLD, self.NEW).changes if change.is_open)
        assert compared(self.OLD, self.approved(first.fingerprint[:11])).changes[0].approval is None
        assert [f.rule for f in compared(self.OLD, self.approved(first.fingerprint[:12])).remarks] == []


def test_findings_of_check_that_are_new_and_gone():
    unit = case("new-finding")
    assert [finding.rule for finding in unit.check_delta.appeared] == ["private-number"] and unit.check_delta.gone == ()
    old, new = (CASES.joinpath("new-finding", f"{side}.yaml").read_bytes() for side in ("old", "new"))
    back = compared(new, old)
    assert [finding.rule for finding in back.check_delta.gone] == ["private-number"] and back.check_delta.appeared == ()


def test_a_finding_that_only_moved_is_not_new():
    text = CASES.joinpath("new-finding/new.yaml").read_text("utf-8")
    lines = text.splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if "13800000000" in line)
    swapped = "".join([*lines[: at - 1], lines[at], lines[at - 1], *lines[at + 1 :]])
    unit = compared(text, swapped)
    assert (unit.check_delta.appeared, unit.check_delta.gone) == ((), ())


def test_a_finding_that_is_answered_now_is_waived(monkeypatch):
    """Until it is answered it is new or there; afterwards it is neither."""
    text = CASES.joinpath("prose/old.yaml").read_bytes()
    old = version(text, "data/2025/x.yaml")

    class Answered:
        def __init__(self, reason: str) -> None:
            self.rule, self.path, self.reason, self.level = "D04", ("年度",), reason, Level.WARNING

    def of(*reasons: str):
        return replace(old, findings=tuple(Answered(reason) for reason in reasons))

    def counts(before, after):
        return tuple(len(found) for found in between(of(*before), of(*after)))

    assert counts([""], ["已商定"]) == (0, 0, 1)
    assert counts([], ["已商定"]) == (0, 0, 1)
    assert counts(["已商定"], [""]) == (1, 0, 0)
    assert counts(["已商定"], ["已商定"]) == (0, 0, 0)
    assert counts([""], []) == (0, 1, 0)
    assert counts([], [""]) == (1, 0, 0)


def test_a_row_typed_as_a_text_may_move_too():
    """A list of rows may hold a text by mistake: it has no members that could be compared."""
    text = CASES.joinpath("moved-to-another-group/old.yaml").read_text("utf-8")
    typed = "        - 多打的一行\n"
    heading = "        - {三级指标: 预算{}率, 前年:"
    before, after = (
        text.replace(heading.replace("{}", name), typed + heading.replace("{}", name)) for name in ("调整", "执行")
    )
    assert before.count(typed) == after.count(typed) == 1
    (moved,) = [change for change in compared(before, after).changes if change.kind is DifferenceKind.MOVED]
    assert (moved.old, moved.new) == ("多打的一行", "多打的一行")
    assert moved.sentence == "换了地方：原来在“年度绩效指标 › 节约行政成本 › 管理效率 › 预算编制”"


def test_grades_and_usual_directions_come_from_the_form():
    item = Field("object", "行", members={"名": Field("value", "名"), "值": Field("value", "值", measure=True)})
    fields = Field("object", "", members={"表": Field("array", "表", identity="名", item=item)})
    words = Vocabulary({"率": "≥>"}, (("优", "良", "中", "差"),))

    def of(old: str, new: str) -> str:
        rows = [{"表": [{"名": "完成率", "值": value}]} for value in (old, new)]
        (one,) = differences(*rows, fields)
        meaning = classify(one, words)
        return f"{meaning.value} {sentence(one, meaning, words)}"

    assert of("优", "中") == "放宽 由 优 改为 中，放宽 2 级"
    assert of("良", "优") == "趋严 由 良 改为 优，收紧 1 级"
    assert of("95%", "90%") == "放宽 由 95% 改为 90%，放宽 5 个百分点"
    assert of("优", "很好") == "仅文字 文字由“优”改为“很好”"


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("完成12件", "完成13件", "完成 -12 +13 件"),
        ("天地玄黄甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥甲",
         "天地玄黄甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥乙",
         "…寅卯辰巳午未申酉戌亥 -甲 +乙"),
        ("甲乙", "甲丙乙", "甲 +丙 乙"),
        ("同", "同", "同"),
        ("增长5.5%以上", "增长5.8%以上", "增长 -5.5% +5.8% 以上"),
    ],
)  # fmt: skip
def test_where_two_texts_differ(old, new, wanted):
    signs = {"same": "", "gone": "-", "new": "+"}
    assert " ".join(signs[kind] + text for kind, text in excerpt(old, new)) == wanted


def test_numbers_in_prose_are_noticed_and_the_unseen_is_shown():
    assert changes_numbers("不少于18亿元", "不少于15亿元") and not changes_numbers("共１２件", "有12件")
    assert visible("甲\u202e乙\x07") == "甲<U+202E>乙<U+0007>"


def test_every_rule_is_complete_and_can_be_told():
    assert list(rules.RULES) == [*(f"R0{n}" for n in range(1, 7)), "R08"]
    for rule in rules.RULES.values():
        assert rule.about.format(name="甲") and rule.why and rule.remedy.format(field="理由", name="甲")


def test_the_headline_counts():
    lines = headline(whole("weaker-and-stricter", "weaker-with-reason", "money", "broken"))
    assert lines[0] == "1 个文件有一个版本读不出来，没有比较：data/2025/示例市某局.yaml。"
    assert lines[1] == "新出现 2 个错误，要先改正：示例市某局 2 个。"
    assert lines[2] == "放宽 4 项（3 项没有理由），取消 1 项；趋严 3 项；另有 4 处别的改动。"
    assert lines[3] == "收入合计 › 当年金额：1800 → 1832.3 万元，增加 32.3 万元（1.79%）。"
    assert headline(Comparison(snapshot(REPOSITORY), ENDS, ())) == ["没有变化。"]


def test_a_file_that_came_or_went_is_one_change():
    text = CASES.joinpath("prose/old.yaml").read_bytes()
    came, went = compared(None, text), compared(text, None)
    (new,), (gone,) = came.changes, went.changes
    assert (new.meaning, new.is_open, gone.meaning, gone.rule) == (Class.ADDED, False, Class.DROPPED, "R04")
    assert "其中有 14 项" in new.sentence and "收入合计 › 当年金额 600 万元" in new.sentence
    assert [finding.rule for finding in went.findings] == ["R04"]


class TestJson:
    def test_the_schema_is_one(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)

    @pytest.mark.parametrize("name", NAMES)
    def test_every_pair_is_as_the_schema_says(self, name):
        content = json.loads(formats.render("json", whole(name)))
        jsonschema.Draft202012Validator(SCHEMA).validate(content)
        assert len(content["changes"]) == len(case(name).changes)
        wanted = {
            "unit",
            "year",
            "class",
            "level",
            "path",
            "label",
            "old",
            "new",
            "old_place",
            "new_place",
            "fingerprint",
        }
        assert all(wanted <= change.keys() for change in content["changes"])

    def test_a_wrong_one_is_refused(self):
        content = json.loads(formats.render("json", whole("money")))
        content["changes"][0]["class"] = "变了"
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.Draft202012Validator(SCHEMA).validate(content)


class TestMarkdown:
    def test_the_weakest_comes_first_and_says_by_how_much(self):
        text = formats.render("markdown", whole("weaker-and-stricter"))
        lines = text.splitlines()
        assert lines[0] == markdown.MARKER
        assert lines[1] == "### 放宽 3 项（都没有理由）；趋严 3 项。"
        table = [line for line in lines if line.startswith("| ")]
        assert table[1].startswith("| ⚠ 放宽 | 示例市某局 2025 |")
        assert "`≤5%` | `≤8%` | 放宽 3 个百分点；**没有写理由** |" in table[1]
        assert text.count("<details>") == text.count("</details>") == 1

    def test_numbers_in_prose_are_in_the_table(self):
        text = formats.render("markdown", whole("prose"))
        assert text.splitlines()[1].endswith("；1 处文字里的数变了；另有 3 处别的改动。")
        (row,) = [line for line in text.splitlines() if line.startswith("| 仅文字 |")]
        assert "不少于〔删：1200〕〔增：1000〕件" in row

    def test_a_target_that_changed_without_a_direction_is_in_the_table(self):
        old = CASES.joinpath("prose/old.yaml").read_text("utf-8")
        new = old.replace("指标值: 明显提高", "指标值: 有所提高").replace("指标值: ≥95%", "指标值: 不低于95%")
        text = formats.render("markdown", Comparison(snapshot(REPOSITORY), ENDS, (compared(old, new),)))
        assert text.splitlines()[1] == "### 没有放宽，没有取消；1 项变了、看不出宽严；另有 2 处别的改动。"
        (row,) = [line for line in text.splitlines() if line.startswith("| 仅文字 |")]
        assert "`明显提高` | `有所提高`" in row

    def test_hostile_data_stays_text(self):
        text = formats.render("markdown", whole("awkward"))
        fold = text[text.index("<details>") :]
        assert "<b>" not in fold and "@x" not in fold and "http://" not in fold and "[a](" not in fold
        assert "\u202e" not in text and "&lt;U+202E&gt;" in text.replace("\\+", "+")
        rows = [line for line in text.splitlines() if line.startswith("|")]
        assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {7}

    @pytest.mark.parametrize("units", [1, 30, 400])
    def test_it_never_grows_beyond_a_comment(self, units):
        many = Comparison(
            snapshot(REPOSITORY),
            ENDS,
            tuple([case("weaker-and-stricter"), case("dropped-and-added"), case("prose")] * units),
        )
        text = formats.render("markdown", many)
        assert len(text) <= markdown.LIMIT
        assert text.count("<details>") == text.count("</details>")
        cut = re.search(r"还有 (\d+) 处没有列在这里", text)
        assert bool(cut) == (units > 1)
        if cut:
            told = text.count("指纹 ")
            assert int(cut[1]) <= len(many.changes) - told


class _Page(HTMLParser):
    """Tags as they open, and what would be fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.marked = 0

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag not in ("meta", "link", "col", "br", "img"):
            self.open.append(tag)
        self.marked += "marked" in (found.get("class") or "").split()
        self.fetched += [value for name, value in attrs if name in ("src", "href") and value[:1] != "#"]
        assert "style" not in found

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


class TestPage:
    @pytest.mark.parametrize("name", NAMES)
    def test_it_is_whole_and_fetches_nothing(self, name):
        page = _Page()
        text = formats.render("html", whole(name))
        page.feed(text)
        assert page.open == []
        assert [link for link in page.fetched if not link.startswith("data:")] == []
        for change in case(name).changes:
            assert change.fingerprint in text

    def test_changed_cells_are_marked_in_words_on_both_sides(self):
        text = formats.render("html", whole("weaker-and-stricter"))
        before, after = text.split("<caption>")[1:]
        for side, value in ((before, "≥95%"), (after, "≥90%")):
            assert f"<mark>放宽</mark>{value}" in side
        assert before.count("<mark>") == after.count("<mark>") == 6

    def test_computed_cells_are_marked_too(self):
        text = formats.render("html", whole("money"))
        after = text.split("<caption>")[2]
        assert "<mark>改</mark>588.55" in after and "<mark>资金减</mark>88.55" in after
        assert "<mark>资金增</mark>20" in after

    def test_rows_that_came_and_went(self):
        before, after = formats.render("html", whole("dropped-and-added")).split("<caption>")[1:]
        assert "<mark>取消</mark>政府采购执行率" in before and "政府采购执行率" not in after
        assert "<mark>新增</mark>企业投诉办结率" in after

    def test_hostile_data_is_escaped(self):
        text = formats.render("html", whole("awkward"))
        assert "<b>|@x" not in text and "&lt;b&gt;|@x" in text


def test_text_for_a_terminal():
    text = formats.render("text", whole("weaker-with-reason", "redefined"))
    assert text.splitlines()[0] == "main → 现在的文件"
    assert "      理由：年中机构改革，部分项目移交" in text
    assert "改法：在“调整理由”里写一行“预算调整率: 为什么换，和原来相当于多少”。 [R03]" in text


def test_a_format_is_found_by_its_file():
    there = {path.stem for path in Path(formats.__file__).parent.glob("[a-z]*.py")}
    assert set(formats.names()) == there == {"text", "markdown", "html", "json", "github"}


def test_a_file_in_which_everything_changed_is_compared_quickly():
    old = CASES.joinpath("prose/old.yaml").read_text("utf-8")
    rows = [
        "".join(
            f"  - {{项目名称: {word}项目{n}, 类别: 运转类项目支出, 总预算: {n}, 本年度预算: 1, 用途: 用}}\n"
            for n in range(1500)
        )
        for word in ("甲乙丙", "子丑寅")
    ]
    one, two = (
        old.replace("项目支出:\n", f"项目支出:\n{text}", 1).replace("支出构成:\n", "支出构成:\n") for text in rows
    )
    begin = time.process_time()
    assert len(compared(one, two).changes) == 3000
    assert time.process_time() - begin < 20


def test_amounts_are_exact():
    old = CASES.joinpath("money/old.yaml").read_text("utf-8")
    big = old.replace("财政拨款: {当年: 600", "财政拨款: {当年: 99999999999.99")
    bigger = old.replace("财政拨款: {当年: 600", "财政拨款: {当年: 99999999999.98")
    (change,) = compared(bigger, big).changes
    assert change.new - change.old == Decimal("0.01")
    assert "增加 0.01 万元（0%）" in change.sentence


def test_a_finding_that_an_old_reason_answers_is_shown_with_that_reason():
    """A reason is for a whole rule, so it may answer what nobody had in mind: the reviewer reads it beside it."""
    text = CASES.joinpath("weaker-with-reason", "old.yaml").read_text("utf-8")
    answered = text.replace("收入构成:", "审核说明: {D02: 站点数按等于考核}\n收入构成:", 1)
    old = answered
    new = re.sub(r"指标值: [≥≤=](\d)", r"指标值: \1", answered, count=1)
    assert new != old
    unit = compared(old, new)
    assert [finding.rule for finding in unit.check_delta.answered] == ["D02"]
    comparison = Comparison(snapshot(REPOSITORY), versions.VersionRange("a", None, "a", "现在的文件"), (unit,))
    for name in ("text", "markdown", "html", "json"):
        assert "站点数按等于考核" in formats.render(name, comparison)
