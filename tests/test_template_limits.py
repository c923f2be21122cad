"""What a template could make long, large or deep ends as a finding with a place, and a good one is not touched."""

from __future__ import annotations

import contextlib
import importlib
import resource
import shutil
import signal
import threading
import time

import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment

from perfgen import cli
from perfgen.findings import FormError
from perfgen.render import pdf
from perfgen.render.parts import bounded, html_templates
from perfgen.system import limits
from perfgen.table import expand
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot
from tests.helpers.words import docx_of

PAGE = "templates/fruit/page.html"
VALUES = {"行": ["甲"] * 200, "名": "东园", "数": 3}


def filled(root, text):
    (root / PAGE).write_text(text, "utf-8")
    return html_templates.fill(snapshot(root), "templates/fruit", "page.html", VALUES)


def nested(count):
    return "{% for a in 行 %}" * count + "x" + "{% endfor %}" * count


def doubling(levels):
    """Macros of which each calls the next one twice."""
    calls = "".join(
        f"{{% macro m{n}() %}}{{{{ m{n + 1}() }}}}{{{{ m{n + 1}() }}}}{{% endmacro %}}\n" for n in range(levels)
    )
    return f"{{% macro m{levels}() %}}{{% endmacro %}}\n{calls}{{{{ m0() }}}}"


ENDLESS = {
    "loops in loops": (nested(8), 1),
    "loops that make nothing": (nested(8).replace("x", ""), 1),
    "macros that call twice": (doubling(60), 2),
    "a loop over what grows": ("\n{% for a in 行 %}{% for b in (行 * 4000) %}{% for c in (行 * 4000) %}{% endfor %}"
                               "{% endfor %}{% endfor %}", 2),
}  # fmt: skip


@pytest.mark.parametrize("name", ENDLESS)
def test_a_template_without_end_is_ended(tiny_project, monkeypatch, name):
    monkeypatch.setattr(bounded, "SECONDS", 0.5)
    text, line = ENDLESS[name]
    begin = time.process_time()
    with pytest.raises(FormError, match="还没有完") as caught:
        filled(tiny_project, text)
    assert time.process_time() - begin < 30
    (found,) = caught.value.findings
    assert (found.rule, found.place.file) == ("template-render", PAGE) and found.place.line >= line


LARGE = {
    "a text copied": "{{ 'a' * 10000000000 }}",
    "a text doubled": "{% set a = 'a' * 100000 %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
    "a power": "{{ 10 ** 10 ** 10 }}",
    "a power of a variable": "{{ 数 ** 99999999 }}",
    "a product": "{{ " + " * ".join(["99999999999999999999"] * 80) + " }}",
    "a width": "{{ '%99999999999d' % 1 }}",
    "a width of a named value": "{{ '%(a)0999999999d' % {'a': 1} }}",
    "a width that is a value": "{{ '%*d' % (99999999999, 1) }}",
    "a width behind a percent sign": "{{ '%d%%%.99999999999f' % (1, 1) }}",
    "a width by a filter": "{{ '%99999999999d' | format(1) }}",
    "a centred text": "{{ 'a' | center(99999999999) }}",
    "a list copied": "{{ ([1] * 10000000000) | length }}",
    "lists of lists": "{{ [[1] * 1000000] * 1000000 }}",
}


@pytest.mark.long
@pytest.mark.parametrize("name", LARGE)
def test_a_template_that_makes_too_much_is_a_finding(tiny_project, monkeypatch, name):
    monkeypatch.setattr(bounded, "MEBIBYTES", 300)
    begin = time.process_time()
    with pytest.raises(FormError) as caught:
        filled(tiny_project, "\n" + LARGE[name])
    assert time.process_time() - begin < 30
    (found,) = caught.value.findings
    assert (found.rule, str(found.place)) == ("template-render", f"{PAGE}:2")
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY


