"""Takes the pictures of the docs: the public site (docs/site.md), small and wide, and the window of `perfgen serve`.

    python scripts/pictures.py

Builds the samples in a temporary folder and needs Chromium, Playwright and Pillow. The pictures have few colours, so
that they stay small; another version of Chromium draws other bytes, which no test compares.
"""

from __future__ import annotations

import io
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
FOLDER = REPOSITORY / "docs/site"
WINDOW = REPOSITORY / "docs/window.png"
FILLED_IN = "data/2025/示例市档案馆.yaml"
SLIP, EDITED = ("指标值: ≤0.4元,", "指标值: 0.4元,"), "0.4元"
"""What is wrong in the file of which the window is shown, and the cell that is edited."""
DAY = "2026-11-26"
PAGES = {
    "start": "index.html",
    "unit": "2025/示例市市场监督管理局/index.html",
    "comparison": "measures/预算调整率/index.html",
}
SIZES = {390: 1100, 1280: 900}
"""By the width of a window, how much of a page is shown, in CSS pixels."""
COLORS = 48
MOST = 120_000
"""Bytes of a picture."""


def copied(folder: Path) -> Path:
    """The samples in a folder."""
    for name in ("schema", "templates", "data"):
        shutil.copytree(REPOSITORY / name, folder / name)
    return folder


def built(folder: Path) -> Path:
    """The public site of the samples, without what takes long to make; gives its root."""
    copied(folder)
    command = [sys.executable, "-m", "perfgen", "-C", str(folder), "build", "--date", DAY]
    formats = "assets,html,index,measures,search_data,summary,table_page,unit_years,year_lists"
    subprocess.run([*command, "--only", formats], cwd=REPOSITORY, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return folder / "build/public"


def shots(browser: Any, public: Path) -> Iterator[tuple[str, bytes]]:
    """Each picture with its name."""
    for name, path in PAGES.items():
        for width, height in SIZES.items():
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
            page.goto((public / path).as_uri())
            yield f"{name}-{width}.png", page.screenshot()
            page.close()


def window(browser: Any, folder: Path) -> bytes:
    """The window of a data file in which a cell is edited and something is to be put right."""
    file = copied(folder) / FILLED_IN
    file.write_text(file.read_text("utf-8").replace(*SLIP, 1), "utf-8")
    command = [sys.executable, "-m", "perfgen", "-C", str(folder), "serve", "--no-browser"]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603
        assert server.stdout
        address = server.stdout.readline().strip()
        page = browser.new_page(viewport={"width": 1360, "height": 820}, color_scheme="light")
        page.goto(f"{address}file/{FILLED_IN}")
        page.get_by_text(EDITED, exact=True).first.click()
        page.wait_for_timeout(1000)
        picture: bytes = page.screenshot()
        page.close()
        server.send_signal(signal.SIGINT)
    return picture


def packed(picture: bytes) -> bytes:
    """The same picture with few colours."""
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as image:
        few = image.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE)
    target = io.BytesIO()
    few.save(target, "PNG", optimize=True)
    return target.getvalue()


def main() -> None:
    """Writes all pictures. Raises ValueError for one that is too large."""
    from playwright.sync_api import sync_playwright

    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        public = built(Path(folder))
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, picture in shots(browser, public):
            content = packed(picture)
            if len(content) > MOST:
                raise ValueError(f"{name}: {len(content)} bytes")
            (FOLDER / name).write_bytes(content)
        (Path(folder) / "window").mkdir()
        WINDOW.write_bytes(packed(window(browser, Path(folder) / "window")))
        browser.close()


if __name__ == "__main__":
    main()
