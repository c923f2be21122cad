"""What a window is told of findings and of the fields below the form, without a browser."""

from __future__ import annotations

import json
import re

import pytest

from perfgen.authoring import repair_values
from perfgen.filling import change
from perfgen.filling.dropped import dropped
from perfgen.filling.edits import EditError, Rename
from perfgen.project import invocation
from perfgen.serving.desk import Desk
from perfgen.serving.knowing import about
from perfgen.serving.window import payload
from tests.helpers import tiny
from tests.helpers.projects import REPOSITORY, snapshot, with_form
from tests.test_filling_reasons import SAMPLES, found

SOURCE = "data/2025/示例市档案馆.yaml"
MISTAKES = (
    ("填报人: ", "填报人: # "),
    ("联系电话: ", "没有的名称: "),
    ("本年度预算: ", "本年度预算: 约"),
    ("项目名称: ", "项目名字: "),
    ("年度工作任务:", "年度任务:"),
    ("类别: 人员类项目支出", "类别: 人员类项目"),
)


def shown(root, source):
    desk = Desk(snapshot(root))
    return payload(desk, desk.look(source))


def on_the_page(view):
    """The numbers of the slots that have an element in the form or below it."""
    return set(map(int, re.findall(r'data-slot="(\d+)"', view["html"]["form"] + view["html"]["rest"])))


@pytest.mark.parametrize("source", SAMPLES)
def test_each_finding_about_a_place_leads_to_one_on_the_page(source):
    desk = Desk(snapshot(REPOSITORY))
    look = desk.look(source)
    view = payload(desk, look)
    assert len(view["findings"]) == len(look.findings)
    placed = [one["slot"] for one in view["findings"] if one["slot"] is not None]
    assert len(placed) >= sum(bool(one.path) for one in look.findings)
    assert set(placed) <= on_the_page(view)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    return with_form(tmp_path_factory.mktemp("known") / "project", "data/site.yaml", SOURCE)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_leads_to_its_cell_or_the_one_beside(copy, mistake):
    path = copy / SOURCE
    kept = path.read_text("utf-8")
    assert mistake[0] in kept
    try:
        path.write_text(kept.replace(*mistake, 1), "utf-8")
        view = shown(copy, SOURCE)
        slots = [one["slot"] for one in view["findings"] if one["part"] in ("error", "hole")]
        assert slots
        assert set(slots) - {None} <= on_the_page(view)
        # what the form has no place for stands below it
        assert slots.count(None) == view["html"]["findings"].count("data-stranger=")
    finally:
        path.write_text(kept, "utf-8")


def test_the_list_says_errors_then_warnings_then_holes_then_the_rest(copy):
    path = copy / SOURCE
    kept = path.read_text("utf-8")
    try:
        path.write_text(kept.replace("填报人: ", "填报人: # ").replace("联系电话: ", "没有的名称: "), "utf-8")
        view = shown(copy, SOURCE)
    finally:
        path.write_text(kept, "utf-8")
    parts = [one["part"] for one in view["findings"]]
    assert parts == sorted(parts, key=["error", "warning", "hole", "rest"].index)
    assert {"error", "hole", "rest"} <= set(parts)
    text = view["html"]["findings"]
    assert text.index("要改的错误") < text.index("还没有填") < text.index("不用改的")


def test_a_made_up_form_explains_its_sum(tmp_path):
    root = tiny.make(tmp_path / "tiny")
    source = "data/2025/东园.yaml"
    desk = Desk(snapshot(root))
    view = payload(desk, desk.look(source))
    figure = next(slot for slot in view["slots"] if slot["kind"] == "figure")
    html = about(desk, source, tuple(figure["path"]), "/KEY/")
    assert "水果每一行斤数相加" in html
    assert re.findall(r"<strong>([\d.]+)</strong>", html) == ["5.5", "3.5", "2"]
    assert json.dumps(["水果", 0, "斤数"]).replace('"', "&#34;") in html


def test_no_answer_but_the_link_to_the_editor_holds_a_path_of_the_machine(tmp_path):
    root = tiny.make(tmp_path / "tiny")
    source = "data/2025/东园.yaml"
    desk = Desk(snapshot(root))
    assert str(tmp_path) not in json.dumps(payload(desk, desk.look(source)), ensure_ascii=False)
    html = about(desk, source, ("备注",), "/KEY/")
    assert html.count("/tiny/data/") == 1
    assert f"vscode://file/{root.resolve().as_posix().lstrip('/')}/data/2025/" in html


def test_names_from_a_file_are_shown_and_never_run(tmp_path):
    root = tiny.make(tmp_path / "tiny")
    nasty = '"><script>alert(1)</script>'
    tiny.write_unit(root, "东园", tiny.UNIT.format(name="东园") + f"{json.dumps(nasty)}: {json.dumps(nasty)}\n")
    view = shown(root, "data/2025/东园.yaml")
    assert "表里没有的" in view["html"]["rest"]
    for html in view["html"].values():
        assert "<script" not in html


@pytest.fixture
def in_window():
    state = invocation.state()
    invocation.in_window()
    yield
    invocation.resume(state)


@pytest.mark.usefixtures("in_window")
def test_messages_in_the_window_name_its_buttons():
    assert invocation.command("new", "2025", "甲") == "“新建”"
    assert invocation.command("check", "--fix", SOURCE) == "“改正”"
    assert invocation.command("approve").startswith("perfgen ")


def test_a_reason_gets_another_name_and_the_last_takes_its_group_along():
    source = "data/2025/示例市教育局.yaml"
    filing, _ = found(snapshot(REPOSITORY), source)
    names = list(filing.document.data["调整理由"])
    text = change.changed(filing.document, filing.form, Rename(("调整理由", names[0]), "另一个名称"))
    before = filing.document.text.splitlines()
    assert [line for line in text.splitlines() if line not in before] == [
        one.replace(names[0], "另一个名称", 1) for one in before if one not in text.splitlines()
    ]
    for name in (names[1], " "):
        with pytest.raises(EditError):
            change.changed(filing.document, filing.form, Rename(("调整理由", names[0]), name))
    for name in names:
        edit = dropped(filing, ("调整理由", name))
        filing, _ = found(snapshot(REPOSITORY), source, change.changed(filing.document, filing.form, edit))
    assert "调整理由" not in filing.document.text


def test_a_repair_is_what_the_command_does(copy):
    path = copy / SOURCE
    kept = path.read_bytes()
    broken = kept.replace("填报人: ".encode(), "填报人: \u200b".encode(), 1)
    try:
        path.write_bytes(broken)
        view = shown(copy, SOURCE)
        assert "data-repair" in view["html"]["findings"]
        desk = Desk(snapshot(copy))
        desk.repair(SOURCE, view["version"])
        assert path.read_bytes() == repair_values.repaired(snapshot(copy), SOURCE, broken).content == kept
    finally:
        path.write_bytes(kept)


def test_a_file_that_cannot_be_read_is_put_right_with_the_same_button(copy):
    path = copy / SOURCE
    kept = path.read_bytes()
    try:
        path.write_bytes(kept.replace("填报人: ".encode(), "填报人： ".encode(), 1))
        desk = Desk(snapshot(copy))
        view = payload(desk, desk.look(SOURCE))
        assert view["broken"]
        assert "data-repair" in view["html"]["findings"]
        desk.repair(SOURCE, view["version"])
        assert path.read_bytes() == kept
        assert not payload(desk, desk.look(SOURCE))["broken"]
    finally:
        path.write_bytes(kept)
