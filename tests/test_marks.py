"""What tests need beside Python is known by their marks, and nothing they say depends on how fast a clock goes."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.conftest import REPOSITORY, SAMPLES
from tests.helpers.hangs import no_hang
from tests.helpers.marks import FEW, FEW_OF_A_FORM, FIXTURES, OUTSIDE, add_marks, only_what_is_marked
from tests.helpers.outside.sitecustomize import NotMarkedError

TESTS = sorted(path for path in (REPOSITORY / "tests").rglob("*.py"))
CLOCKS = {"monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "time", "time_ns", "timeit"}
IMPORT = "import weasyprint"


@pytest.mark.parametrize(
    "command",
    [
        ["soffice", "--version"],
        ["/usr/bin/chromium"],
        ["node", "-v"],
        ["java"],
        ["sh", "-c", "exec $@", "0", "soffice"],
    ],
)
def test_a_test_without_a_mark_starts_nothing(command):
    with pytest.raises(NotMarkedError, match=r"mark it pytest\.mark\.\w+"):
        subprocess.run(command)


def test_nor_do_the_processes_that_it_starts():
    for work in ("import subprocess; subprocess.run(['soffice'])", IMPORT, f"exec({IMPORT!r})"):
        said = subprocess.run([sys.executable, "-c", work], capture_output=True, text=True)
        assert said.returncode and "mark it pytest.mark." in said.stderr


def test_it_makes_no_pdf():
    with pytest.raises(NotMarkedError, match="weasyprint: mark it"):
        from weasyprint import HTML

        HTML(string="x").render()  # where another test has imported it before


def test_it_reaches_no_cluster():
    said = subprocess.run([sys.executable, "-c", "import distributed"], capture_output=True, text=True)
    assert said.returncode and "pytest.mark.cluster" in said.stderr


@pytest.mark.pdf
def test_with_the_mark_it_may():
    import weasyprint

    assert weasyprint.HTML(string="x")
    assert subprocess.run([sys.executable, "-c", IMPORT]).returncode == 0


def marked(**parts) -> list[str]:
    """The marks that a test of these parts is given."""
    added: list[str] = []
    add_marks([SimpleNamespace(nodeid="tests/test_x.py::test_x", add_marker=added.append, **parts)])
    return added


def test_fixtures_and_examples_mark_their_tests(request):
    assert marked(fixturenames=("tmp_path", "convert")) == ["libreoffice"]
    assert marked(obj=SimpleNamespace(is_hypothesis_test=True)) == ["long"]
    assert [marked(callspec=SimpleNamespace(params={"source": sample})) for sample in SAMPLES[:2]] == [[], ["long"]]
    added: list[str] = []
    of_a_form = {"fixturenames": ("project",), "add_marker": added.append}
    add_marks([SimpleNamespace(nodeid=f"tests/test_x.py::test_x[{number}]", **of_a_form) for number in range(10)])
    assert added == ["long"] * (10 - FEW_OF_A_FORM)
    added.clear()
    add_marks([SimpleNamespace(nodeid=f"tests/test_x.py::test_y[{n}]", add_marker=added.append) for n in range(10)])
    assert added == ["long"] * (10 - FEW)
    assert set(FIXTURES.values()) < set(OUTSIDE) < {line.split(":")[0] for line in request.config.getini("markers")}
    with only_what_is_marked(request.node), pytest.raises(NotMarkedError):
        subprocess.run(["soffice"])


def test_the_fast_tests_leave_out_every_mark():
    makefile = (REPOSITORY / "Makefile").read_text("utf-8")
    assert f"FAST := not ({' or '.join(OUTSIDE)} or long)\n" in makefile


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name)
def test_no_test_looks_at_the_clock(path: Path):
    """Time that passes is others' time, too: what takes long is measured in the processor's (process_time)."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "time":
            assert node.attr not in CLOCKS, node.lineno
        if isinstance(node, ast.ImportFrom) and node.module in ("time", "timeit"):
            assert not {name.name for name in node.names} & CLOCKS, node.lineno


def test_what_hangs_is_ended_by_the_processors_time():
    with pytest.raises(pytest.fail.Exception, match="hangs"), no_hang(0.1):
        while True:
            pass
