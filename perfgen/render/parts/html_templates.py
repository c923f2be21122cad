"""Fills the HTML templates of pages and PDFs in a Jinja sandbox.

Values are escaped, undefined names fail, and templates see the view but nothing of Python. A printed value has its path
around it, so that a page can be read back and compared.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import quote

import jinja2
from jinja2 import nodes
from jinja2.loaders import split_template_path
from jinja2.runtime import Context
from markupsafe import Markup, escape

from perfgen.findings import Finding, Place
from perfgen.project import shipped
from perfgen.project.snapshot import Project
from perfgen.prove.paths import path_attribute
from perfgen.render import SHARED_TEMPLATES
from perfgen.render.parts import asset_files, drawings
from perfgen.render.parts.bounded import BoundedEnvironment, bounded, not_too_long
from perfgen.report.datum import AT, SOURCE, Datum
from perfgen.report.linked_data import ELEMENT
from perfgen.report.said import Said
from perfgen.source import encoding
from perfgen.table.filters import FILTERS, PAGE_FILTERS
from perfgen.table.sheet import on_screen
from perfgen.table.view import Absent, FileView, Record, Text, address_of

_EXTENDS = f"extends 后面只能直接写 {SHARED_TEMPLATES} 里一个文件的名字"
_HOME = "perfgen:home"
"""What the way to the public root is called in a template's context; no template can write that name."""
_WHOLE = ' class="whole"'
_PLACED = (Text, Said, Datum)
"""The texts that are printed with the place where they come from."""


def _with_path(value: object) -> object:
    """A printed value with its path around it, what the engine says with its place; anything else as it is."""
    return _around(value, _escaped(value)) if isinstance(value, _PLACED) else value


def _around(value: Text | Said | Datum, content: str, attributes: str = "") -> Markup:
    """The path of a value, or its place, around its content, which is HTML."""
    if isinstance(value, Datum):
        place = f'{SOURCE}="{_escaped(value.source)}" {AT}="{_escaped(value.at)}"'
        return _markup(f"<span{attributes} {place}>{content}</span>")
    if value.at and (isinstance(value, Said) or not value.shown):
        return _markup(f'<span{attributes} data-fact="{_escaped(value.at)}">{content}</span>')
    assert isinstance(value, Text)
    how = f' data-shown="{_escaped(value.shown)}"' if value.shown else ""
    return _markup(f'<span{attributes} data-path="{_escaped(path_attribute(value.path))}"{how}>{content}</span>')


def _escaped(text: str) -> str:
    """A text as HTML."""
    return str(escape(str(text)))


def _markup(html: str) -> Markup:
    """HTML whose parts are escaped; `Markup.format` would do that too, in five times the time."""
    return Markup(html)  # noqa: S704


def _whole(value: str) -> Markup:
    """A text of which no number is broken or parted from its unit, where a line can hold them."""
    parts = on_screen(value)
    if isinstance(value, _PLACED) and len(parts) == 1:
        return _around(value, _escaped(value), _WHOLE if parts[0].whole else "")
    content = "".join(
        f"<span{_WHOLE}>{_escaped(part.text)}</span>" if part.whole else _escaped(part.text) for part in parts
    )
    return _around(value, content) if isinstance(value, _PLACED) else _markup(content)


class _Environment(BoundedEnvironment):
    def getattr(self, obj: object, attribute: str) -> object:
        """Looks for a record's member before anything else, so that a field may have any name."""
        if isinstance(obj, Record) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def compile(self, source: Any, name: str | None = None, filename: str | None = None, *rest: Any) -> Any:
        """A template as code. Raises TemplateSyntaxError for one that extends what is no shared template."""
        tree = self.parse(source, name, filename)
        for extends in tree.find_all(nodes.Extends):
            frame = extends.template.value if isinstance(extends.template, nodes.Const) else None
            if not isinstance(frame, str):
                raise jinja2.TemplateSyntaxError(_EXTENDS, extends.lineno, name, filename)
            extends.template = nodes.Const(f"{SHARED_TEMPLATES}/{frame}", lineno=extends.lineno)
        return super().compile(tree, name, filename, *rest)


def _plain(value: object) -> str:
    """A value without its path, for titles and attributes."""
    return str(value)


def _promise(value: object) -> object:
    """What was promised of an outcome, as it is printed."""
    if not isinstance(value, Text) or value.promise is None:
        raise jinja2.UndefinedError("“|promise”前面要是一个结果（schema 里标明 x-outcome 的一项）")
    return value.promise


def _address(value: object) -> str:
    """The address of another file's public page; empty where there is no such file, or none that is public."""
    if isinstance(value, Absent):
        return "" if not value else value.refuse()
    if not isinstance(value, FileView):
        raise jinja2.UndefinedError("“|address”前面要是一个引用的文件；引用是多份的，写循环里的那一份")
    return address_of(value)


def _largest_first(rows: object, name: str) -> list[object]:
    """The rows of a list by an amount in them, the largest first; those without one last, in their order."""
    if not isinstance(rows, list):
        raise jinja2.UndefinedError("“|largest_first”前面要是一个列表")
    return sorted(rows, key=lambda row: _size(row[name]), reverse=True)


