"""The shared style sheets and scripts: named by their content, the project's own before the shipped, nothing else."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.findings import FormError
from perfgen.prove.proof import ProofError
from perfgen.render import assets
from perfgen.render.parts import asset_files, html_templates
from perfgen.report.listing import Listing
from perfgen.report.site import Site
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot

FOLDER = "templates/shared/assets"
PAGE = "templates/fruit/page.html"


def write(root: Path, name: str, content: bytes = b"p { color: red }\n") -> bytes:
    path = root / FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return content


def page(root: Path, text: str, home: str = "../") -> str:
    (root / PAGE).write_text(text, "utf-8")
    return html_templates.fill(snapshot(root), "templates/fruit", "page.html", {"site": {}}, home=home)


def listing(root: Path, path: str = "") -> Listing:
    return Listing(snapshot(root), "templates/site", Site({}), (), path=path)


def built(root: Path) -> dict[str, bytes]:
    """What lies in the public folder of assets after a build, by name."""
    assert cli.main(["-C", str(root), "build", "-j1", "--only", "html,assets"]) == 0
    return {path.name: path.read_bytes() for path in (root / "build/public/assets").iterdir()}


def test_each_file_is_published_as_it_is_under_the_name_of_its_content(tiny_project):
    made = built(tiny_project)
    shipped = {path.name: path.read_bytes() for path in (REPOSITORY / FOLDER).iterdir()}
    assert {"site.css", "site.js", "table.css"} <= shipped.keys() and len(made) == len(shipped)
    for name, content in shipped.items():
        stem, _, suffix = name.rpartition(".")
        assert made[f"{stem}.{hashlib.sha256(content).hexdigest()[:8]}.{suffix}"] == content


def test_a_projects_own_file_replaces_the_shipped_one_and_older_ones_go(tiny_project):
    before = built(tiny_project)
    own = write(tiny_project, "site.css")
    more = write(tiny_project, "more.svg", b"<svg/>")
    after = built(tiny_project)
    assert own in after.values() and more in after.values() and len(after) == len(before) + 1
    assert [name for name in after if name.startswith("site.") and name.endswith(".css")] == [
        f"site.{hashlib.sha256(own).hexdigest()[:8]}.css"
    ]


def test_a_changed_style_sheet_makes_the_pages_that_name_it_stale(tiny_project, capsys):
    (tiny_project / PAGE).write_text(
        "<link rel='stylesheet' href='{{ 'site.css'|asset }}'>{{ 果园 }}{{ items }}{{ 合计 }}"
        "{% for 果 in 水果 %}{{ 果.名称 }}{{ 果.斤数 }}{% endfor %}\n",
        "utf-8",
    )
    built(tiny_project)
    made = tiny_project / "build/public/2025/东园/index.html"
    assert "href='../../assets/site." in made.read_text("utf-8")
    own = write(tiny_project, "site.css")
    built(tiny_project)
    assert f"assets/site.{hashlib.sha256(own).hexdigest()[:8]}.css" in made.read_text("utf-8")
    capsys.readouterr()
    built(tiny_project)
    assert "生成 0 份" in capsys.readouterr().out


@pytest.mark.parametrize(
    "name",
    ["大.css", "A.css", "a b.js", "a'b.css", "a%2e.css", "con.css", "LPT1.js", "com1.svg", "a..css", "-a.css",
     "a-.css", "site.min.js", "deep/site.css", "a\nb.css", "a<b.js"],
)  # fmt: skip
def test_a_name_that_no_address_should_have_is_refused_with_its_place(tiny_project, name):
    write(tiny_project, name)
    with pytest.raises(FormError) as error:
        asset_files.named(snapshot(tiny_project))
    (finding,) = error.value.findings
    assert finding.place.file == f"{FOLDER}/{name}" and "只用小写字母、数字和 -" in finding.message


@pytest.mark.parametrize("name", [".site.css", "..css", "~$site.css", "deep/.site.css"])
def test_what_programs_leave_behind_is_no_asset(tiny_project, name):
    before = asset_files.named(snapshot(tiny_project))
    write(tiny_project, name)
    assert asset_files.named(snapshot(tiny_project)) == before


def test_a_refused_name_stops_the_build_with_a_sentence(tiny_project, capsys):
    write(tiny_project, "大.css")
    assert cli.main(["-C", str(tiny_project), "build", "-j1", "--only", "html,assets"]) == 2
    said = capsys.readouterr().err
    assert f"{FOLDER}/大.css" in said and "自己出了错" not in said


def test_files_of_other_kinds_are_not_published(tiny_project):
    for name in ("读我.md", "notes.txt", "logo.png", "x.html", "evil.php", ".htaccess", "site.css.bak"):
        write(tiny_project, name)
    assert set(asset_files.named(snapshot(tiny_project))) == {path.name for path in (REPOSITORY / FOLDER).iterdir()}


@pytest.mark.parametrize("target", ["../../../data/site.yaml", "/etc/passwd"])
def test_a_link_leads_to_no_file_elsewhere(tiny_project, target):
    (tiny_project / FOLDER).mkdir(parents=True)
    (tiny_project / FOLDER / "more.css").symlink_to(target)
    with pytest.raises(FormError) as error:
        asset_files.named(snapshot(tiny_project))
    assert error.value.findings[0].rule == "file-outside"


def test_what_is_not_utf_8_is_said(tiny_project, capsys):
    write(tiny_project, "site.css", "/* 中文 */".encode("gb18030"))
    assert cli.main(["-C", str(tiny_project), "build", "-j1", "--only", "assets"]) == 2
    assert f"{FOLDER}/site.css:1:4" in capsys.readouterr().err


def test_another_content_under_the_name_is_disproved(tiny_project):
    files = listing(tiny_project)
    path, name = next(iter(assets.outputs(files).items()))
    of_it = listing(tiny_project, path)
    assert name in path.replace(path.split(".")[1] + ".", "") and assets.prove(assets.render(of_it), of_it) == 1
    with pytest.raises(ProofError):
        assets.prove(assets.render(of_it) + b"/* */", of_it)


@pytest.mark.parametrize(("home", "begin"), [("", "assets/"), ("../", "../assets/"), ("../../../", "../../../assets/")])
def test_the_address_is_relative_to_the_page(tiny_project, home, begin):
    assert re.fullmatch(rf"{begin}site\.[0-9a-f]{{8}}\.css", page(tiny_project, "{{ 'site.css'|asset }}", home))


def test_each_page_gets_its_own_way_home_from_templates_that_are_compiled_once(tiny_project):
    text = "{% macro m(a) %}{{ 'a b/甲.html'|link }}{% endmacro %}{{ m(1) }}"
    assert [page(tiny_project, text, home) for home in ("../", "", "../../")] == [
        f"{home}a%20b/%E7%94%B2.html" for home in ("../", "", "../../")
    ]


@pytest.mark.parametrize(
    "path", ["//evil.example/x", "javascript:alert(1)", "/x", "https://evil.example", "a?b#c", 'x"y']
)
def test_an_address_leads_nowhere_else(tiny_project, path):
    made = page(tiny_project, f"{{{{ '{path}'|link }}}}", "")
    assert re.fullmatch(r"[\w.%-]+(/+[\w.%()-]+)*", made) and not made.startswith("/") and ":" not in made


def test_what_is_not_there_is_said_at_its_line(tiny_project):
    with pytest.raises(FormError) as error:
        page(tiny_project, "\n{{ 'nothing.css'|asset }}")
    said = str(error.value.findings[0])
    assert said.startswith(f"{PAGE}:2") and f"{FOLDER} 里没有 nothing.css；有的是 " in said


def test_an_imported_macro_that_asks_for_an_address_is_told_who_knows_it(tiny_project):
    (tiny_project / "templates/fruit/parts.html").write_text(
        "{% macro m() %}{{ 'site.css'|asset }}{% endmacro %}", "utf-8"
    )
    with pytest.raises(FormError) as error:
        page(tiny_project, "{% from 'parts.html' import m %}{{ m() }}")
    assert "由网页把地址传给它" in str(error.value.findings[0])


def test_shipped_styles_and_scripts_ask_for_nothing():
    """No address of anything else, no import, no font, and nothing that the policy would stop."""
    for path in (REPOSITORY / FOLDER).iterdir():
        text = path.read_text("utf-8")
        assert not re.search(r"@import|@font-face|url\(|https?:|\bfetch\b|XMLHttpRequest|\beval\b|innerHTML", text), (
            path
        )
        assert max(map(len, text.splitlines())) <= 160, path


def test_shipped_styles_are_light():
    sizes = {path.name: path.stat().st_size for path in (REPOSITORY / FOLDER).iterdir()}
    assert sizes["site.css"] + sizes["site.js"] < 30_000 and sizes["table.css"] < 8_000
