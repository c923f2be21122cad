"""Makes of a page what can be pasted into the page of another site: what it says, without all that is around it."""

from __future__ import annotations

import re
from html import escape, unescape
from urllib.parse import urljoin

PREFIX = "pg-"
"""What the names of classes begin with, so that the other site's style does not mean them."""
_REST = r"""(?:[^"'>]|"[^"]*"|'[^']*')*"""
_CONTENT = [
    re.compile(rf"<{name}\b{_REST}>(.*)</{name}\s*>", re.DOTALL | re.IGNORECASE) for name in ("main", "body", "html")
]
_LEFT_OUT = re.compile(
    rf"<(script|style|title|h1)\b{_REST}>.*?</\1\s*>|<(?:link|meta|base){_REST}>|<!doctype[^>]*>|</?head{_REST}>",
    re.DOTALL | re.IGNORECASE,
)
_TAG = re.compile(rf"<[A-Za-z]{_REST}>")
_ATTRIBUTE = re.compile(r"""(?<=\s)(class|href|src)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n\s*\n")


def fragment(page: str, address: str) -> str:
    """What stands in the `main` of a page, or in its body, without its heading, its scripts and its styles.

    `address` is the whole address of the page, which its links are joined to; without one they stay as they are.
    """
    content = next((found[1] for pattern in _CONTENT if (found := pattern.search(page))), page)
    content = _TAG.sub(lambda tag: _rewritten(tag[0], address), _LEFT_OUT.sub("", content))
    return f'<div class="{PREFIX}page">\n{_BLANK_LINES.sub(chr(10), content).strip()}\n</div>\n'


def _rewritten(tag: str, address: str) -> str:
    """A tag whose classes have the prefix, and whose links are whole addresses."""
    return _ATTRIBUTE.sub(lambda found: _attribute(found[1].lower(), found[2] or found[3] or "", address), tag)


def _attribute(name: str, value: str, address: str) -> str:
    if name == "class":
        return f'class="{" ".join(PREFIX + each for each in value.split())}"'
    link = unescape(value)
    if address and not link.startswith("#"):
        link = urljoin(address, link)
    return f'{name}="{escape(link)}"'
