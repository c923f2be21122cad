"""What a PDF costs, by stage, and beside others that could set it: ratios of processor time measured in one run.

Processor time counts user and system, and that of child processes, so that a busy machine changes little.
LibreOffice converts the same Word files in one call, Typst sets the same table, Chromium prints the same HTML.
WeasyPrint's floor is what it takes for as many pages with one character on each. With --small-face, the same forms are
set with a small face, made of the characters of GB 2312 and of the data: what would it save?
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from perfgen import render
from perfgen.build import job
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.render import pdf
from perfgen.render.parts import pdf_layout, pdf_pages
from perfgen.report import site
from perfgen.report.report import Edition, Report
from perfgen.system import fonts
from perfgen.table.model import Cell, Table

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 3


def official_reports() -> list[Report]:
    """The samples, as the bureau sees them."""
    sources = sorted(ROOT.glob("data/2*/*.yaml"))
    found = [
        job.reports(Project.on_disk(ROOT), DataFile.at(path.relative_to(ROOT).as_posix()), site.Site({}))[1]
        for path in sources
    ]
    return [editions[Edition.OFFICIAL] for editions in found]


def seconds(call: Callable[[], object]) -> float:
    """The median processor time of a call."""
    times = []
    for _ in range(ROUNDS):
        begin = spent_so_far()
        call()
        times.append(spent_so_far() - begin)
    return statistics.median(times)


def spent_so_far() -> float:
    """The processor time of this process and of its children that have ended, in seconds."""
    return sum(os.times()[:4])


def stages(reports: list[Report]) -> float:
    """Prints the share of each stage; returns seconds a form."""
    spent: dict[str, float] = {}
    layouts = 0

    def watched(name: str, function: Callable[..., object]) -> Callable[..., object]:
        def run(*arguments: object) -> object:
            begin = spent_so_far()
            result = function(*arguments)
            spent[name] = spent.get(name, 0.0) + spent_so_far() - begin
            return result

        return run

    lay_out, write, finish = pdf_layout.Typesetter.lay_out, pdf_layout.Typesetter.write, pdf.finish

    def counted(self: pdf_layout.Typesetter, html: str) -> object:
        nonlocal layouts
        layouts += 1
        kinds = {'id="end"': "量尺寸的整张试排", 'id="table"': "试排几格"}
        name = next((name for mark, name in kinds.items() if mark in html), "分页后的排版")
        return watched(name, lay_out)(self, html)

    pdf.render(reports[0])  # the first PDF of a process loads fonts
    pdf_layout.Typesetter.lay_out = counted  # type: ignore[method-assign]
    pdf_layout.Typesetter.write = watched("写出", write)  # type: ignore[method-assign, assignment]
    pdf.finish = watched("标记和字体检查", finish)  # type: ignore[assignment]
    try:
        begin = spent_so_far()
        contents = [pdf.render(report) for report in reports]
        total = spent_so_far() - begin
    finally:
        pdf_layout.Typesetter.lay_out, pdf_layout.Typesetter.write, pdf.finish = lay_out, write, finish  # type: ignore[method-assign]
    spent["填模板、分页等"] = total - sum(spent.values())
    begin = spent_so_far()
    for content, report in zip(contents, reports, strict=True):
        pdf.prove(content, report)
    spent["核对"] = spent_so_far() - begin
    whole = total + spent["核对"]
    print(f"PDF：每份 {whole / len(reports):.2f} 秒，{len(reports)} 份排版 {layouts} 次")
    for name, time_spent in sorted(spent.items(), key=lambda item: -item[1]):
        print(f"  {name:<10} {100 * time_spent / whole:5.1f} %")
    return whole / len(reports)


def beside(name: str, ours: float, theirs: float) -> None:
    """A line that compares seconds a form."""
    print(f"  {name}：每份 {theirs:.2f} 秒；我们是它的 {ours / theirs:.1f} 倍")


def libreoffice(reports: list[Report], folder: Path) -> float | None:
    """Seconds a form, converting all Word files in one call."""
    if not shutil.which("soffice"):
        return None
    word = render.find("docx")
    paths = []
    for number, report in enumerate(reports):
        paths.append(folder / f"{number}.docx")
        paths[-1].write_bytes(word.render(report))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder / "office")]
    return seconds(lambda: subprocess.run([*command, *map(str, paths)], check=True, capture_output=True)) / len(reports)


def chromium(reports: list[Report], folder: Path) -> float | None:
    """Seconds a form, printing the HTML of our last layout, a process for each."""
    program = shutil.which("chromium")
    if not program:
        return None
    pages: list[str] = []
    lay_out = pdf_layout.Typesetter.lay_out

    def kept(self: pdf_layout.Typesetter, html: str) -> object:
        pages.append(html)
        return lay_out(self, html)

    pdf_layout.Typesetter.lay_out = kept  # type: ignore[method-assign]
    try:
        finals = []
        for report in reports:
            pdf.render(report)
            finals.append(pages[-1])
    finally:
        pdf_layout.Typesetter.lay_out = lay_out  # type: ignore[method-assign]
    shutil.copy(ROOT / reports[0].form.template(pdf_layout.STYLE), folder)
    for number, html in enumerate(finals):
        (folder / f"{number}.html").write_text(html, "utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    flags += ["--disable-component-update", "--disable-sync", f"--user-data-dir={folder / 'chromium'}"]

    def run() -> None:
        for number in range(len(finals)):
            target = f"--print-to-pdf={folder / f'{number}.chromium.pdf'}"
            page = (folder / f"{number}.html").as_uri()
            subprocess.run([program, *flags, target, page], check=True, capture_output=True)

    return seconds(run) / len(reports)


def typst(reports: list[Report], folder: Path) -> float | None:
    """Seconds a form, setting the same table without our paging."""
    try:
        import typst as compiler
    except ImportError:
        return None
    paths = []
    for number, report in enumerate(reports):
        paths.append(folder / f"{number}.typ")
        paths[-1].write_text(typst_source(report.table), "utf-8")
    families = [fonts.place(name) for name in ("Noto Serif CJK SC",)]
    homes = sorted({str(Path(place[0]).parent) for place in families if place})
    return seconds(lambda: [compiler.compile(str(path), font_paths=homes) for path in paths]) / len(reports)


def typst_source(table: Table) -> str:
    """The table in Typst's language."""

    def cell(one: Cell) -> str:
        text = one.text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        place = f"x: {one.column}, y: {one.row}, colspan: {one.colspan}, rowspan: {one.rowspan}"
        return f'table.cell({place}, text("{text}")),'

    widths = ", ".join(f"{width / 20}pt" for width in table.widths)
    cells = "\n".join(cell(one) for one in table.cells())
    return (
        '#set page("a4", margin: 17mm)\n#set text(font: "Noto Serif CJK SC", size: 10.5pt, lang: "zh")\n'
        f"#table(columns: ({widths}), stroke: 0.5pt, inset: 2pt, align: center + horizon,\n{cells}\n)\n"
    )


