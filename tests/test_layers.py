"""The house keeps its shape: imports go one way, doors have one owner, docs tell the truth."""

from __future__ import annotations

import ast
import re
from decimal import Decimal

import pytest

from scripts import structure
from tests.conftest import REPOSITORY

PACKAGE = REPOSITORY / "perfgen"
MODULES = {name: path for name, path in structure.modules().items() if name}

# From the ground up: what stands in a row may import only from the rows before it.
FLOORS = [
    ["data", "display", "findings", "notation", "plugins"],
    ["fields", "project", "values"],
    ["formats", "source"],
    ["system"],
    ["form"],
    ["check", "comparison", "repository", "table"],
    ["report", "authoring", "merging"],
    ["prove", "importing"],
    ["filling", "render"],
    ["review", "build", "status"],
    ["serving", "verifying"],
    ["commands"],
    ["cli"],
    ["__main__"],
]

# The same inside a package, for its modules and folders.
INSIDE = {
    "authoring": [
        ["draft", "new_file", "new_place", "next_step", "repair", "settings_text", "started"],
        ["editor_globs", "empty_file", "repair_values", "rollover"], ["next_file", "next_year"],
    ],
    "build": [
        ["elsewhere", "fingerprint", "job", "listener", "output_tree", "specimen", "verified"],
        ["check_part", "made_from", "records", "stamps", "template_check", "unit_year_job"],
        ["needs", "old_manifest"], ["check_batch", "manifest"], ["keeper", "plan", "stored_summaries"],
        ["last_build", "no_page", "not_reviewed", "not_yet", "outcome", "shares", "site_plan", "unit_year_plan",
         "unpublished"],
        ["unit_year_build"], ["site_build"], ["batch"],
    ],
    "check": [
        ["computing", "joined_members", "looked", "path_labels", "private_numbers", "shapes", "standing",
         "undecided", "unfilled"],
        ["filing", "unknown_names"],
        ["approvals", "evaluate", "missing_files", "private_values", "reasons", "reference_words", "slipped_digits",
         "wanted_groups"],
        ["all_units", "explanation", "figure_troubles", "last_year", "schema_errors"], ["colon_in_item", "covering"],
        ["checks"], ["engine_rules", "new_name", "units", "unread"],
        ["alone", "documents", "former_names", "rule_book", "waivers"], ["check", "references"], ["loading"],
        ["identity"],
    ],
    "check.checks": [
        ["characters", "claims", "file_name", "last_year", "location", "mixed_signs", "numbering", "outcomes",
         "pending", "private_texts", "references", "rules", "sample_names", "schema", "slipped_letters", "text_lines"],
    ],
    "commands": [
        ["adopt", "approve", "build", "check", "diff", "doctor", "explain", "form", "import", "init", "merge", "new",
         "next", "rollover", "serve", "status", "text", "verify"],
    ],
    "comparison": [
        ["difference", "text_diff"], ["classify", "labels", "match", "shifts"],
        ["large_amounts", "own_year", "sentences"], ["told"],
    ],
    "fields": [
        ["annotations"], ["field"], ["reader"],
    ],
    "filling": [
        ["blanks", "draft", "edits", "formula_figures", "formula_words", "free_groups", "labels", "last_year",
         "offers", "printed_rows", "printed_text", "reasons", "rows", "typed"],
        ["clipboard", "dropped", "optional", "paste_plan", "said", "sheet", "wanted", "written"],
        ["change", "formula", "slots", "turns"], ["meant", "rest", "understood"], ["paste_values"], ["paste_rows"],
        ["pasted"],
    ],
    "form": [
        ["formula_scope", "formula_text", "grouping", "holes", "likeness", "nearest", "no_amount", "numbered",
         "past_values", "pattern_shape", "row_name", "rules_document", "schema_text", "steps", "wordings"],
        ["figure_places", "formula_reads", "path_pattern", "pattern_program", "row_list", "schema_references",
         "similarity", "value_advice"],
        ["formula_cost", "formula_view", "patterns"], ["formula_tiers", "names", "schema_keywords", "text_marks"],
        ["formula_functions", "schema_quick"], ["formula_arguments", "formula_code", "meta_schema"],
        ["formula_types", "schema"], ["formula_size"], ["formulas"], ["figure", "sentences"], ["rules"],
        ["all_units", "figure_sheet", "formula_meaning", "rules_source"], ["figure_set", "rule_copies"],
        ["figure_visibility"], ["figure_links"], ["figures"], ["figure_patterns", "references", "rules_inclusion"],
        ["named_lists", "rules_file"], ["list_names"], ["rules_loading"], ["forms"], ["schema_meaning"],
    ],
    "form.all_units": [["gone", "missing", "outlier", "unit_of_measure"]],
    "formats": [
        ["github", "gitlab", "json", "parts", "sarif"], ["text"],
    ],
    "formats.parts": [["finding_lines"], ["brief"]],
    "importing": [
        ["folding", "overview", "sources"], ["choices", "doubts", "paper"], ["notes", "witness"],
        ["certainty", "matching", "units"],
        ["around", "compare", "printed_figures", "shown_values", "values", "which_form"], ["defaults", "to_data"],
        ["evidence", "pdf_data"], ["import_file"], ["sent", "targets"],
    ],
    "importing.matching": [
        ["names", "pattern", "template_line"], ["cell_list", "fit"], ["cell_text", "columns"], ["score"], ["match"],
        ["column_heads", "row_notes", "turns"], ["bind"],
    ],
    "importing.paper": [
        ["word_package"], ["contents", "known", "pdf_attachment"], ["word_alternate", "word_fields"], ["word_styles"],
        ["word_controls"], ["word_context"], ["word_runs"], ["word_text"], ["word_blocks", "word_edges"],
        ["word_table"],
    ],
    "importing.witness": [["known_differences", "odf_styles"], ["odf_text"], ["odf_table"], ["second_reading"]],
    "merging": [
        ["rows"], ["layout", "three_way"], ["join"], ["driver"],
    ],
    "project": [
        ["faults", "folders", "invocation", "layout", "made"], ["names", "reading"], ["shipped", "trees"],
        ["data_names"], ["snapshot"], ["arguments", "noted", "parcel"],
    ],
    "prove": [
        ["html_reader", "paths", "proof"], ["docx_cells", "html_values", "pdf_attachments", "summary_places"],
        ["pdf_cells"],
    ],
    "render": [
        ["data_json", "data_schema", "dataset", "parts", "summary"],
        ["assets", "catalog", "checksums", "data_csv", "datapackage", "docx", "feed", "html", "index", "measures",
         "pdf", "search_data", "sitemap", "table_page", "unit_years", "workbook", "year_lists", "year_tables"],
        ["fragment"],
    ],
    "render.parts": [
        [
            "asset_files", "bounded", "csv_cells", "drawings", "fragments", "made_files", "pdf_bytes", "pdf_faces",
            "pdf_lines", "pdf_memory", "pdf_rows", "pdf_styles", "pdf_ticks", "pdf_tree", "pictures", "remarks",
            "word_xml", "zip_package",
        ],
        ["html_templates", "official_headers", "open_tables", "pdf_layout", "word_parts", "word_traces"],
        ["pdf_ruler", "pdf_tags", "sheet", "site_pages", "word_package"], ["pdf_pages", "xlsx", "year_sheets"],
    ],
    "report": [
        ["circles", "correction_rows", "disclosure", "listing", "publication", "publish", "said", "spelling",
         "unit_reports"],
        ["amounts", "measure_rows", "site", "site_lists"],
        ["as_if_public", "columns", "data_links", "referred", "shared_measures", "site_words", "tags", "unreviewed"],
        ["changes", "deadline", "linked_data", "search_names"], ["overview", "summary"], ["datum", "facts"],
        ["over_years", "report", "unit_money"], ["open_data", "page_facts"],
    ],
    "repository": [
        ["adoption", "wheel"], ["contents"], ["vendored"],
    ],
    "review": [
        ["change", "file_version", "merge_sides", "needed_data", "record_history", "reviewers", "totals",
         "xml_elements"],
        ["check_changes", "consents", "correction", "docx_text", "judge", "kept", "merge", "official", "quiet_files",
         "redline", "same_unit", "sums", "version_reader"],
        ["both_official", "check_of_unit", "version_checks", "versions"],
        ["authors", "settings", "since", "unused", "years"], ["rules"],
        ["answers", "change_maker", "submitters", "unit_comparison"], ["approve", "compare", "money", "whole_files"],
        ["corrections", "headline", "redlines"], ["commit_message", "formats"], ["returned"], ["brought"],
        ["form_reading"], ["take_in"], ["read_ahead"],
    ],
    "review.formats": [["github", "json", "text"], ["html", "markdown"]],
    "review.settings": [
        ["change"], ["effect", "pin_changes", "plain_changes", "rules_version", "schema_changes", "sides", "stale",
         "target_changes", "text_changes", "unit_changes", "word_changes"],
        ["rule_changes"], ["review"], ["lines"],
    ],
    "review.redline": [["align", "fragments"], ["markup", "resolve"], ["write"]],
    "serving": [
        ["asked", "compared", "ending", "hub", "known", "listing", "needs", "page", "patience", "previews", "saves",
         "watching"],
        ["desk", "refusal", "states"], ["guard", "window"], ["office"], ["answers", "following", "making"],
        ["answering", "bringing", "committing", "knowing", "starting", "tabs"], ["pasting"], ["app"], ["server"],
    ],
    "serving.states": [
        ["made_of", "state"], ["kept", "report"], ["assessor"], ["known"],
    ],
    "source": [
        ["characters", "conflict", "edits", "encoding", "mojibake", "pairing", "positions", "scalars"],
        ["events", "indents", "line_mistakes", "pending", "unprintable", "writer"], ["bare_lines", "brackets"],
        ["mistakes"], ["fixes"], ["recovery"], ["reader"], ["entries"], ["carry", "remarks", "style"], ["replace"],
        ["arrange"], ["editor"], ["rewrite"],
    ],
    "status": [
        ["owed", "rows"], ["collect", "words"], ["formats"],
    ],
    "status.formats": [["csv", "html", "text"]],
    "system": [
        ["browser", "cluster_address", "cluster_pieces", "console", "fonts", "garbage", "git_call", "limits", "pip",
         "unpack", "write"],
        ["environment", "executor", "fault_report", "git", "git_history", "git_signature", "git_steps", "git_user",
         "office", "text_merge", "worker_process"],
        ["background", "cluster_members", "cluster_worker", "commit_tree", "day", "dispatch", "git_as_user",
         "git_commit", "merge_labels"],
        ["cluster_task"], ["cluster"],
    ],
    "table": [
        ["model", "view", "word_xml"],
        ["filters", "formatting", "sheet", "word_colors", "word_fields", "word_shape", "word_styles"],
        ["headers", "measure", "tags"], ["heights", "hidden_text", "paginate", "template_refusals"], ["template"],
        ["expand", "lint", "numbering", "referred_names"],
    ],
    "verifying": [
        ["appended", "candidates", "content", "same_bytes"], ["data_files", "sources", "word_file"],
        ["compare", "edition", "pdf_file"], ["outcome", "read"], ["mirror", "verify", "words"], ["as_json"],
    ],
    "values": [
        ["dates", "reader_unit", "vocabulary"], ["measure"], ["comparison", "parsing"], ["achievement", "parts"],
    ],
}  # fmt: skip
DOORS = {
    r"\bprint\(": {"system.console"},
    r"\.(write_text|write_bytes|unlink|rmdir|mkdir|chmod)\(|\bopen\(\"w": {"system.write"},
    r"\bsubprocess\b": {
        "system.browser",
        "system.git_call",
        "system.fonts",
        "system.office",
        "system.pip",
        "system.worker_process",
    },
    r"\bsys\.exit\(": {"__main__"},
    r"\b(now|today|localtime|time\.time)\(|\"SOURCE_DATE_EPOCH": {"system.day"},
    r"\byaml\.(load|parse|safe_load|compose)\(": {"source.reader"},
    r"\bProcessPoolExecutor\(": {"system.executor"},
    r"null\|Null": {"source.scalars"},
    # the first ones of the tables of look-alikes, and of what turns the reading direction
    r"\\u(2e80|202a)": {"source.characters"},
    r"\b(urlopen|socket|http\.server)\b|\bimport requests\b": {"serving.server"},
}
FORM_WORDS = re.compile("部门|绩效|指标|填报|财政|收入|支出|目标")


