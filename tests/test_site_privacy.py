"""Nothing private of any form, year or setting, nor a hash of it, in any byte of the public site as a whole."""

from __future__ import annotations

import functools
import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfgen.build import batch
from perfgen.build.batch import BuildOrder
from perfgen.fields.field import Field
from perfgen.form import forms
from perfgen.project.layout import DataFile
from tests.helpers import stand_in
from tests.helpers.found import errors
from tests.helpers.projects import REPOSITORY, restored, snapshot
from tests.helpers.whole_site import DAY
from tests.test_privacy import everything

pytestmark = pytest.mark.pdf
UNIT = "示例市档案馆"
FILES = sorted(path.relative_to(REPOSITORY).as_posix() for path in REPOSITORY.glob("data/2*/**/*.yaml")
               if UNIT in path.as_posix())  # fmt: skip
"""A unit that uses every form in two years; of one form nothing is published."""
HIDDEN = "project-monitor"
COLUMN = {"title": "经办人", "description": "谁经办。", "type": "string", "x-printed": False}
ROLES = {
    "allow": lambda mark: {f"没有的话{mark}": f"允许{mark}"},
    "approvals": lambda mark: {hashlib.sha256(mark.encode()).hexdigest()[:16]: {"审核人": mark, "日期": "2025-01-10"}},
    "disclosure": lambda mark: {"审查人": mark, "日期": "2024-01-30", "结果": "可以公开", "意见": f"意见{mark}"},
    "reasons": lambda mark: {f"没有的行{mark}": f"理由{mark}"},
    None: lambda mark: f"人{mark}",
}
"""What is planted in a private field of a role."""
MARK = re.compile(r"密标[甲乙]第[零一二三四五六七八九]+号|0000-98\d{5}")
DIGITS = "零一二三四五六七八九"


class Marks:
    """Marks that no other text holds, each given once, with where it went."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.places: dict[str, str] = {}

    def new(self, place: str) -> str:
        """A mark for a place."""
        number = "".join(DIGITS[int(digit)] for digit in f"{len(self.places):03}")
        return self._placed(f"密标{self.kind}第{number}号", place)

    def number(self, place: str) -> str:
        """A mark for a place where a telephone number has to be."""
        return self._placed(f"0000-98{len(self.places):05}", place)

    def _placed(self, mark: str, place: str) -> str:
        self.places[mark] = place
        return mark


def private(field: Field) -> Iterator[tuple[str, Field]]:
    """The private fields of a form: none lies deeper than its first level, but for the column that is put in here."""
    for name, member in field.members.items():
        if not member.holds_public():
            yield name, member


def _with_mark(marks: Marks, place: str, found: re.Match[str]) -> str:
    return found[1] + marks.new(place)


def planted(root: Path, source: str, marks: Marks) -> None:
    """A mark in every private field of a file, in its comments, and in each private cell of its rows."""
    project = snapshot(root)
    form = forms.find(project, next(re.finditer(r"(?m)^表式: (\S+)", (root / source).read_text("utf-8")))[1])
    text = (root / source).read_text("utf-8")
    for name, field in private(form.fields):
        place = f"{source}: {name}"
        if field.role == "waivers":
            text = re.sub(rf"(?m)(?<=^{name}:\n)(  \w+: *)", functools.partial(_with_mark, marks, place), text)
            continue
        text = re.sub(rf"(?m)^{name}:.*\n(?:[ -].*\n)*", "", text)
        value = marks.number(place) if name == "联系电话" else ROLES[field.role](marks.new(place))
        line = json.dumps(value, ensure_ascii=False)
        text += f"{name}: {line}\n"
    text = re.sub(r"(?m)^(  - \{项目名称: )", lambda found: f"  - {{经办人: {marks.new(source)}, 项目名称: ", text)
    if form.name == HIDDEN:
        text = re.sub(r"(?m)^(实施单位: .*\n)", lambda found: f"{found[1]}建议: {marks.new(source)}\n", text)
    (root / source).write_text(f"# 内部{marks.new(source)}\n{text}", "utf-8")


def with_marks(root: Path, kind: str) -> Marks:
    """Marks everything private of a project and of its settings."""
    marks = Marks(kind)
    for source in FILES:
        planted(root, source, marks)
    settings = root / "data/site.yaml"
    text = settings.read_text("utf-8").replace(
        "    单位:\n", f"    单位:\n      {marks.new('a unit of the settings')}: {{公开日期: 2031-01-01}}\n", 1
    )
    settings.write_text(f"# {marks.new('the settings')}\n{text}", "utf-8")
    return marks


def build(root: Path) -> None:
    """Everything; a real PDF of one year's files, which is dear, and stand-ins of the others."""
    year = tuple(DataFile.at(source) for source in FILES if source.startswith("data/2025/"))
    first = batch.build(BuildOrder(snapshot(root), files=year, only=("pdf",), jobs=1, day=DAY))
    assert first.exit_code == 0, errors(first.findings)


