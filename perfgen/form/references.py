"""The other files that a form refers to: the section 引用 of a rules file, read and held to the forms it names.

    引用:
      甲: {表: plan, 往前: 1, 对上: [单位, 名称]}          one file of another form, of the year before
      乙: {表: plan, 对上: {办理单位: 单位}, 几份: 多份}   all files of the year whose 办理单位 is this file's 单位

`对上` names the top-level fields that must agree: a list where both forms call them the same, else what the field is
called there and what it is called here. Formulas and templates find the file, or the list of files, under the name.
Which files they are is a matter of data: `check/references`. `照抄` names the fields that a file which is started from
the one referred to (`perfgen next`) takes over as they are typed there; both forms call them the same.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from perfgen.data import Data, ValuePath
from perfgen.fields import Field
from perfgen.findings import FormError, Place
from perfgen.form.figure_places import Place as FieldPlace
from perfgen.form.figure_places import at_place, places_of
from perfgen.form.figures import SECTION as FIGURES
from perfgen.form.formula_scope import EARLIER, Type
from perfgen.form.formula_types import CONSTANTS
from perfgen.form.formula_view import formula_fields
from perfgen.form.names import file_type
from perfgen.form.nearest import guess, nearest
from perfgen.form.rules_document import REFERENCES
from perfgen.form.rules_source import PARAMETERS, RulesSource
from perfgen.source.reader import Document

FORM, BACK, KEYS, HOW_MANY, COPIES = "表", "往前", "对上", "几份", "照抄"
ONE, MANY = "一份", "多份"
_PARTS = (FORM, BACK, KEYS, HOW_MANY, COPIES)
_MOST_YEARS = 50
_KEYS_SAID = f"“{KEYS}”要写明哪些字段一样：[单位名称]，两张表叫法不同的写 {{那边的名称: 这边的名称}}。"


@dataclass(frozen=True)
class Key:
    """A pair of top-level fields that agree between a file and one that it refers to."""

    there: str
    here: str


@dataclass(frozen=True, eq=False)
class Reference:
    """Files of another form, or of another year, that a file refers to by a name."""

    name: str
    form: str
    """The name of the form meant."""
    years: int
    """How many years before the file that refers to them; 0 for the same year."""
    keys: tuple[Key, ...]
    many: bool
    """Whether it is a list of files, of which there may be none; else it is one file."""
    place: Place
    """Where it stands in the rules file."""
    fields: Field = field(repr=False)
    """The fields of the form meant, with the places of its figures."""
    copies: frozenset[FieldPlace] = frozenset()
    """The places, in the schema of the file that refers, of what it takes over when it is started from the other."""

    @functools.cached_property
    def type(self) -> Type:
        """What the name stands for in formulas."""
        return file_type(self.name, self.fields, many=self.many)


FieldsOf = Callable[[str], tuple[Field, Field] | None]
"""The name of a form → its fields as the schema has them, and with the places of its figures; None for no form."""


def read_references(
    document: Document | None, name: str, fields_of: FieldsOf, forms: tuple[str, ...]
) -> Mapping[str, Reference]:
    """The references that the rules file of the form called `name` declares, by name; no file, no references.

    `forms` are all forms there are. Raises FormError for everything wrong in the section, each with its place, and what
    `fields_of` raises for a form that is broken.
    """
    own = fields_of(name)
    if document is None or own is None or REFERENCES not in document.top:
        return {}
    reader = _Reader(document, own, name, fields_of, forms)
    found = {one.name: one for one in reader.references()}
    if reader.findings:
        raise FormError(reader.findings)
    return found


class _Reader(RulesSource):
    def __init__(
        self, document: Document, own: tuple[Field, Field], form: str, fields_of: FieldsOf, forms: tuple[str, ...]
    ) -> None:
        super().__init__(document, own[0])
        self.form = form
        self.fields_of = fields_of
        self.forms = forms
        self.taken = {**dict.fromkeys(_names(formula_fields(own[1])), "一个字段"), **dict.fromkeys(EARLIER, "别的年度")}
        self.taken |= dict.fromkeys(self.section(PARAMETERS), "一个参数") | dict.fromkeys(CONSTANTS, "一个固定的值")

    def references(self) -> Iterator[Reference]:
        for name, body in self.section(REFERENCES).items():
            here = (REFERENCES, name)
            if not name.isidentifier() or name.startswith("_"):
                self.wrong(here, f"“{name}”不能用在公式和模板里：用汉字、字母、数字，不以数字开头。")
            if name in self.taken:
                self.wrong(here, f"“{name}”已经是{self.taken[name]}了。", "换一个名称。")
            if not isinstance(body, dict) or FORM not in body or KEYS not in body:
                self.wrong(here, f"引用“{name}”要写成 {{{FORM}: 哪张表, {KEYS}: [哪些字段一样]}}。")
                continue
            if found := self.reference(here, name, body):
                yield found

    def reference(self, here: ValuePath, name: str, body: dict[str, Data]) -> Reference | None:
        for key in body:
            if key not in _PARTS:
                self.wrong((*here, key), f"引用“{name}”没有“{key}”这一项。", nearest(key, _PARTS))
        years, many = self.years(here, body), self.many(here, body)
        form = self.text(here, body, FORM)
        found = self.fields_of(form) if form in self.forms else None
        if found is None:
            self.wrong((*here, FORM), f"没有“{form}”这张表。", nearest(form, self.forms))
            return None
        typed, places = found
        keys = self.keys(here, body[KEYS], form, typed)
        if form == self.form and years == 0 and not many and all(key.there == key.here for key in keys):
            self.wrong(here, f"引用“{name}”指的是这个文件自己。", f"写上“{BACK}: 1”，或者“{HOW_MANY}: {MANY}”。")
        assert self.document is not None
        copies = frozenset(self.copies(here, body, typed))
        place = self.document.place(here, key=True)
        return Reference(name, form, years, keys, many, place, places, copies)

    def years(self, here: ValuePath, body: dict[str, Data]) -> int:
        """How many years back."""
        given = body.get(BACK, Decimal(0))
        if isinstance(given, Decimal) and given == given.to_integral_value() and 0 <= given <= _MOST_YEARS:
            return int(given)
        self.wrong((*here, BACK), f"“{BACK}”要是 0 到 {_MOST_YEARS} 的整数：往前几年，同一年不写。")
        return 0

    def many(self, here: ValuePath, body: dict[str, Data]) -> bool:
        given = body.get(HOW_MANY, ONE)
        if given not in (ONE, MANY):
            self.wrong((*here, HOW_MANY), f"“{HOW_MANY}”只能是 {ONE} 或 {MANY}。")
        return given == MANY

    def keys(self, here: ValuePath, given: Data, form: str, there: Field) -> tuple[Key, ...]:
        """The pairs of fields that must agree."""
        pairs = list(given.items()) if isinstance(given, dict) else [(one, one) for one in self.texts(given) or ()]
        count = len(given) if isinstance(given, dict | list) else 0
        keys = [Key(left, right) for left, right in pairs if isinstance(right, str)]
        if not keys or len(keys) < count:
            self.wrong((*here, KEYS), _KEYS_SAID)
        sound = [key for key in keys if self.is_key(here, key, form, there)]
        return tuple(sound)

    def copies(self, here: ValuePath, body: dict[str, Data], there: Field) -> Iterator[FieldPlace]:
        """Where what is taken over stands in this form; a finding for each that cannot be."""
        listed = self.texts(body.get(COPIES, []))
        if listed is None:
            self.wrong((*here, COPIES), f"“{COPIES}”要写成一列字段：[负责人]。")
        elif listed and self.many(here, body):
            self.wrong((*here, COPIES), f"{MANY}的引用没有“{COPIES}”：不知道照哪一个抄。")
        for name in listed or ():
            path = tuple(name.split("."))
            places, others = places_of(self.fields, path), _fields_at(there, places_of(there, path))
            if why := self.wrong_copy(name, places, others):
                self.wrong((*here, COPIES), *why)
            else:
                yield from places

    def wrong_copy(self, name: str, places: frozenset[FieldPlace], others: list[Field]) -> tuple[str, str] | None:
        """What keeps the fields of a name from being taken over, and advice; None where nothing does."""
        own = _fields_at(self.fields, places)
        if not own or not others:
            whose, top = ("本表", self.fields) if not own else ("那张表", None)
            return f"“{COPIES}”的“{name}”：{whose}没有它。", guess(name, top.members) if top else "两边叫法要一样。"
        if any(field.role in ("form", "year", "unit") for field in own):
            return f"“{name}”不用写在“{COPIES}”里，本来就会填上。", ""
        if places & self.computed_places():
            return f"“{name}”是算出来的，不用照抄。", ""
        if any(field.holds_public() for field in own) and not all(field.holds_public() for field in others):
            return f"“{name}”在那张表里不公开，本表公开，不能照抄。", ""
        if any(not _takes(one, other) for one in own for other in others):
            return f"“{name}”两边填的不是一种东西，抄过来填不进。", ""
        return None

    def computed_places(self) -> frozenset[FieldPlace]:
        """Where the figures of this form go, as far as its schema has a place for them."""
        figures = (places_of(self.fields, tuple(name.split("."))) for name in self.section(FIGURES))
        return frozenset[FieldPlace]().union(*figures)

    def is_key(self, here: ValuePath, key: Key, form: str, there: Field) -> bool:
        """Whether two fields can be held against each other; a finding where they cannot."""
        sides = ((there, key.there, f"{form} 表"), (self.fields, key.here, "本表"))
        said = [self.wrong_key(fields, name, whose, self.computed(form, whose)) for fields, name, whose in sides]
        left, right = there.members.get(key.there), self.fields.members.get(key.here)
        if left and right and not any(said) and (left.numeric, left.textual) != (right.numeric, right.textual):
            said = [(f"“{key.there}”和“{key.here}”一个填数，一个填文字，不会一样。", "")]
        for message, hint in filter(None, dict.fromkeys(said)):
            self.wrong((*here, KEYS), message, hint)
        return not any(said)

    def computed(self, form: str, whose: str) -> frozenset[str]:
        """The top-level names of figures of this form; what another form computes, its own rules file says."""
        return frozenset(self.section(FIGURES)) if whose == "本表" or form == self.form else frozenset()

    def wrong_key(self, fields: Field, name: str, whose: str, computed: frozenset[str]) -> tuple[str, str] | None:
        """What keeps a field from being a key, and advice; None where nothing does."""
        found = fields.members.get(name)
        if found is None:
            return f"{whose}最上一级没有“{name}”。", guess(name, fields.members)
        if found.role in ("form", "year"):
            return f"“{name}”不用对：哪张表写在“{FORM}”里，哪一年写在“{BACK}”里。", ""
        if found.kind != "value" or found.flag or found.measure:
            return f"{whose}的“{name}”不能用来对：要是最上一级的一个文字或数。", ""
        if name in computed:
            return f"{whose}的“{name}”是算出来的，不能用来对。", "用填表人写的字段。"
        if not found.public:
            return f"{whose}的“{name}”不公开，不能用来对：看找到了哪个文件，就知道它填的是什么。", ""
        return None


def _names(field: Field) -> Iterator[str]:
    """The names of all fields below a field."""
    yield from field.members
    for below in (*field.members.values(), *filter(None, (field.item, field.other))):
        yield from _names(below)


def _fields_at(fields: Field, places: frozenset[FieldPlace]) -> list[Field]:
    return [found for place in places if (found := at_place(fields, place))]


def _takes(own: Field, other: Field) -> bool:
    """Whether a field can hold what another does: the same kind, and no number where only text goes, or the reverse."""
    fits = (own.numeric or not other.numeric) and (own.textual or not other.textual)
    return own.kind == other.kind and (own.kind != "value" or fits)
