"""Rules files that a rules file includes: read before it, and its own entries win.

    包括: [common.rules.yaml]     files of schema/, by their paths there; of two that say the same the later one wins

A file may include others. Of a section with names each entry is taken over, of the grades each scale; a rule's id is
one name in all sections of rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from perfgen.data import Data, ValuePath, as_group, as_list
from perfgen.findings import DataError, FormError
from perfgen.form.figures import SECTION as FIGURES
from perfgen.form.nearest import guess
from perfgen.form.rules_document import ENSURED, INCLUDES, LISTS, REFERENCES, Origin, RulesText
from perfgen.form.rules_source import ALL_UNITS, GRADES, PARAMETERS, SECTION, SIGNS
from perfgen.project.layout import SCHEMA_FOLDER
from perfgen.project.snapshot import Project
from perfgen.source import reader
from perfgen.source.reader import Document

SUFFIX = ".rules.yaml"
"""How the names of rules files end."""
RULES_OF_ALL_KINDS = (SECTION, ENSURED, ALL_UNITS)
"""The sections whose entries are rules: an id stands in one of them."""
_NAMED = (FIGURES, PARAMETERS, SIGNS, LISTS, REFERENCES, *RULES_OF_ALL_KINDS)
_DEEPEST = 30


def load(project: Project, file: str) -> Document:
    """A rules file as it is typed. Raises FormError for one that cannot be read."""
    try:
        return reader.load_yaml(project.read(file), file)
    except DataError as error:
        raise FormError(error.findings) from None


def with_included(project: Project, file: str) -> RulesText:
    """A rules file with the entries of all that it includes, its own ones in front of theirs.

    Raises FormError for a file that cannot be read; what is wrong with the including is noted in the text.
    """
    document = load(project, file)
    text = RulesText(document)
    if INCLUDES in text.data:
        _Inclusion(project, text).take_in(document)
    return text


class _Inclusion:
    def __init__(self, project: Project, text: RulesText) -> None:
        self.project = project
        self.text = text
        self.known = [path for path in project.files(SCHEMA_FOLDER) if path.endswith(SUFFIX)]

    def take_in(self, own: Document) -> None:
        del self.text.data[INCLUDES]
        below = _Sections(self.text)
        for document in self.included(own, (own.file,)):
            below.add(document)
        below.add(own)
        self.text.data = below.data
        self.text.origins |= below.origins

    def included(self, document: Document, above: tuple[str, ...]) -> Iterator[Document]:
        """The files that one includes, each behind those that it includes itself, each once."""
        for number, name in enumerate(self.names(document)):
            file = f"{SCHEMA_FOLDER}/{name}"
            if trouble := self.trouble(name, file, above):
                self.wrong(document, (INCLUDES, number), *trouble)
            elif file not in self.text.files:
                self.text.files.append(file)
                below = load(self.project, file)
                yield from self.included(below, (*above, file))
                yield below

    def names(self, document: Document) -> list[str]:
        """The names that a file includes."""
        typed = document.top.get(INCLUDES, [])
        names = [name for name in as_list(typed) if isinstance(name, str)]
        if not isinstance(typed, list) or len(names) < len(typed):
            hint = f"例如 {INCLUDES}: [common{SUFFIX}]。"
            self.wrong(document, (INCLUDES,), f"“{INCLUDES}”要写成规则文件名的列表。", hint)
            return []
        return names

    def trouble(self, name: str, file: str, above: tuple[str, ...]) -> tuple[str, str] | None:
        """Why a file cannot be included, and what to do about it; None where it can."""
        known = [path.removeprefix(f"{SCHEMA_FOLDER}/") for path in self.known]
        if name.startswith("/") or "\\" in name or ":" in name or ".." in PurePosixPath(name).parts:
            return f"“{name}”不在 {SCHEMA_FOLDER}/ 里面，不读。", f"把它放进 {SCHEMA_FOLDER}/，这里只写文件名。"
        if not name.endswith(SUFFIX):
            return f"“{name}”不是规则文件。", f"规则文件的名字以 {SUFFIX} 结尾。{guess(name, known)}"
        if file in above:
            circle = " → ".join(path.removeprefix(f"{SCHEMA_FOLDER}/") for path in (*above[above.index(file) :], file))
            return f"规则文件互相包括成了圈：{circle}。", "去掉其中一个。"
        if len(above) > _DEEPEST:
            return f"规则文件一个包括一个，超过了 {_DEEPEST} 层。", "少包括几层。"
        if not self.project.holds(file):
            others = [path for path in known if f"{SCHEMA_FOLDER}/{path}" not in above]
            only_name = name.startswith(f"{SCHEMA_FOLDER}/")
            hint = f"不用写 {SCHEMA_FOLDER}/。" if only_name else guess(name, others) or "改正名字，或补上这个文件。"
            return f"{SCHEMA_FOLDER}/ 里没有“{name}”。", hint
        return None

    def wrong(self, document: Document, path: ValuePath, message: str, hint: str) -> None:
        below = RulesText(document)
        below.wrong(path, message, hint)
        self.text.findings += below.findings


class _Sections:
    """The sections of several files put together, the later ones over the earlier ones."""

    def __init__(self, text: RulesText) -> None:
        self.text = text
        self.data: dict[str, Data] = {}
        self.origins: dict[ValuePath, Origin] = {}

    def add(self, document: Document) -> None:
        """Puts one file over the others."""
        top = document.top
        if not isinstance(document.data, dict) and document.file != self.text.file:
            self.wrong(document, (), "规则文件要写成一节一节的“名称: 内容”。")
        for name, content in top.items():
            if name == INCLUDES:
                continue
            self.origins[(name,)] = Origin(document, (name,))
            wanted = list if name == GRADES else dict if name in _NAMED else None
            if wanted and content is not None and not isinstance(content, wanted):
                said = "几个列表，每个从好到差" if wanted is list else "一行行“名称: 内容”"
                self.wrong(document, (name,), f"“{name}”要写成{said}。")
            elif isinstance(content, list) and wanted is list:
                self.add_scales(content)
            elif isinstance(content, dict) and wanted is dict:
                self.add_entries(document, name, content)
            elif content is not None or name not in self.data:
                self.data[name] = content

    def add_entries(self, document: Document, name: str, content: dict[str, Data]) -> None:
        if name in RULES_OF_ALL_KINDS:
            for other in RULES_OF_ALL_KINDS:
                # two sections of one file with the same id stay, so that it is said
                kept = {
                    key: body for key, body in self.section(other).items()
                    if key not in content or self.origins[other, key].document is document
                }  # fmt: skip
                if other in self.data:
                    self.data[other] = dict(kept)
        self.data[name] = {**self.section(name), **content}
        for key in content:
            self.origins[name, key] = Origin(document, (name, key))

    def add_scales(self, content: list[Data]) -> None:
        """Puts the scales of a file in front of those before: the first that has a word counts."""
        own = {repr(scale) for scale in content}
        self.data[GRADES] = [*content, *(one for one in as_list(self.data.get(GRADES)) if repr(one) not in own)]

    def section(self, name: str) -> dict[str, Data]:
        return as_group(self.data.get(name))

    def wrong(self, document: Document, path: ValuePath, message: str) -> None:
        below = RulesText(document)
        below.wrong(path, message)
        self.text.findings += below.findings
