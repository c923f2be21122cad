"""The first page: what makes new files, and Word files that are brought; in a real browser, as somebody uses it."""

from __future__ import annotations

import re
import shutil
import zipfile
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.helpers.browsing import TOOLS, launched, opened, violations
from tests.helpers.projects import REPOSITORY
from tests.helpers.serving import Answer, Served, samples, serving
from tests.helpers.waiting import until
from tests.test_import_returned import word_of

ARCHIVES = "data/2025/示例市档案馆.yaml"
FORM, PROJECT = "department-target", "project-target"


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """The project that is served, the same one for all tests: each makes files of its own."""
    return samples(tmp_path_factory.mktemp("start") / "项目")


@pytest.fixture(scope="module")
def served(root):
    with serving(root) as served:
        yield served


@pytest.fixture(scope="module")
def word() -> bytes:
    """The filled-in form of a unit, as perfgen prints it."""
    return word_of(ARCHIVES)


def new(served: Served, unit: str, form: str = FORM, year: str = "2031", **more) -> Answer:
    return served.post("api/new", {"form": form, "year": year, "unit": unit, "about": {}, **more})


def brought(served: Served, content: bytes, name: str = "表.docx", **more: str) -> Answer:
    asked = "&".join(f"{key}={quote(value)}" for key, value in {"name": name, **more}.items())
    headers = {"Origin": f"http://127.0.0.1:{served.port}", "Content-Type": "application/octet-stream"}
    return served.ask("POST", f"{served.path}api/import?{asked}", content, headers)


def known(served: Served, source: str) -> dict:
    """The state of a file, as soon as it is known."""
    return until(lambda: served.get("api/files").json()["known"]["states"].get(source))


def test_all_files_are_listed_before_any_is_checked(served, root):
    listed = served.get("api/files").json()
    assert {one["file"] for one in listed["files"]} >= {
        path.relative_to(root).as_posix() for path in root.glob("data/2*/**/*.yaml")
    }
    assert [one["year"] for one in listed["files"]] == sorted((one["year"] for one in listed["files"]), reverse=True)
    assert {one["title"] for one in listed["forms"]} >= {"部门整体绩效目标表", "项目支出绩效目标表"}
    assert known(served, ARCHIVES)["stage"] == "已公开"


def test_names_are_spelt_for_the_search(served):
    spelt = served.get("api/spelt").json()
    assert spelt["示例市档案馆"] == "shi li shi dang an guan" or "dang an guan" in spelt["示例市档案馆"]


def test_an_empty_file_is_made_and_looked_at(served, root):
    made = new(served, "示例市水务局").json()
    assert made["file"] == "data/2031/示例市水务局.yaml"
    assert made["holes"] > 100
    assert (root / made["file"]).read_text("utf-8").startswith("# yaml-language-server: $schema=../../schema/")
    assert known(served, made["file"])["stage"] == "没填完"


def test_a_file_that_is_there_is_not_touched_by_a_new_one(served, root):
    made = new(served, "示例市林业局").json()["file"]
    before = (root / made).read_bytes()
    again = new(served, "示例市林业局")
    assert again.status == 400
    assert "已经有了" in again.json()["trouble"]
    assert (root / made).read_bytes() == before


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"unit": "a:b"}, "Windows 不许用"),
        ({"unit": "../../外面"}, "不能做文件名"),
        ({"unit": "/etc/外面"}, "不能做文件名"),
        ({"unit": "  "}, "写上单位的名称"),
        ({"unit": "某局", "year": "31"}, "四位数字"),
        ({"unit": "某局", "form": "没有的表"}, "先选一张表"),
        ({"unit": "某局", "form": ""}, "先选一张表"),
        ({"unit": "某局", "form": PROJECT}, "写上项目名称"),
        ({"unit": "某局", "form": PROJECT, "about": {"项目名称": " "}}, "写上项目名称"),
    ],
)
def test_what_cannot_be_made_says_why(served, root, asked, said):
    before = sorted(root.rglob("*"))
    answer = new(served, **{"year": "2032", **asked})
    assert answer.status == 400
    assert said in answer.json()["trouble"]
    assert "perfgen" not in answer.json()["trouble"]
    assert [path for path in root.rglob("*") if "2032" in path.parts or "外面" in path.name] == []
    assert {path for path in before if path.is_file()} <= set(root.rglob("*"))


