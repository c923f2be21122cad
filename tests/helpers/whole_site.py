"""The public site as a whole: built once from the samples, one page of each kind chosen, and looked at by a browser."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from perfgen.build import batch
from perfgen.build.batch import BuildOrder
from perfgen.system.day import Day, Origin
from tests.helpers import stand_in
from tests.helpers.browsing import TOOLS
from tests.helpers.projects import REPOSITORY, snapshot

DAY = Day(date(2026, 11, 26), Origin.OPTION)
LARGE = "?text=large"
WIDTHS = (320, 390, 768, 1280)
OF_A_FILE = {"index.html": "page", "table.html": "table", "fragment.html": "fragment"}
"""What may stand in the folder of a data file, and the kind of page that it is."""


@dataclass(frozen=True)
class Site:
    """A built site: its public folder and the summaries of what is published."""

    public: Path
    summaries: dict[str, dict[str, Any]]
    """By the path of a data file below data/, without its ending."""

    def pages(self) -> list[Path]:
        """All pages."""
        return sorted(self.public.rglob("*.html"))

    def kind(self, page: Path) -> str:
        """What kind of page it is; '' where nobody thought of it."""
        path = page.relative_to(self.public)
        form = self.summaries.get(path.parent.as_posix(), {}).get("form", "")
        if form:
            return f"{OF_A_FILE[path.name]} of {form}" if path.name in OF_A_FILE else ""
        return next(
            (kind for kind, shape in _SHAPES.items() if path.match(shape) and _depth(path) == _depth(shape)), ""
        )

    def samples(self) -> dict[str, Path]:
        """The largest page of each kind."""
        by_size = sorted(self.pages(), key=lambda page: (page.stat().st_size, page))
        return {self.kind(page): page for page in by_size}


_SHAPES = {
    "start": "index.html",
    "unit": "units/*/index.html",
    "measures": "measures/index.html",
    "measure": "measures/*/index.html",
    "year": "2*/index.html",
}


def _depth(path: object) -> int:
    return str(path).count("/")


def built(folder: Path) -> Site:
    """All that is made of the samples, below a folder with a blank in its name; Word and PDF are stand-ins."""
    project = folder / "仓库 一"
    for name in ("schema", "templates", "data"):
        shutil.copytree(REPOSITORY / name, project / name)
    with pytest.MonkeyPatch.context() as patch:
        stand_in.for_pdf(patch)
        stand_in.for_word(patch)
        outcome = batch.build(BuildOrder(snapshot(project), jobs=1, day=DAY))
    assert outcome.exit_code == 0, outcome.findings
    public = project / "build/public"
    return Site(public, dict(_summaries(project / "build/summaries/public")))


def _summaries(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in folder.rglob("*.json"):
        yield path.relative_to(folder).with_suffix("").as_posix(), json.loads(path.read_text("utf-8"))


def watched(page: Any, root: str) -> list[str]:
    """Lets a page ask for nothing outside the site; what it asks for there, says, or fails at is put into the list."""
    wrong: list[str] = []

    def route(asked: Any) -> None:
        url = asked.request.url
        if url.startswith((root, "data:")):
            asked.continue_()
        else:
            wrong.append(f"asks for {url}")
            asked.abort()

    page.route("**/*", route)
    page.on("console", lambda message: wrong.append(f"says {message.text}"))
    page.on("pageerror", lambda error: wrong.append(f"fails: {error}"))
    page.on("requestfailed", lambda request: wrong.append(f"does not get {request.url}"))
    return wrong


def require_nothing(found: Mapping[Any, Sequence[object]]) -> None:
    """Fails with a line for each thing that was found in a place."""
    lines = [f"{place}: {one}" for place, wrong in found.items() for one in wrong]
    assert found and not lines, "\n".join(lines)


AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def accessible(page: Any, rules: tuple[str, ...] = ()) -> list[str]:
    """What axe-core finds in a page that is open with its policy off, its folded parts opened; of some rules, or all.

    The rule about the size of targets is of WCAG 2.2, and runs only where it is asked for.
    """
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    if not page.evaluate("'axe' in window"):
        page.evaluate((TOOLS / "axe-core/axe.min.js").read_text("utf-8"))
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": AXE_TAGS}
    found = page.evaluate("only => axe.run(document, {runOnly: only, resultTypes: ['violations']})", only)
    assert len(found["passes"]) >= (1 if rules else 15), "the checker looked at something"
    return [f"{one['id']}: {node['html'][:120]}" for one in found["violations"] for node in one["nodes"][:3]]


OUTSIDE = """[...document.querySelectorAll('body *')]
    .filter(e => e.getClientRects().length && !e.closest('.table-frame, .scroll, .skip, svg'))
    .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map(e => e.outerHTML.slice(0, 90)).slice(0, 5)"""
"""What reaches out of the window without being in a frame that scrolls."""
PARTED = r"""[...document.querySelectorAll('.whole, .number')]
    .filter(e => e.getClientRects().length && e instanceof HTMLElement && !e.innerText.includes('\n'))
    .filter(e => e.innerText.length < 14 && /^[^，。；：（]*\d[^，。；：（]*$/.test(e.innerText))
    .filter(e => { const r = document.createRange(); r.selectNodeContents(e);
        const ends = [...r.getClientRects()].filter(b => b.width > 1).map(b => b.bottom);
        return Math.max(...ends) - Math.min(...ends) > 12; })
    .map(e => e.innerText)"""
"""Numbers with their units that stand on more than one line; what stands in brackets or after a comma may."""
TARGETS = "[...document.querySelectorAll('.measure-target')].filter(e => e.getClientRects().length)"
OUT_OF_SIGHT = f"""{TARGETS}.filter(e => {{ const b = e.getBoundingClientRect();
    return b.left < 0 || b.right > document.documentElement.clientWidth; }}).map(e => e.innerText)"""
"""Targets that are not wholly between the sides of the window."""
COMMA_FIRST = r"""(() => { const wrong = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        for (const match of node.data.matchAll(/[，。、；：！？）》”]/g)) {
            if (match.index && node.data.slice(0, match.index).trim()) continue;
            const range = document.createRange();
            range.setStart(node, match.index); range.setEnd(node, match.index + 1);
            const box = range.getBoundingClientRect(); if (!box.width) continue;
            const block = (e => { while (getComputedStyle(e).display.startsWith('inline')) e = e.parentElement;
                return e; })(node.parentElement);
            const all = document.createRange(); all.selectNodeContents(block);
            const first = all.getBoundingClientRect();
            const own = getComputedStyle(block);
            const left = block.getBoundingClientRect().left
                + parseFloat(own.paddingLeft) + parseFloat(own.borderLeftWidth);
            if (box.left < left + 2 && box.top > first.top + 4) wrong.push(block.innerText.slice(0, 60));
        }
    }
    return wrong; })()"""
"""Blocks of text in which a line begins with a mark that may not begin one."""
SMALL = """least => [...document.querySelectorAll('a[href], button, input, select, summary, [role=button]')]
    .map(e => [e, e.closest('label') || e])
    .filter(([e, area]) => e.getClientRects().length && !e.matches('.skip'))
    .map(([e, area]) => [e, area.getBoundingClientRect()])
    .filter(([e, box]) => box.width < least - 0.5 || box.height < least - 0.5)
    .map(([e, box]) => `${Math.round(box.width)}×${Math.round(box.height)} ${e.outerHTML.slice(0, 80)}`).slice(0, 5)"""
"""What can be hit and is smaller than so many pixels; a box to tick is hit with its label."""
CONTROLS = SMALL.replace("a[href], ", "")
FOCUSABLE = """[...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
    .filter(e => e.checkVisibility() && !e.closest('[inert]') && !e.disabled).length"""
FOCUSED = """(e => { if (e === document.body || !e) return null;
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    const line = e.getClientRects()[0] || box;
    const top = document.elementFromPoint(Math.min(line.left + line.width / 2, innerWidth - 1),
        Math.max(0, Math.min(line.top + line.height / 2, innerHeight - 1)));
    return {index: [...document.querySelectorAll('*')].indexOf(e), html: e.outerHTML.slice(0, 90),
        seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        free: !!top && (top === e || e.contains(top) || top.contains(e))}; })(document.activeElement)"""
"""What has the focus: whether that is seen, in the window, and covered by nothing."""
WORDS = """(main => [...main.querySelectorAll('*')].length && main.innerText.replace(/\\s+/g, ''))(
    document.querySelector('main'))"""
FOLDED = r"""[...document.querySelectorAll('details:not([open])')].map(details => {
    const walk = document.createTreeWalker(details, NodeFilter.SHOW_TEXT); let last = '';
    for (let node = walk.nextNode(); node; node = walk.nextNode())
        if (node.data.trim()) last = node.data.replace(/\s/g, '').slice(-9);
    return last; })"""
"""The last words of each part that is folded away."""
