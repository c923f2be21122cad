"""Pages fill the blocks of a shared frame; nothing but a shared template can be extended."""

from __future__ import annotations

import re

import pytest

from perfgen import cli
from perfgen.findings import FormError
from perfgen.render.parts import html_templates
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot

PAGE = "templates/fruit/page.html"
HEAD = "{% extends 'frame.html' %}\n{% set title %}{{ 名 }}园{% endset %}\n{% set css %}p {}{% endset %}\n"
VALUES = {"名": "东", "site": {}}


def filled(root, text: str, values: dict = VALUES) -> str:
    (root / PAGE).write_text(text, "utf-8")
    return html_templates.fill(snapshot(root), "templates/fruit", "page.html", values)


def wrong(root, text: str) -> str:
    with pytest.raises(FormError) as error:
        filled(root, text)
    return str(error.value.findings[0])


def test_a_page_fills_the_blocks(tiny_project):
    page = filled(
        tiny_project,
        HEAD + "{% macro b(x) %}<b>{{ x }}</b>{% endmacro %}\n"
        "{% block main %}\n<p>{{ b(名) }}{{ title }}</p>\n{% endblock %}\n"
        "{% block meta %}<meta name='a'>{% endblock %}{% block footer %}<footer>底</footer>{% endblock %}",
    )
    assert re.sub(r"\s+", " ", page.partition("</style>")[2]).strip() == (
        "<meta name='a'></head> <body> <a class=\"skip\" href=\"#main\">跳到正文</a> <header> <h1>东园</h1> </header> "
        '<main id="main"> <p><b>东</b>东园</p> </main> <footer>底</footer></body> </html>'
    )  # fmt: skip
    assert page.startswith("<!DOCTYPE html>") and "<title>东园</title>" in page and "style-src 'sha256-" in page


def test_the_frame_is_the_projects_own_where_it_has_one(tiny_project):
    (tiny_project / "templates/shared").mkdir()
    (tiny_project / "templates/shared/frame.html").write_text("我们的{% block main %}{% endblock %}", "utf-8")
    assert filled(tiny_project, HEAD + "{% block main %}页{% endblock %}") == "我们的页"
    (tiny_project / "templates/shared/two.html").write_text(
        "{% extends 'frame.html' %}{% block main %}二：{% block inner %}{% endblock %}{% endblock %}", "utf-8"
    )
    assert filled(tiny_project, "{% extends 'two.html' %}{% block inner %}页{% endblock %}") == "我们的二：页"


def test_a_file_of_the_form_is_no_frame(tiny_project):
    """Neither by its own name nor in place of a shared one."""
    for name in ("frame.html", "mine.html"):
        (tiny_project / "templates/fruit" / name).write_text("假的", "utf-8")
    assert "假的" not in filled(tiny_project, HEAD)
    assert "mine.html" in wrong(tiny_project, "{% extends 'mine.html' %}")


@pytest.mark.parametrize(
    "name",
    ["'page.html'", "'../fruit/page.html'", "'/etc/passwd'", "'templates/shared/frame.html'", "名", "'frame' ~ '.html'",
     "['frame.html']", "none", "1", "'../../data/site.yaml'", "''"],
)  # fmt: skip
def test_what_is_no_shared_template_is_not_extended(tiny_project, name):
    said = wrong(tiny_project, f"\n{{% extends {name} %}}")
    assert said.startswith(PAGE) and "模板不能用" in said


def test_a_name_that_is_computed_is_said_at_its_line(tiny_project):
    said = wrong(tiny_project, "\n\n{% extends 名 %}")
    assert said.startswith(f"{PAGE}:3:") and "extends 后面只能直接写 templates/shared 里一个文件的名字" in said


def test_a_fault_in_the_frame_is_said_there(tiny_project):
    (tiny_project / "templates/shared").mkdir()
    (tiny_project / "templates/shared/frame.html").write_text("\n{{ 没有 }}{% block main %}{% endblock %}", "utf-8")
    assert wrong(tiny_project, HEAD).startswith("templates/shared/frame.html:2")
    (tiny_project / "templates/shared/frame.html").write_text("{% extends 'frame.html' %}", "utf-8")
    assert "套得太深，或者绕回了自己" in wrong(tiny_project, HEAD)


def test_every_block_is_documented():
    frame = (REPOSITORY / "templates/shared/frame.html").read_text("utf-8")
    docs = (REPOSITORY / "docs/form.md").read_text("utf-8")
    blocks = re.findall(r"{% block (\w+) %}", frame)
    assert blocks == ["meta", "header", "main", "footer"]
    of_site = re.findall(r"{% block (\w+) %}", (REPOSITORY / "templates/shared/site-page.html").read_text("utf-8"))
    assert set(blocks) < set(of_site) and len(of_site) == 7
    assert all(f"| `{{% block {block} %}}` |" in docs for block in of_site)