DEEP = {
    "brackets": "{{ " + "(" * 3_000 + "1" + ")" * 3_000 + " }}",
    "not": "{{ " + "not " * 5_000 + "1 }}",
    "conditions": "{% if 1 %}" * 2_000 + "{% endif %}" * 2_000,
    "itself included": "{% include 'page.html' %}",
    "itself extended": "{% extends 'page.html' %}",
    "a macro that calls itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "lists": "{{ " + "[" * 2_000 + "]" * 2_000 + " }}",
    "a long sum": "{{ " + "+".join(["数"] * 5_000) + " }}",
}


@pytest.mark.parametrize("name", DEEP)
def test_a_template_that_is_too_deep_is_a_finding(tiny_project, name):
    with pytest.raises(FormError) as caught:
        filled(tiny_project, DEEP[name])
    assert caught.value.findings[0].place.file == PAGE


WRONG = [
    "{{ 1 + 'a' }}", "{{ 1 / 0 }}", "{{ " + "9" * 5_000 + " }}", "{{ 1e999 | int }}", "{{ 名.x.y }}", "{{ 行[999] }}",
    "{{ '{0.x}'.format(1) }}", "{{ '%d' | format('a') }}", "{{ '\\x' }}", "{{ 行 | sum }}", "{{ none() }}",
    "{{ 行 | batch | list }}", "{{ '{'.format() }}", "{{ 名 | nothing }}",
]  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_what_cannot_be_computed_is_a_finding_with_its_line(tiny_project, text):
    with pytest.raises(FormError) as caught:
        filled(tiny_project, f"\n\n{text}")
    assert str(caught.value.findings[0].place).startswith(PAGE)


@pytest.mark.parametrize(
    ("text", "words"), [(doubling(60), "还没有完"), ("{{ 1 + 'a' }}", "TypeError"), (DEEP["brackets"], "套得太深")]
)
def test_it_is_said_by_the_commands(tiny_project, capsys, monkeypatch, text, words):
    monkeypatch.setattr(bounded, "SECONDS", 0.5)
    (tiny_project / PAGE).write_text(text, "utf-8")
    for command in (["build", "data/2025/东园.yaml"], ["check", "--templates"]):
        assert cli.main(["-C", str(tiny_project), *command]) == 2
        said = capsys.readouterr()
        assert f"{PAGE}:" in said.out + said.err and words in said.out + said.err
        assert "perfgen 自己出了错" not in said.out + said.err


def test_a_long_output_is_a_finding(tiny_project, monkeypatch):
    monkeypatch.setattr(bounded, "LONGEST", 1_000)
    with pytest.raises(FormError, match="生成的内容超过 1,000 个字"):
        filled(tiny_project, "{{ 'a' * 1001 }}")


class Seen:
    """An object with attributes of all kinds."""

    name = "甲"
    _own = "乙"


@pytest.mark.parametrize(
    ("thing", "name"), [(Seen(), "name"), (Seen(), "_own"), ([], "append"), (Seen, "mro"), ({}, "items")]
)
def test_what_the_sandbox_says_of_an_attribute_is_what_jinja_says(thing, name):
    """It is remembered by the kind of object and the name, which is all that Jinja looks at."""
    environment = bounded.BoundedEnvironment()
    wanted = ImmutableSandboxedEnvironment().is_safe_attribute(thing, name, None)
    assert [environment.is_safe_attribute(thing, name, value) for value in (None, "x", len)] == [wanted] * 3


def test_small_products_are_computed(tiny_project):
    text = "{{ 3 * 4 }} {{ 'ab' * 3 }} {{ 7 % 4 }} {{ '%.2f%%, 1000' % 1.5 }} {{ 数 * 1.5 }} {{ [1] * 2 }}"
    assert filled(tiny_project, text) == "12 ababab 3 1.50%, 1000 4.5 [1, 1]"


