"""The house keeps its shape: imports point down, doors have one owner, docs name every module."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

PACKAGE = REPOSITORY / "perfgen"

# From the ground up; a module may import only from lines above its own, or its own line where
# the line says so. `*` stands for all modules of a package.
LAYERS = [
    ["findings", "display", "docx_text", "engine_rules"],
    ["formats"],
    ["formats.*"],
    ["yaml_trouble"],
    ["yaml_source", "git", "fonts", "fields", "values"],
    ["project", "console", "write", "executor", "nearest", "outline", "run_together", "yaml_text"],
    ["yaml_edit"],
    ["formula_functions"],
    ["formula_types"],
    ["formulas"],
    ["sentences"],
    ["rules"],
    ["listing", "fingerprint", "figures", "view"],
    ["rules_file"],
    ["manifest", "forms", "table.model", "table.tags"],
    ["filing"],
    ["rollover", "new_file", "last_year"],
    ["judge", "row_names"],
    ["waivers", "check.*", "explanation"],
    ["rule_book", "repair", "across"],
    ["check"],
    ["draft"],
    ["table.template"],
    ["table.expand", "table.sheet", "table.lint", "specimen"],
    ["table.headers", "table.measure"],
    ["table.paginate"],
    ["site"],
    ["report"],
    ["prove", "open_data"],
    ["render"],
    ["render._html", "render._package", "render._layout"],
    ["render._tags"],
    ["prove.*"],
    ["render.*"],
    ["redline.fragments", "redline.align"],
    ["redline.markup", "redline.resolve"],
    ["redline.write"],
    ["work", "template_check"],
    ["comparison"],
    ["comparison.likeness", "comparison.wording"],
    ["comparison.match"],
    ["comparison.change"],
    ["comparison.classify", "comparison.rules"],
    ["comparison.sentences", "comparison.answers"],
    ["comparison.sides", "comparison.totals"],
    ["comparison.checked"],
    ["comparison.compare", "comparison.reports"],
    ["comparison.redlines"],
    ["comparison.headline", "comparison.formats"],
    ["comparison.formats.*"],
    ["plan"],
    ["build"],
    ["importing", "importing.*"],
    ["commands.*"],
    ["cli"],
]
DOORS = {
    r"\bprint\(": {"console"},
    r"\.(write_text|write_bytes|unlink|rmdir|mkdir|chmod)\(|\bopen\(\"w": {"write"},
    r"\bsubprocess\b": {"git", "fonts"},
    r"\bsys\.exit\(": {"__main__"},
    r"\byaml\.(load|parse|safe_load|compose)\(": {"yaml_source"},
    r"\bProcessPoolExecutor\(": {"executor"},
    r"\b(urlopen|requests|socket|http\.server)\b": set(),
}
FORM_WORDS = re.compile("部门|绩效|指标|填报|财政|收入|支出|目标")


def modules() -> dict[str, Path]:
    """All modules by dotted name under perfgen; a package goes by its own name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if name:
            found[name] = path
    return found


MODULES = modules()


def layer(name: str) -> int | None:
    for number, names in enumerate(LAYERS):
        if name in names:
            return number
    for number, names in enumerate(LAYERS):
        if f"{name.rpartition('.')[0]}.*" in names:
            return number
    return None


def imported(path: Path) -> set[str]:
    """The perfgen modules a module imports, wherever in it; imports for types only are left out."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            node.body = []
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "perfgen":
            base = node.module.partition(".")[2]
            for alias in node.names:
                full = f"{base}.{alias.name}".strip(".")
                found.add(full if full in MODULES else base)
        elif isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[2] for alias in node.names if alias.name.startswith("perfgen.")}
    return found - {""}


def test_the_layers_are_the_package():
    assert len(MODULES) > 40
    homeless = [
        m for m in MODULES if layer(m) is None and m not in ("__main__", "check", "table", "commands", "redline")
    ]
    assert homeless == []
    listed = {name for names in LAYERS for name in names if not name.endswith("*")}
    assert listed <= set(MODULES)


@pytest.mark.parametrize("name", sorted(MODULES))
def test_imports_point_down(name):
    own = layer(name)
    if own is None:
        return
    for other in imported(MODULES[name]):
        below = layer(other)
        assert below is None or below < own or other.split(".")[0] == name.split(".")[0] != other, (
            f"{name} imports {other}"
        )


@pytest.mark.parametrize("pattern", DOORS)
def test_each_door_has_one_owner(pattern):
    users = {name for name, path in MODULES.items() if re.search(pattern, path.read_text("utf-8"))}
    assert users == DOORS[pattern]


@pytest.mark.parametrize("name", sorted(MODULES))
def test_the_engine_knows_no_form(name):
    assert not FORM_WORDS.findall(MODULES[name].read_text("utf-8"))


@pytest.mark.parametrize("name", sorted(MODULES))
def test_each_module_opens_with_a_sentence(name):
    text = ast.get_docstring(ast.parse(MODULES[name].read_text("utf-8"))) or ""
    assert text.split("\n\n")[0].rstrip()[-1:] in tuple(".:;") or text.count(".") > 0
    assert text


def test_no_module_is_a_drawer():
    assert not {name.rpartition(".")[2] for name in MODULES} & {"utils", "helpers", "common", "core", "manager", "misc"}
    long = {name: len(path.read_text("utf-8").splitlines()) for name, path in MODULES.items()}
    assert {name for name, lines in long.items() if lines > 300} == set()


def test_architecture_page_names_every_module():
    page = (REPOSITORY / "docs/architecture.md").read_text("utf-8")
    missing = [name for name in MODULES if name != "__main__" and f"`{name.replace('.', '/')}" not in page]
    assert missing == []
    for name in re.findall(r"`([a-z_/]+)`", page):
        dotted = name.replace("/", ".")
        if "/" in name or name in ("work", "plan"):
            known = dotted in MODULES or (REPOSITORY / name).exists() or (PACKAGE / name).exists()
            assert known, f"docs/architecture.md names {name}, which is not there"
