"""What a PDF costs, by stage, and what WeasyPrint takes at least: `python -m benchmarks.pdf`.

WeasyPrint's floor is what it takes for as many pages with one character on each. With --small-face, the same forms are
set with a small face, made of the characters of GB 2312 and of the data: what would it save?
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pikepdf

from benchmarks import forms
from benchmarks.measuring import in_turn, run, spent
from benchmarks.ratios import reports_of
from perfgen.render import pdf
from perfgen.render.parts import pdf_layout
from perfgen.report.report import Report
from perfgen.system import fonts

_FORMS, _ROUNDS = 8, 3


def stages(reports: Sequence[Report]) -> list[bytes]:
    """Prints the share of each stage; gives the PDFs."""
    taken: Counter[str] = Counter()
    layouts = 0

    def watched(name: str, function: Callable[..., object]) -> Callable[..., object]:
        def timed(*arguments: object) -> object:
            begin = spent()
            result = function(*arguments)
            taken[name] += spent() - begin
            return result

        return timed

    lay_out, write, finish = pdf_layout.Typesetter.lay_out, pdf_layout.Typesetter.write, pdf.finish

    def counted(self: pdf_layout.Typesetter, html: str) -> object:
        nonlocal layouts
        layouts += 1
        kinds = {'id="end"': "the layout that measures", 'id="table"': "the layout of a few cells"}
        name = next((name for mark, name in kinds.items() if mark in html), "the layout on pages")
        return watched(name, lay_out)(self, html)

    pdf.render(reports[0])  # the first PDF of a process loads fonts
    pdf_layout.Typesetter.lay_out = counted  # type: ignore[method-assign, assignment]
    pdf_layout.Typesetter.write = watched("writing", write)  # type: ignore[method-assign, assignment]
    pdf.finish = watched("tags, check of fonts", finish)  # type: ignore[assignment]
    try:
        begin = spent()
        contents = [pdf.render(report) for report in reports]
        total = spent() - begin
    finally:
        pdf_layout.Typesetter.lay_out, pdf_layout.Typesetter.write, pdf.finish = lay_out, write, finish  # type: ignore[method-assign]
    taken["filling the template, paging"] = total - sum(taken.values())
    begin = spent()
    for content, report in zip(contents, reports, strict=True):
        pdf.prove(content, report)
    taken["proof"] = spent() - begin
    whole = sum(taken.values())
    print(f"a PDF: {whole / len(reports):.2f} s; {len(reports)} forms, {layouts} layouts")
    for name, seconds in taken.most_common():
        print(f"  {name:<28} {100 * seconds / whole:5.1f} %")
    return contents


def floor(reports: Sequence[Report], contents: Sequence[bytes]) -> None:
    """What WeasyPrint takes to set and write as many pages with one character on each, beside the whole PDF."""
    setters = [pdf_layout.Typesetter(report) for report in reports]
    counts = []
    for content in contents:
        with pikepdf.open(io.BytesIO(content)) as document:
            counts.append(len(document.pages))
    head = '<html lang="zh-CN"><head><title>一</title><link rel="stylesheet" href="print.css"/></head>'

    def empty() -> None:
        for setter, count in zip(setters, counts, strict=True):
            body = "<p style='break-after: page'>一</p>" * (count - 1) + "<p>一</p>"
            setter.write(setter.lay_out(f"{head}<body>{body}</body></html>"), [])

    ours, least = in_turn([lambda: [pdf.prove(pdf.render(one), one) for one in reports], empty], _ROUNDS)
    print(f"as many empty pages: {least / len(reports):.2f} s; we take {ours / least:.1f} times as long")


def small_face(folder: Path, sources: Sequence[str]) -> None:
    """The same PDFs in processes with the system's fonts, and with fonts of the characters of GB 2312 and the data."""
    from fontTools import subset

    texts = "".join((folder / source).read_text("utf-8") for source in sources)
    gb2312 = bytes(b for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF) for b in (high, low))
    characters = set(texts) | set(gb2312.decode("gb2312", "ignore")) | set(map(chr, range(32, 127)))
    files = {fonts.place(name) for name in ("Noto Serif CJK SC", "Noto Sans CJK SC")}
    home = folder / "faces"
    home.mkdir()
    for number, place in enumerate(sorted(place for place in files if place)):
        options = subset.Options(font_number=place[1], name_IDs=["*"], name_languages=["*"], notdef_outline=True)
        face = subset.load_font(place[0], options)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=map(ord, characters))
        subsetter.subset(face)
        subset.save_font(face, str(home / f"small-{number}.otf"), options)
    (home / "fonts.conf").write_text(f"<fontconfig><dir>{home}</dir></fontconfig>", "utf-8")
    found = []
    for more in ({}, {"FONTCONFIG_FILE": str(home / "fonts.conf")}):
        run([sys.executable, "-m", "benchmarks.pdf", "--work", str(folder), *sources], folder, more=more)
        found.append(json.loads((folder / "taken.json").read_text("ascii")))
    print(f"a face of {len(characters)} characters: {found[1] / found[0]:.2f} of the time")


def _work(folder: Path, sources: Sequence[str]) -> None:
    reports = reports_of(folder, sources)
    pdf.render(reports[0])
    (taken,) = in_turn([lambda: [pdf.prove(pdf.render(one), one) for one in reports]], 1, warm=False)
    (folder / "taken.json").write_text(json.dumps(taken), "ascii")


def main() -> None:
    """Runs everything in a temporary project."""
    if sys.argv[1:2] == ["--work"]:
        _work(Path(sys.argv[2]), sys.argv[3:])
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = forms.project(folder, _FORMS)
        reports = reports_of(folder, sources)
        floor(reports, stages(reports))
        if "--small-face" in sys.argv:
            small_face(folder, sources)


if __name__ == "__main__":
    main()
