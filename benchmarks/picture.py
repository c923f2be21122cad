"""The result as a picture: SVG that stands alone and reads on a light and on a dark page."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from benchmarks.result import STAGES, Outcome, Ratio, Size

_WIDTH, _LEFT, _RIGHT = 900, 90, 90
_LEFT_OF_RATIOS = 440
_ROW, _BAR = 26, 14
_TITLE, _GAP = 44, 18
_COLORS = ("a", "b", "c")
_STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600; font-size: 15px } .soft { fill: #59636e }
.a { fill: #0969da } .b { fill: #1a7f37 } .c { fill: #9a6700 } .over { fill: #bc4c00 }
.line { stroke: #d1d9e0 } .aim { stroke: #cf222e; stroke-width: 2 }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc } .soft { fill: #9198a1 } .line { stroke: #3d444d } .aim { stroke: #f85149 }
  .a { fill: #4493f8 } .b { fill: #3fb950 } .c { fill: #d29922 } .over { fill: #f0883e }
}
"""


def svg(outcome: Outcome) -> str:
    """The picture: the stages of a form by size of the project, then the ratios with their aims."""
    top, parts = 0, []
    for part in (_stages, _ratios):
        drawn, height = part(outcome, top)
        parts += drawn
        top += height
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{top}" viewBox="0 0 {_WIDTH} {top}" '
        f'role="img">\n<title>What a form costs, and what perfgen takes beside other programs</title>\n'
        f"<style>{_STYLE}</style>\n{body}\n</svg>\n"
    )


def _stages(outcome: Outcome, top: int) -> tuple[list[str], int]:
    """Bars of each stage, one below the other for each size."""
    sizes = outcome.sizes
    drawn = [_text(12, top + 26, "A form, both editions: milliseconds of processor time", "title")]
    drawn += [_legend(number, size, top + 26) for number, size in enumerate(sizes)]
    longest = max(size.stages[stage] for size in sizes for stage in STAGES)
    y = top + _TITLE
    for stage in ("plan", *STAGES):
        values = [size.plan if stage == "plan" else size.stages[stage] for size in sizes]
        drawn.append(_text(12, y + 12, stage))
        for number, value in enumerate(values):
            drawn += _bar(y, value / longest, f"{1000 * value:.1f}", _COLORS[number % len(_COLORS)])
            y += _BAR + 2
        y += 8
    return drawn, y + _GAP - top


def _legend(number: int, size: Size, y: int) -> str:
    x = _WIDTH - 130 * 3 + 130 * number
    color = _COLORS[number % len(_COLORS)]
    return f'<rect class="{color}" x="{x}" y="{y - 10}" width="10" height="10"/>' + _text(
        x + 16, y, f"{size.forms:,} forms", "soft"
    )


def _ratios(outcome: Outcome, top: int) -> tuple[list[str], int]:
    """A bar for each ratio that was measured; a line where its aim is."""
    ratios = [ratio for ratio in outcome.ratios if ratio.theirs]
    drawn = [_text(12, top + 26, "perfgen's time, in times of the other program's (the line is the aim)", "title")]
    longest = max(max(_share(ratio), ratio.aim or 0) for ratio in ratios)
    y = top + _TITLE
    for ratio in ratios:
        drawn += _ratio(ratio, y, longest)
        y += 2 * _ROW - 10
    return drawn, y + _GAP - top


def _ratio(ratio: Ratio, y: int, longest: float) -> Iterator[str]:
    yield _text(12, y + 8, ratio.what)
    yield _text(12, y + 24, f"beside {ratio.beside}", "soft")
    y += 28
    share = _share(ratio)
    is_over = ratio.aim is not None and share > ratio.aim
    yield from _bar(y - 20, share / longest, f"{share:.1f}", "over" if is_over else "a", left=_LEFT_OF_RATIOS)
    if ratio.aim:
        x = _LEFT_OF_RATIOS + ratio.aim / longest * (_WIDTH - _LEFT_OF_RATIOS - _RIGHT)
        yield f'<line class="aim" x1="{x:.1f}" x2="{x:.1f}" y1="{y - 24}" y2="{y - 2}"/>'


def _share(ratio: Ratio) -> float:
    return ratio.ours / ratio.theirs if ratio.theirs else 0.0


def _bar(y: int, share: float, label: str, color: str, left: int = _LEFT) -> list[str]:
    width = max(share * (_WIDTH - left - _RIGHT), 1)
    return [
        f'<rect class="{color}" x="{left}" y="{y}" width="{width:.1f}" height="{_BAR}" rx="2"/>',
        _text(round(left + width + 6), y + 12, label, "soft"),
    ]


def _text(x: int, y: int, text: str, kind: str = "") -> str:
    return f'<text x="{x}" y="{y}" class="{kind or "plain"}">{escape(text.replace("`", ""))}</text>'
