"""The sandboxed Jinja environment of everything set in HTML: pages and PDFs.

Values are escaped, undefined names fail, templates see the view and nothing of Python. A value
that is printed carries its path, so that a page can be read back and compared.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from perfgen.findings import Finding, FormError, Place
from perfgen.prove.paths import path_attribute
from perfgen.render import shared_templates
from perfgen.table.tags import FILTERS
from perfgen.table.view import Record, Text


def _with_path(value: Any) -> Any:
    """A printed value with its path around it; anything else as it is."""
    if isinstance(value, Text):
        return Markup('<span data-path="{}">{}</span>').format(path_attribute(value.path), str(value))
    return value


class _Environment(ImmutableSandboxedEnvironment):
    def getattr(self, obj: Any, attribute: str) -> Any:
        """A record's member before anything else, so that a field may have any name."""
        if isinstance(obj, Record) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


def _plain(value: Any) -> Any:
    """A value without its path, for titles and attributes."""
    return str(value)


def _sha256(value: Any) -> str:
    """The hash of a style or script as a Content-Security-Policy names it (CSP Level 3, 6.7.3.3)."""
    return base64.b64encode(hashlib.sha256(str(value).encode()).digest()).decode()


def fill(folder: Path, name: str, root: Path, context: dict[str, Any]) -> str:
    """The text of the template `name`, looked for in `folder` and among the shared parts.

    Raises FormError, with file and line, when the template is broken or names something that
    is not there.
    """
    folders = [folder, shared_templates(root)]
    environment = _Environment(
        loader=jinja2.FileSystemLoader(folders),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        finalize=_with_path,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.clear()
    environment.filters.update(FILTERS, plain=_plain, sha256=_sha256)
    try:
        return environment.get_template(name).render(context)
    except jinja2.TemplateError as error:
        raise FormError([_finding(error, folder / name, folders, root)]) from error


def _finding(error: jinja2.TemplateError, template: Path, folders: list[Path], root: Path) -> Finding:
    """A template error with the innermost template line it came from."""
    file, line = template, getattr(error, "lineno", None) or 0
    if isinstance(error, jinja2.TemplateSyntaxError) and error.filename:
        file = Path(error.filename)
    trace = error.__traceback__
    while trace is not None:
        source = Path(trace.tb_frame.f_code.co_filename)
        if source.parent in folders:
            file, line = source, trace.tb_lineno
        trace = trace.tb_next
    return Finding(Place(file.relative_to(root).as_posix(), line), "template-render", f"模板不能用：{error}")
