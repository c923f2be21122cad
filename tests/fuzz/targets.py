"""The readers that are fuzzed: each takes bytes, and may raise nothing but the errors that it tells its user."""

from __future__ import annotations

import functools
import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from perfgen.findings import PerfgenError
from perfgen.form import forms
from perfgen.form.formulas import FormulaError, compile_formula
from perfgen.importing import pdf_data
from perfgen.importing.paper.word_table import read_word_form
from perfgen.importing.paper.word_text import Revisions
from perfgen.project.snapshot import Project
from perfgen.project.trees import Contents
from perfgen.review import docx_text
from perfgen.source import reader
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot
from tests.helpers.words import docx_of

CORPUS = Path(__file__).parent / "corpus"
FORM = "department-target"


def fuzz_yaml(data: bytes) -> None:
    """The reader of data files, with its search for all mistakes."""
    with suppress(PerfgenError):
        reader.load_yaml(data, "x.yaml")


def fuzz_word(data: bytes) -> None:
    """The readers of Word packages."""
    for revisions in Revisions:
        with suppress(PerfgenError):
            read_word_form(data, "x.docx", revisions)
    with suppress(ValueError):
        docx_text.text_of(data)


def fuzz_document(data: bytes) -> None:
    """The same, in a package that is whole but for its document."""
    fuzz_word(_packed(data))


def fuzz_pdf(data: bytes) -> None:
    """The reader of a PDF's data."""
    with suppress(PerfgenError):
        pdf_data.attached(data, "x.pdf")


def fuzz_formula(data: bytes) -> None:
    """Formulas, compiled and computed."""
    form, sample = _form_and_data()
    with suppress(PerfgenError, FormulaError):
        compile_formula(data.decode("utf-8", "replace"), form.fields)(sample)


def fuzz_rules(data: bytes) -> None:
    """A rules file."""
    schema = REPOSITORY.joinpath(f"schema/{FORM}.schema.json").read_bytes()
    files = {f"schema/{FORM}.schema.json": schema, f"schema/{FORM}.rules.yaml": data}
    project: Project = snapshot(REPOSITORY).with_folder("schema", Contents(files))
    with suppress(PerfgenError):
        forms.loaded(project)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "yaml": fuzz_yaml, "word": fuzz_word, "document": fuzz_document, "pdf": fuzz_pdf, "formula": fuzz_formula,
    "rules": fuzz_rules,
}  # fmt: skip


def _packed(document: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(_plain()) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            target.writestr(name, document if name == "word/document.xml" else source.read(name))
    return buffer.getvalue()


def _plain() -> io.BytesIO:
    return io.BytesIO(docx_of([["甲", "乙"]]))


@functools.cache
def _form_and_data() -> tuple[forms.Form, dict[str, object]]:
    form = forms.find(snapshot(REPOSITORY), FORM)
    assert form is not None
    sample = REPOSITORY.joinpath("data/2025/示例市档案馆.yaml").read_bytes()
    return form, reader.load_yaml(sample, "x.yaml").top
