"""Draws the packages of perfgen and the imports between them, and counts what the documentation tells of the code.

    python scripts/structure.py            shows the picture, the figures and the lines of each form
    python scripts/structure.py --write    puts them into docs/architecture.md and docs/form.md, between their marks

A place is a package of perfgen, or a module beside the packages. Its floor is one above the highest floor it imports
from; what imports nothing stands on floor 1. The picture leaves out the arrows that follow from others.
"""

from __future__ import annotations

import ast
import functools
import json
import statistics
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGE = REPOSITORY / "perfgen"
PAGE = REPOSITORY / "docs/architecture.md"
FORM_PAGE = REPOSITORY / "docs/form.md"
LONG = 40
"""A function of more lines is called long."""


@functools.cache
def modules() -> dict[str, Path]:
    """All modules by their dotted name below perfgen; a package goes by its own name, perfgen itself by none."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@functools.cache
def nodes(module: str) -> tuple[ast.AST, ...]:
    """All nodes of a module's syntax tree, which is read once."""
    return tuple(ast.walk(ast.parse(modules()[module].read_text("utf-8"))))


@functools.cache
def imports(module: str) -> frozenset[str]:
    """The modules of perfgen that a module imports, wherever in it; imports for types only are left out."""
    below = nodes(module)
    for_types = {
        id(inner)
        for node in below
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
        for statement in node.body
        for inner in ast.walk(statement)
    }
    found = set()
    for node in below:
        if id(node) in for_types:
            continue
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "perfgen":
            base = (node.module or "").partition(".")[2]
            for alias in node.names:
                full = f"{base}.{alias.name}".strip(".")
                found.add(full if full in modules() else base)
        elif isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[2] for alias in node.names if alias.name.startswith("perfgen.")}
    return frozenset(found - {""})


def place(module: str) -> str:
    """The package that a module lies in, or the module itself where it lies beside the packages."""
    return module.partition(".")[0]


def arrows() -> dict[str, set[str]]:
    """By place, the places it imports from."""
    found: dict[str, set[str]] = {place(module): set() for module in modules() if module}
    for module in filter(None, modules()):
        found[place(module)] |= {place(other) for other in imports(module)} - {place(module)}
    return found


def floors(below: Mapping[str, set[str]]) -> dict[str, int]:
    """By name, its floor. Raises ValueError for names that import each other in a circle."""
    found: dict[str, int] = {}

    def climb(name: str, way: tuple[str, ...]) -> int:
        if name in way:
            raise ValueError(f"imports go in a circle: {' → '.join((*way, name))}")
        if name not in found:
            found[name] = 1 + max((climb(other, (*way, name)) for other in below[name]), default=0)
        return found[name]

    for name in below:
        climb(name, ())
    return found


def _implied(below: Mapping[str, set[str]], name: str) -> set[str]:
    """The places that a place reaches by more than one arrow."""
    found: set[str] = set()
    left = [other for one in below[name] for other in below[one]]
    while left:
        if (one := left.pop()) not in found:
            found.add(one)
            left += below[one]
    return found


def picture() -> Iterator[str]:
    """The places and their arrows as a Mermaid flow chart, the ground floor at the bottom."""
    below = arrows()
    height = floors(below)
    packages = {place(module) for module in modules() if "." in module} | {"commands"}
    yield "```mermaid"
    yield "flowchart BT"
    for name in sorted(below, key=lambda name: (height[name], name)):
        yield f'  {name}["{name}/"]' if name in packages else f"  {name}([{name}])"
    for name in sorted(below, key=lambda name: (height[name], name)):
        for other in sorted(below[name] - _implied(below, name)):
            yield f"  {name} --> {other}"
    yield "```"


def _functions() -> list[int]:
    """The length of every function, in lines."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return sorted(
        (node.end_lineno or node.lineno) - node.lineno + 1
        for module in modules()
        for node in nodes(module)
        if isinstance(node, kinds)
    )


def _any() -> int:
    """How often the code says `Any`."""
    return sum(isinstance(node, ast.Name) and node.id == "Any" for module in modules() for node in nodes(module))


def circles() -> int:
    """How many modules import each other in a circle, 0 where none do."""
    try:
        floors({module: {other for other in imports(module) if other != module} for module in modules()})
    except ValueError:
        return 1
    return 0


def upward() -> int:
    """How many imports go from a package to one that imports it, by whatever way."""
    below = arrows()
    reach = {name: _implied(below, name) | below[name] for name in below}
    return sum(name in reach[other] for name in below for other in below[name])


def measured() -> dict[str, str]:
    """What the code's shape is in figures, by what they count."""
    sizes = sorted(len(path.read_text("utf-8").splitlines()) for path in modules().values())
    functions = _functions()
    beside = [module for module, path in modules().items() if path.parent == PACKAGE]
    below = arrows()
    packages = [path for path in PACKAGE.rglob("__init__.py") if path.parent != PACKAGE]
    return {
        "lines": f"{sum(sizes):,}",
        "modules": str(len(sizes)),
        "modules at the root": str(len(beside)),
        "packages": str(len(packages)),
        "floors": str(max(floors(below).values())),
        "upward arrows": str(upward()),
        "circles": str(circles()),
        "median and largest module, in lines": f"{statistics.median(sizes):.0f} / {sizes[-1]}",
        "nine of ten functions are no longer than": f"{functions[9 * len(functions) // 10]} lines",
        f"functions of more than {LONG} lines": f"{sum(size > LONG for size in functions)} of {len(functions):,}",
        "`Any` in a thousand lines": f"{1000 * _any() / sum(sizes):.1f}",
    }


def table() -> Iterator[str]:
    """The figures as a Markdown table."""
    yield "| | |"
    yield "|---|---|"
    yield from (f"| {name} | {value} |" for name, value in measured().items())


def form_lines() -> Iterator[str]:
    """How many lines each form takes, as a Markdown table; the shortest first."""
    rows = []
    for schema in REPOSITORY.glob("schema/*.schema.json"):
        name = schema.name.removesuffix(".schema.json")
        if (folder := REPOSITORY / "templates" / name).joinpath("form.docx").is_file():
            files = (schema, schema.with_name(f"{name}.rules.yaml"), folder / "page.html")
            counts = [len(path.read_text("utf-8").splitlines()) if path.is_file() else 0 for path in files]
            rows.append((sum(counts), name, json.loads(schema.read_text("utf-8"))["title"], counts))
    yield "| 表 | schema | 规则 | 网页 | 合计 |"
    yield "|---|---|---|---|---|"
    for whole, name, title, counts in sorted(rows):
        yield f"| {title} `{name}` | {' | '.join(map(str, counts))} | {whole} |"


PARTS = {PAGE: {"picture": picture, "figures": table}, FORM_PAGE: {"lines": form_lines}}
"""By page, what stands between its marks."""


def page(path: Path = PAGE) -> str:
    """A page of the documentation as it should be: between the marks, what the files say."""
    text = path.read_text("utf-8")
    for name, part in PARTS[path].items():
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        before, found, rest = text.partition(begin)
        if not found or end not in rest:
            raise ValueError(f"{path.name} has no place for {name}")
        text = before + begin + "\n".join(part()) + "\n" + end + rest.partition(end)[2]
    return text


def main() -> None:
    """Shows or writes; see the top of this file."""
    for path, parts in PARTS.items():
        if sys.argv[1:] == ["--write"]:
            path.write_text(page(path), "utf-8")
        else:
            for part in parts.values():
                sys.stdout.write("\n".join(part()) + "\n")


if __name__ == "__main__":
    main()