def test_a_file_of_a_project_lies_where_its_form_says(served):
    answer = new(served, "示例市档案馆", PROJECT, about={"项目名称": "新库房=二期"})
    assert answer.json()["file"] == "data/2031/项目目标/示例市档案馆/新库房=二期.yaml"


def test_where_last_years_file_is_there_it_is_named_first(served, root):
    answer = new(served, "示例市住房和城乡建设局", year="2026").json()
    assert answer == {"before": "data/2025/示例市住房和城乡建设局.yaml", "year": "2025"}
    assert not (root / "data/2026/示例市住房和城乡建设局.yaml").exists()
    made = new(served, "示例市住房和城乡建设局", year="2026", anyway=True).json()
    assert made["file"] == "data/2026/示例市住房和城乡建设局.yaml"


def test_next_years_file_is_made_once(served, root):
    made = served.post("api/rollover", {"file": ARCHIVES}).json()
    assert made["file"] == "data/2026/示例市档案馆.yaml"
    before = (root / made["file"]).read_bytes()
    again = served.post("api/rollover", {"file": ARCHIVES})
    assert again.status == 400
    assert "已经有了" in again.json()["trouble"]
    assert (root / made["file"]).read_bytes() == before


def test_what_can_follow_a_file_is_said_and_made_once(served):
    source = "data/2025/示例市教育局.yaml"
    after = served.get(f"api/after?file={quote(source)}").json()
    assert after["rolls"] is True
    assert "department-review" in {step["form"] for step in after["next"]}
    made = served.post("api/next", {"file": source, "form": "department-review"}).json()
    assert made["file"] == "data/2025/部门自评/示例市教育局.yaml"
    again = served.post("api/next", {"file": source, "form": "department-review"})
    assert again.status == 400
    assert "已经有了" in again.json()["trouble"]


@pytest.mark.parametrize("source", ["data/2025/没有的.yaml", "data/2025/../../x.yaml", "schema/common.rules.yaml", ""])
@pytest.mark.parametrize("address", ["api/rollover", "api/next"])
def test_nothing_follows_a_file_that_is_none(served, source, address):
    answer = served.post(address, {"file": source, "form": "department-review"})
    assert answer.status == 400
    assert answer.json()["trouble"]


def test_a_new_word_form_is_shown_before_it_is_written(served, root, word):
    shown = brought(served, word, file="", year="2033").json()
    assert shown["file"] == "data/2033/示例市档案馆.yaml"
    assert not shown["change"]
    assert "确定" in shown["words"]
    assert any("2033" in note["message"] for note in shown["notes"])
    assert not (root / shown["file"]).exists()
    assert served.post("api/import/write", {"id": shown["id"]}).json() == {"file": shown["file"]}
    assert (root / shown["file"]).read_text("utf-8").splitlines()[0].startswith("# yaml-language-server")
    assert served.post("api/import/write", {"id": shown["id"]}).status == 404


def edited(word: bytes) -> bytes:
    """The form with another text in one cell."""
    old, changed = "做好档案接收", "做好全市档案接收"
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(word)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in package.namelist():
            content = package.read(name)
            if name == "word/document.xml":
                assert old.encode() in content
                content = content.replace(old.encode(), changed.encode())
            copy.writestr(name, content)
    return out.getvalue()