def _size(value: object) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return Decimal("-Infinity")


def _sha256(value: object) -> str:
    """The hash of a style or script as a Content-Security-Policy names it (CSP Level 3, 6.7.3.3)."""
    return base64.b64encode(hashlib.sha256(str(value).encode()).digest()).decode()


@jinja2.pass_context
def _link(context: Context, path: object) -> str:
    """The address, from the page, of a path below the public root; its text is percent-encoded (RFC 3986)."""
    home = context.resolve(_HOME)
    if not isinstance(home, str):
        raise jinja2.UndefinedError("“|asset”“|link”只能用在网页和框架里；import 来的宏，由网页把地址传给它")
    return home + quote(str(path).lstrip("/"), safe="/")


def _asset(named: Mapping[str, str]) -> Callable[[Context, object], str]:
    """The filter that gives the address, from the page, of a shared style sheet, script or picture."""

    @jinja2.pass_context
    def asset(context: Context, name: object) -> str:
        if (path := named.get(str(name))) is None:
            raise jinja2.UndefinedError(f"{asset_files.FOLDER} 里没有 {name}；有的是 {'、'.join(named)}")
        return _link(context, path)

    return asset


def _json_ld(value: object) -> Markup:
    """A description as a data block, which no browser executes (HTML Living Standard, 4.12.1), with nothing that ends
    it: the block has a mark, so that a page can be read back and compared."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    block = Markup(text)  # noqa: S704 -- nothing in it ends or begins an element
    return Markup('<script type="application/ld+json" {}>{}</script>').format(ELEMENT, block)


def fill(project: Project, folder: str, name: str, context: Mapping[str, object], *, home: str = "") -> str:
    """The text of the template `name`, looked for in a folder of the project and among the shared parts.

    `home` is the way from the page up to the public root, as a relative link with its slash. Raises FormError, with
    file and line, when the template is broken, names something that is not there, or makes too much.
    """

    def finding(error: Exception, wrong: str) -> Finding:
        return _finding(error, wrong, project.provided(f"{folder}/{name}"), (folder, SHARED_TEMPLATES))

    with bounded(finding, computes=True):
        template = project.once(_environment, folder).get_template(name)
        return without_comments(not_too_long(template.render({**context, _HOME: home})))


def without_comments(page: str) -> str:
    """HTML without its comments (HTML Living Standard, 13.1.6): what an author notes there is not for the public.

    Values are escaped, so that only a template can begin one.
    """
    kept, at = [], 0
    while (begin := page.find("<!--", at)) >= 0 and (end := page.find("-->", begin + 2)) >= 0:
        kept.append(page[at:begin])
        at = end + 3
    return "".join((*kept, page[at:]))


def _environment(project: Project, folder: str) -> jinja2.Environment:
    """The environment of a folder's templates; it compiles each template once."""
    _depend_on_templates(project, folder)
    environment = _Environment(
        loader=jinja2.FunctionLoader(functools.partial(_source, project, folder)),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        finalize=_with_path,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.globals.clear()
    environment.filters.update(
        {**FILTERS, **PAGE_FILTERS}, plain=_plain, promise=_promise, whole=_whole, address=_address, sha256=_sha256,
        link=_link, asset=_asset(asset_files.named(project)), line=drawings.line, share=drawings.share,
        json_ld=_json_ld, lengths=drawings.lengths, largest_first=_largest_first,
    )  # fmt: skip
    return environment


def _depend_on_templates(project: Project, folder: str) -> None:
    """Makes the project note all template files, so that a change of one makes another environment."""
    for templates in (folder, SHARED_TEMPLATES):
        for path in project.provided_files(templates):
            project.holds(path)


def _source(project: Project, folder: str, name: str) -> tuple[str, str, None]:
    """A template's text and its path; of one that others extend, by its path, the shared one.

    Raises TemplateNotFound for one that is in neither folder, FormError for one that is not UTF-8.
    """
    is_frame = name.startswith(f"{SHARED_TEMPLATES}/")
    steps = "/".join(split_template_path(name.removeprefix(f"{SHARED_TEMPLATES}/")))
    for templates in (SHARED_TEMPLATES,) if is_frame else (folder, SHARED_TEMPLATES):
        if project.holds(path := project.provided(f"{templates}/{steps}")):
            return encoding.decode_template(project.read(path), path), path, None
    raise jinja2.TemplateNotFound(name)


def _finding(error: Exception, wrong: str, file: str, folders: tuple[str, str]) -> Finding:
    """A template error as a finding, at the innermost template line that it came from."""
    line = 0
    if isinstance(error, jinja2.TemplateSyntaxError):
        file, line = error.filename or file, error.lineno
    trace = error.__traceback__
    while trace is not None:
        source = trace.tb_frame.f_code.co_filename
        if shipped.own_path(source).rpartition("/")[0] in folders:
            file, line = source, trace.tb_lineno
        trace = trace.tb_next
    return Finding(Place(file, line), "template-render", f"模板不能用：{wrong}")