def rest(root: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        stand_in.for_pdf(patch)
        outcome = batch.build(BuildOrder(snapshot(root), jobs=1, day=DAY))
    assert outcome.exit_code == 0, errors(outcome.findings)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with all forms and years of a unit, and a private column in the rows of one form."""
    root = tmp_path_factory.mktemp("privacy") / "project"
    for folder in ("schema", "templates"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    for source in ("data/site.yaml", *FILES):
        (root / source).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / source, root / source)
    path = root / "schema/department-target.schema.json"
    schema = json.loads(path.read_text("utf-8"))
    schema["properties"]["项目支出"]["items"]["properties"]["经办人"] = COLUMN
    path.write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    return root


@pytest.fixture(scope="module")
def marked(clean: Path) -> Iterator[tuple[Path, Marks]]:
    with restored(clean) as root:
        marks = with_marks(root, "甲")
        build(root)
        rest(root)
        yield root, marks


def told(path: Path) -> str:
    """All text of a file, and its name; a stand-in of a PDF is text."""
    content = path.read_bytes()
    is_stand_in = path.suffix == ".pdf" and b" obj" not in content
    return f"{path.name}\n{content.decode() if is_stand_in else everything(path)}"


def public(root: Path) -> dict[str, Path]:
    folder = root / "build/public"
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}


def test_a_mark_is_in_every_private_place_of_every_form_and_year(marked):
    root, marks = marked
    by_file = {source: {place for place in marks.places.values() if place.startswith(source)} for source in FILES}
    years = {source.split("/")[1] for source in FILES}
    used = {forms.find(snapshot(root), name).name for name in forms.names(snapshot(root))}
    assert len(years) == 2 and HIDDEN in used
    for source, places in by_file.items():
        assert len(places) >= 7, source
    assert len(marks.places) > 70


def test_no_public_byte_holds_a_mark_and_the_bureaus_files_do(marked):
    root, marks = marked
    files = public(root)
    assert {"index.html", "feed.xml", "catalog.jsonld", "checksums.json", "data/values-2025.csv"} <= set(files)
    assert any(name.startswith("assets/search-data.") for name in files)
    found = {name: MARK.findall(told(path) + name) for name, path in files.items()}
    assert {name: [marks.places.get(mark, mark) for mark in mine] for name, mine in found.items() if mine} == {}
    official = "".join(told(path) for path in (root / "build/official").rglob("*.*"))
    for source in FILES:
        printed = [
            mark for mark, place in marks.places.items() if place in (f"{source}: 填报人", f"{source}: 联系电话")
        ]
        assert printed and all(mark in official for mark in printed), "the test can find what is there"
    assert not [path for path in files.values() if "项目监控" in path.as_posix()], "it is not published yet"


def test_other_private_words_make_the_same_public_bytes(marked):
    """So nothing is made of them: no hash, no size, no order, no date."""
    root, _ = marked
    before = {name: path.read_bytes() for name, path in public(root).items()}
    official = {path.read_bytes() for path in (root / "build/official").rglob("*.docx")}
    for source in FILES:
        text = (root / source).read_text("utf-8").replace("密标甲", "不同的密标乙").replace("0000-98", "0000-97")
        (root / source).write_text(text, "utf-8")
    build(root)
    rest(root)
    after = {name: path.read_bytes() for name, path in public(root).items()}
    assert [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)] == []
    assert not official & {path.read_bytes() for path in (root / "build/official").rglob("*.docx")}


def test_no_public_byte_holds_a_hash_of_a_file_that_is_not_public(marked):
    root, _ = marked
    inside = [
        path
        for part in ("data", "build/official", "build/summaries", "build/manifest")
        for path in (root / part).rglob("*")
    ]
    hashes = {hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in inside if path.is_file()}
    hashes -= {hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in public(root).values()}
    assert len(hashes) > 30
    for name, path in public(root).items():
        words = set(re.findall(r"(?<![0-9a-f])[0-9a-f]{16}", told(path)))
        assert not hashes & words, name