def test_a_form_of_a_file_that_stands_is_a_change_that_can_be_undone(served, root, word):
    before = (root / ARCHIVES).read_bytes()
    shown = brought(served, edited(word)).json()
    assert (shown["file"], shown["change"], shown["different"]) == (ARCHIVES, True, True)
    assert len(shown["said"]) == 3
    assert any("做好〔增：全市〕档案接收" in said for said in shown["said"])
    assert not any("data/" in said or "指纹" in said for said in shown["said"])
    assert (root / ARCHIVES).read_bytes() == before
    assert served.post("api/import/write", {"id": shown["id"]}).status == 200
    after = (root / ARCHIVES).read_bytes()
    assert "做好全市档案接收".encode() in after
    undone = served.post("api/undo", {"file": ARCHIVES, "version": served.view(ARCHIVES)["version"]})
    assert undone.status == 200
    assert (root / ARCHIVES).read_bytes() == before


def test_a_change_is_not_written_where_the_file_changed_since_it_was_shown(served, root, word):
    shown = brought(served, edited(word), file=ARCHIVES).json()
    path = root / ARCHIVES
    before = path.read_bytes()
    try:
        path.write_bytes(before + "# 别人写的\n".encode())
        answer = served.post("api/import/write", {"id": shown["id"]})
        assert answer.status == 409
        assert "别处改了" in answer.json()["trouble"]
        assert path.read_bytes() == before + "# 别人写的\n".encode()
    finally:
        path.write_bytes(before)


def test_a_form_that_was_shown_as_new_is_not_written_over_a_file_that_came(served, root, word):
    shown = brought(served, word, year="2034").json()
    path = root / shown["file"]
    path.parent.mkdir()
    path.write_text("别人的", "utf-8")
    answer = served.post("api/import/write", {"id": shown["id"]})
    assert answer.status == 400
    assert "已经有了" in answer.json()["trouble"]
    assert path.read_text("utf-8") == "别人的"
    path.unlink()


def test_a_form_of_another_unit_does_not_change_a_file(served, root, word):
    other = "data/2025/示例市教育局.yaml"
    before = (root / other).read_bytes()
    answer = brought(served, word, file=other)
    assert answer.status == 400
    assert "示例市档案馆" in answer.json()["trouble"]
    assert (root / other).read_bytes() == before