def test_every_component_is_documented_and_shown():
    parts = (REPOSITORY / "templates/shared/components.html").read_text("utf-8")
    docs = (REPOSITORY / "docs/form.md").read_text("utf-8")
    shown = (REPOSITORY / "templates/shared/showcase.html").read_text("utf-8")
    names = re.findall(r"{% macro (\w+)\(", parts)
    helpers = {"measure_card", "reached", "notes", "change_badge", "money_row"}  # others use them
    assert len(names) > 20 and helpers < set(names)
    assert [name for name in names if name not in helpers and f"`{name}" not in docs] == []
    assert [name for name in names if name not in helpers and f"{name}(" not in shown] == []


def test_every_component_can_be_read_by_people():
    """Each with a sentence before it; no long line; each opens and closes what it opens."""
    for name in ("components", "site-page", "showcase", "form-page", "form-parts", "table-page", "tags", "icon"):
        text = (REPOSITORY / f"templates/shared/{name}.html").read_text("utf-8")
        assert max(map(len, text.splitlines())) <= 160, name
        assert " style=" not in text and "<style" not in text and "onclick" not in text
    parts = (REPOSITORY / "templates/shared/components.html").read_text("utf-8")
    assert len(re.findall(r"#}\n{% macro ", parts)) == len(re.findall(r"{% macro ", parts))
    for macro in re.findall(r"{% macro (.*?){%-? endmacro %}", parts, re.DOTALL):
        markup = re.sub(r"{[%{#].*?[%}#]}", "", macro, flags=re.DOTALL)
        opened = [tag for tag in re.findall(r"<([a-z]\w*)(?:[^>]*[^/])?>", markup) if tag not in ("br", "link", "meta")]
        assert sorted(opened) == sorted(re.findall(r"</(\w+)>", markup)), macro[:40]


def test_no_page_repeats_the_frame():
    of_forms = [f"{name}/page.html" for name in ("department-target", "department-review", "project-target")]
    of_forms += [f"{name}/page.html" for name in ("project-review", "project-monitor")]
    framed = [(page, "form-page.html") for page in of_forms]
    framed += [(page, "frame.html") for page in ("review/status.html", "review/diff.html")]
    of_site = [f"site/{name}.html" for name in ("index", "measure", "measures", "unit", "year")]
    framed += [(page, "site-page.html") for page in ("shared/form-page.html", "shared/showcase.html", *of_site)]
    for page, frame in framed:
        lines = (REPOSITORY / "templates" / page).read_text("utf-8").splitlines()
        first = next(line for line in lines if not line.startswith(("{#", "   ")))
        assert first == f"{{% extends '{frame}' %}}" and not {"<body>", "<head>"} & {*lines}


def test_a_page_of_todays_way_is_built_as_before(tiny_project, capsys):
    """A whole page without a frame, and the same in a frame: the same bytes; a change of the frame makes it stale."""
    rows = "{% for 果 in 水果 %}{{ 果.名称 }}{{ 果.斤数 }}{% endfor %}"
    main = f"{{{{ 果园 }}}}{{{{ items }}}}{{{{ 合计 }}}}{rows}\n"
    top = "{% set title %}{{ report.heading }}{% endset %}\n{% set css %}p {}{% endset %}\n"
    whole = (
        "{% from 'head.html' import head %}\n" + top + '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n'
        "{{ head(title, css, site) }}\n</head>\n<body>\n"
        '<a class="skip" href="#main">跳到正文</a>\n<header>\n<h1>{{ title }}</h1>\n</header>\n<main id="main">\n'
        f"{main}</main>\n</body>\n</html>\n"
    )
    made = []
    for text in (whole, "{% extends 'frame.html' %}\n" + top + "{% block main %}\n" + main + "{% endblock %}\n"):
        (tiny_project / PAGE).write_text(text, "utf-8")
        assert cli.main(["-C", str(tiny_project), "build", "--only", "html"]) == 0, capsys.readouterr()
        made.append((tiny_project / "build/public/2025/东园/index.html").read_bytes())
    assert made[0] == made[1]
    (tiny_project / "templates/shared").mkdir()
    frame = (REPOSITORY / "templates/shared/frame.html").read_text("utf-8")
    (tiny_project / "templates/shared/frame.html").write_text(frame.replace("跳到正文", "到正文"), "utf-8")
    assert cli.main(["-C", str(tiny_project), "build", "--only", "html"]) == 0
    assert "到正文" in (tiny_project / "build/public/2025/东园/index.html").read_text("utf-8")


def test_a_year_without_an_amount_keeps_its_column(tiny_project):
    """A row has a cell for each year that any row has."""
    page = filled(
        tiny_project,
        "{% from 'components.html' import money_years %}{{ money_years(["
        "{'label': 'a', 'value': '3', 'past': [('2023', '1')]},"
        "{'label': 'b', 'value': '4', 'past': [('2024', '2'), ('2023', '1')]},"
        "{'label': 'c', 'value': '', 'past': ()}],"
        " '2025', 'x') }}",
    )
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)]
    assert rows == [
        ["项目", "2025年", "2024年", "2023年"], ["a", "3", "—", "1"], ["b", "4", "2", "1"], ["c", "", "—", "—"],
    ]  # fmt: skip