def test_every_module_has_a_floor():
    assert len(MODULES) > 150
    places = [name for row in FLOORS for name in row]
    assert sorted(places) == sorted({structure.place(module) for module in MODULES})
    packages = {name for name, path in MODULES.items() if path.name == "__init__.py"}
    assert set(INSIDE) == packages
    for package, rows in INSIDE.items():
        below = {name for name in MODULES if name.rpartition(".")[0] == package}
        assert sorted(f"{package}.{name}" for row in rows for name in row) == sorted(below)


def floor(rows: list[list[str]], name: str) -> int:
    return next(number for number, row in enumerate(rows) if name in row)


@pytest.mark.parametrize("package", ["", *INSIDE])
def test_imports_point_down(package):
    rows = INSIDE[package] if package else FLOORS
    inside = f"{package}." if package else ""
    checked = 0
    for module in MODULES:
        if not module.startswith(inside):
            continue
        own = module.removeprefix(inside).partition(".")[0]
        for other in structure.imports(module):
            below = other.removeprefix(inside).partition(".")[0]
            # a package's own page lists its folder, and belongs to none of its rows
            if other.startswith(inside) and below != own:
                assert floor(rows, below) < floor(rows, own), f"{module} imports {other}"
                checked += 1
    assert checked or len(rows) == 1