def bomb() -> bytes:
    """A small package that is very large when it is unpacked."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"<a>" + b" " * 200_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "空.docx"),
        (b"PK\x03\x04", "坏.docx"),
        (b"%PDF-1.7 nothing", "x.pdf"),
        ("名称".encode(), "x.txt"),
        (bomb, "b.docx"),
    ],
    ids=["empty", "broken", "pdf", "text", "bomb"],
)
def test_what_is_no_form_is_refused_in_words(served, content, name):
    answer = brought(served, content() if callable(content) else content, name)
    assert answer.status == 400
    assert answer.json()["trouble"]
    assert "Traceback" not in answer.text
    assert served.get("api/files").status == 200


def test_a_form_whose_target_is_outside_is_refused(served, word):
    for file in ("data/2025/../../x.yaml", "/etc/passwd", "schema/common.rules.yaml"):
        assert brought(served, word, file=file).status == 400


# what somebody sees


@pytest.fixture(scope="module")
def browser():
    with launched() as browser:
        yield browser


@pytest.fixture
def page(browser, served):
    page = opened(browser, served.address, viewport={"width": 1280, "height": 900})
    page.wait_for_selector("#list .files a")
    yield page
    assert page.said == []
    page.close()


@pytest.mark.browser
def test_states_come_in_and_a_unit_is_found_by_its_first_letters(page, served):
    known(served, ARCHIVES)
    page.fill("#text", "dag")
    page.locator("#found").get_by_text(re.compile("找到 [0-9]+ 份")).wait_for()
    names = set(page.locator("#list .unit .name").all_inner_texts())
    assert names == {"示例市档案馆"}
    line = page.locator("#list .files li").filter(has=page.locator(f'a[title="{ARCHIVES}"]'))
    line.get_by_text("已公开").first.wait_for()
    page.select_option("#form", PROJECT)
    page.locator("#list").get_by_text("部门整体绩效目标表").first.wait_for(state="detached")
    page.fill("#text", "没有这个")
    page.locator("#found").get_by_text("没有找到。").wait_for()


@pytest.mark.browser
def test_a_file_is_made_by_keyboard_alone_and_its_window_opens(page):
    page.get_by_role("button", name="新建…").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()
    while page.locator("dialog select").input_value() != FORM:
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("2035")
    page.keyboard.press("Tab")
    page.keyboard.type("a:b")
    page.keyboard.press("Enter")
    page.locator("dialog .trouble:not(:empty)").wait_for()
    page.said.clear()  # the browser tells of the answer 400
    page.keyboard.press("Control+A")
    page.keyboard.type("示例市气象局")
    page.keyboard.press("Enter")
    page.wait_for_url("**/file/data/2035/**")
    page.wait_for_selector(".official")


@pytest.mark.browser
def test_next_years_file_is_made_from_the_list(page):
    page.fill("#text", "示例市市场监督管理局")
    page.get_by_role("button", name="接着做… 示例市市场监督管理局 部门整体绩效目标表").first.click()
    page.get_by_role("button", name="续写到 2026 年").click()
    page.get_by_role("link", name="打开").click()
    page.wait_for_url("**/file/data/2026/**")


@pytest.mark.browser
def test_a_dropped_form_is_read_shown_and_written(page, word, tmp_path, root):
    path = tmp_path / "水利.docx"
    path.write_bytes(word)
    page.locator("input[type=file]").first.set_input_files(path)
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("没有要改的").wait_for()
    dialog.get_by_role("button", name="不要").click()
    path.write_bytes(edited(word))
    page.locator("input[type=file]").first.set_input_files(path)
    dialog.get_by_text("现在还没有改").wait_for()
    assert "做好〔增：全市〕档案接收" in dialog.inner_text()
    before = (root / ARCHIVES).read_bytes()
    dialog.get_by_role("button", name="确认，照表改").click()
    page.wait_for_url("**/file/data/2025/**")
    page.wait_for_selector("text=做好全市档案接收")
    page.get_by_role("button", name="撤销").click()
    page.get_by_text("做好全市档案接收").first.wait_for(state="detached")
    assert (root / ARCHIVES).read_bytes() == before


@pytest.mark.browser
def test_a_file_is_taken_where_it_is_dropped(page, word):
    page.evaluate(
        """content => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([Uint8Array.from(content)], "表.docx"));
          for (const kind of ["dragenter", "dragover", "drop"]) {
            document.querySelector("#list").dispatchEvent(
              new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: transfer}));
          }
        }""",
        list(b"PK no form"),
    )
    page.get_by_role("alert").get_by_text("打不开").wait_for()
    assert "dropping" not in (page.get_attribute("body", "class") or "")
    page.said.clear()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_list_shuts_nobody_out(browser, served, width, scheme):
    options = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    assert violations(browser, served.address, **options) == []
    page = opened(browser, served.address, **options)
    page.wait_for_selector("#list .files a")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


@pytest.mark.browser
def test_a_project_without_a_file_says_how_to_begin(browser, tmp_path):
    root = tmp_path / "空的"
    for folder in ("schema", "templates"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    (root / "data").mkdir()
    with serving(root) as served:
        page = opened(browser, served.address)
        page.get_by_role("heading", name="这里还没有一份表").wait_for()
        assert page.locator("#empty").get_by_role("button").count() == 2
        assert violations(browser, served.address) == []
        page.locator("#empty").get_by_role("button", name="新建…").click()
        page.get_by_role("dialog").get_by_label("表", exact=True).wait_for()
        assert page.said == []
        page.close()


@pytest.mark.browser
def test_the_dialogs_shut_nobody_out(browser, served):
    page = browser.new_page(bypass_csp=True, viewport={"width": 390, "height": 800}, color_scheme="dark")
    page.goto(served.address)
    page.wait_for_selector("#list .files a")
    page.evaluate((TOOLS / "axe-core/axe.min.js").read_text("utf-8"))
    for name in ("新建…", "接着做…"):
        page.get_by_role("button", name=name).first.click()
        page.get_by_role("dialog").wait_for()
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        assert [one["id"] for one in found["violations"]] == [], name
        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="detached")
    page.close()