def floor(reports: list[Report], ours: float) -> None:
    """What WeasyPrint takes to set and write as many pages with one character on each."""
    setters = [pdf_layout.Typesetter(report) for report in reports]
    counts = [len(pdf_pages.PageSetter(setter).set()[0].pages) for setter in setters]
    head = '<html lang="zh-CN"><head><title>一</title><link rel="stylesheet" href="print.css"></head>'

    def empty() -> None:
        for setter, count in zip(setters, counts, strict=True):
            body = "<p style='break-after: page'>一</p>" * (count - 1) + "<p>一</p>"
            setter.write(setter.lay_out(f"{head}<body>{body}</body></html>"), [])

    beside("WeasyPrint 排同样多的空页", ours, seconds(empty) / len(reports))


def small_face(folder: Path, ours: float) -> None:
    """The same PDFs in a process whose fonts hold only the characters of GB 2312 and of the data."""
    from fontTools import subset

    texts = "".join(path.read_text("utf-8") for path in ROOT.glob("data/**/*.yaml"))
    gb2312 = bytes(b for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF) for b in (high, low))
    characters = set(texts) | set(gb2312.decode("gb2312", "ignore")) | set(map(chr, range(32, 127)))
    files = {fonts.place(name) for name in ("Noto Serif CJK SC", "Noto Sans CJK SC")}
    begin = spent_so_far()
    for number, place in enumerate(sorted(place for place in files if place)):
        options = subset.Options(font_number=place[1], name_IDs=["*"], name_languages=["*"], notdef_outline=True)
        face = subset.load_font(place[0], options)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=map(ord, characters))
        subsetter.subset(face)
        subset.save_font(face, str(folder / f"small-{number}.otf"), options)
    made = spent_so_far() - begin
    (folder / "fonts.conf").write_text(f"<fontconfig><dir>{folder}</dir></fontconfig>", "utf-8")
    code = (
        "import sys; sys.path.insert(0, 'benchmarks'); import pdf as b; from perfgen.render import pdf;"
        "r = b.official_reports(); pdf.render(r[0]); t = b.spent_so_far();"
        "[pdf.prove(pdf.render(x), x) for x in r]; print((b.spent_so_far() - t) / len(r))"
    )
    environment = {**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")}
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if said.returncode:
        print(f"  小字体：没有量成：{said.stderr.strip().splitlines()[-1]}")
        return
    small = float(said.stdout)
    print(
        f"  小字体（{len(characters)} 个字，做它用 {made:.0f} 秒）：每份 {small:.2f} 秒，是原来的 {small / ours:.2f} 倍"
    )


def main() -> None:
    """Runs everything."""
    reports = official_reports()
    ours = stages(reports)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for title, measure in (
            ("LibreOffice 一次转换全部 Word", libreoffice),
            ("Typst 排同一张表", typst),
            ("Chromium 打印同一页", chromium),
        ):
            theirs = measure(reports, folder)
            if theirs is None:
                print(f"  {title}：这台机器上没有，没有量")
            else:
                beside(title, ours, theirs)
        floor(reports, ours)
        if "--small-face" in sys.argv:
            small_face(folder, ours)


if __name__ == "__main__":
    main()