def test_there_is_no_circle():
    assert structure.circles() == structure.upward() == 0


def test_a_package_is_entered_by_the_modules_it_names():
    entered = 0
    for module in MODULES:
        for other in structure.imports(module):
            package, _, name = other.partition(".")
            if name and package != structure.place(module):
                page = ast.parse(MODULES[package].read_text("utf-8"))
                (named,) = [ast.literal_eval(node.value) for node in page.body if isinstance(node, ast.Assign)
                            and getattr(node.targets[0], "id", "") == "__all__"]  # fmt: skip
                assert name.partition(".")[0] in named, f"{module} imports {other}"
                entered += 1
    assert entered > 200


def test_a_package_page_says_what_comes_in_and_goes_out():
    for name, path in MODULES.items():
        if path.name == "__init__.py":
            first = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").partition("\n")[0]
            assert first.endswith((".", ";", ":")) or " in, " in first, name


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


SIZE = re.compile(r"\d[\d,]*(?:\.\d+)?")


def sizes(page: str) -> list[Decimal]:
    """The figures of the table of the architecture page."""
    table = page.partition("<!-- figures -->")[2].partition("<!-- end of figures -->")[0]
    return [Decimal(found.replace(",", "")) for found in SIZE.findall(table)]


def test_the_architecture_page_is_drawn_from_the_code():
    # The sizes may be a little behind: otherwise each change of a line would have to be written there too.
    drawn, written = structure.page(), structure.PAGE.read_text("utf-8")
    assert SIZE.sub("#", drawn) == SIZE.sub("#", written), "run: python scripts/structure.py --write"
    for now, then in zip(sizes(drawn), sizes(written), strict=True):
        assert abs(now - then) <= max(1, Decimal("0.05") * now), "run: python scripts/structure.py --write"
    figures = structure.measured()
    assert f"| upward arrows | {figures['upward arrows']} |" in written and "| circles | 0 |" in written
    assert int(figures["modules at the root"]) <= 10
    assert int(figures["floors"]) <= 13


def test_the_walk_names_functions_that_are_there():
    page = structure.PAGE.read_text("utf-8")
    walk = re.findall(r"`([a-z_]+(?:/[a-z_]+)+)` `([\w.]+)`", page)
    assert len(walk) > 10
    for place, function in walk:
        *holder, name = function.split(".")
        tree = ast.parse(MODULES[place.replace("/", ".")].read_text("utf-8"))
        names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        assert {*holder, name} <= names, f"docs/architecture.md names {function} of {place}, which is not there"


def test_the_architecture_page_names_only_what_is_there():
    page = structure.PAGE.read_text("utf-8")
    named = re.findall(r"`([a-z_]+(?:/[a-z_]+)+)/?`", page)
    assert len(named) > 20
    for name in named:
        known = name.replace("/", ".") in MODULES or (REPOSITORY / name).exists() or (PACKAGE / name).exists()
        assert known, f"docs/architecture.md names {name}, which is not there"
    assert {place for row in FLOORS for place in row} - {"__main__"} <= set(
        re.findall(r"`([a-z_]+)(?:/[a-z_]*)?`", page)
    )