def test_loops_in_a_word_table_have_an_end(tiny_project, capsys, monkeypatch):
    monkeypatch.setattr(expand, "MOST_TURNS", 500)
    rows = [[(f"{{%tr for a{n} in 水果 %}}", 2)] for n in range(12)]
    table = docx_of(
        [["果园", "{{ 果园 }}"], *rows, ["{{ a1.名称 }}", "{{ a2.斤数 }}"], *([[("{%tr endfor %}", 2)]] * 12)]
    )
    (tiny_project / "templates/fruit/form.docx").write_bytes(table)
    assert cli.main(["-C", str(tiny_project), "build", "data/2025/东园.yaml"]) == 2
    said = capsys.readouterr()
    assert "templates/fruit/form.docx" in said.out + said.err and "还没有完" in said.out + said.err


def test_a_word_template_is_held_to_the_same(tiny_project, capsys):
    (tiny_project / "templates/fruit/form.docx").write_bytes(
        docx_of([["果园", "{{ 果园 }}"], ["x", "{{ 果园 * 99999999 }}"]])
    )
    assert cli.main(["-C", str(tiny_project), "build", "data/2025/东园.yaml"]) == 2
    said = capsys.readouterr()
    assert "templates/fruit/form.docx" in said.out + said.err and "perfgen 自己出了错" not in said.out + said.err


def test_limits_are_set_back(monkeypatch):
    before = signal.getsignal(signal.SIGPROF), resource.getrlimit(resource.RLIMIT_AS)
    with pytest.raises(limits.OutOfTimeError), limits.limited(0.1, 500):
        while True:
            with contextlib.suppress(Exception):  # what holds on must let go
                sum(range(1_000))
    with pytest.raises(MemoryError), limits.limited(5, 100):
        bytes(400 << 20)
    with pytest.raises(KeyError), limits.limited(5, 100):
        {}["x"]
    assert (signal.getsignal(signal.SIGPROF), resource.getrlimit(resource.RLIMIT_AS)) == before


@pytest.mark.long
def test_a_limit_inside_another_does_not_lengthen_it():
    with pytest.raises(limits.OutOfTimeError), limits.limited(0.2, 500):
        while True:
            with limits.limited(100, 500):
                sum(range(1_000))


def test_work_that_sets_the_clock_again_and_again_is_ended(monkeypatch):
    """Such a clock may never come: a system looks at it once in some milliseconds only."""
    monkeypatch.setattr(signal, "setitimer", lambda *_: None)
    with pytest.raises(limits.OutOfTimeError), limits.limited(0.2, None):
        while True:
            with limits.limited(100, None):
                sum(range(1_000))


def test_a_limit_around_another_goes_on_after_it():
    with pytest.raises(limits.OutOfTimeError), limits.limited(0.3, 500):
        with limits.limited(0.2, 500):
            sum(range(1_000))
        while True:
            sum(range(1_000))


def test_a_shorter_limit_inside_another_counts():
    begin = time.process_time()
    with limits.limited(100, None):
        with pytest.raises(limits.OutOfTimeError), limits.limited(0.1, None):
            while True:
                sum(range(1_000))
        assert time.process_time() - begin < 30


def test_a_page_that_is_never_laid_out_is_ended(tiny_project, capsys, monkeypatch):
    importlib.import_module("weasyprint")  # an import that is cut off would leave half a module behind
    monkeypatch.setattr(pdf, "_SECONDS", 0.01)
    shutil.copytree(REPOSITORY / "templates/shared", tiny_project / "templates/shared", dirs_exist_ok=True)
    assert cli.main(["-C", str(tiny_project), "build", "data/2025/东园.yaml", "--only", "pdf"]) == 2
    said = capsys.readouterr()
    assert "templates/shared/print.css: 错误" in said.out + said.err and "还没有排完" in said.out + said.err


def test_a_thread_beside_the_main_one_goes_on_without_a_clock():
    made = []

    def work():
        with limits.limited(0.01, 500):
            made.append(sum(range(1_000)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert made == [499500]
