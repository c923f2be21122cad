"""Takes the pictures of the public site in docs/site.md: start page, a unit's page and a comparison, small and wide.

    python scripts/pictures.py

Builds the samples in a temporary folder and needs Chromium, Playwright and Pillow. The pictures have few colours, so
that they stay small; another version of Chromium draws other bytes, which no test compares.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
FOLDER = REPOSITORY / "docs/site"
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


def built(folder: Path) -> Path:
    """The public site of the samples, without what takes long to make; gives its root."""
    for name in ("schema", "templates", "data"):
        shutil.copytree(REPOSITORY / name, folder / name)
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
        browser.close()


if __name__ == "__main__":
    main()
