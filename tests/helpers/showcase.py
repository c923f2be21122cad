"""The page that shows all components of the public site, made in a folder with its style sheets and scripts."""

from __future__ import annotations

from pathlib import Path

from perfgen.render import SHARED_TEMPLATES
from perfgen.render.parts import asset_files, html_templates
from tests.helpers.projects import REPOSITORY, snapshot

SITE = {
    "站点": {
        "名称": "示例市部门预算绩效目标公开", "域名": "www.example.gov.cn", "标识码": "bm00000000",
        "主办单位": "示例市财政局", "联系方式": "见市政府网站", "ICP备案": "某ICP备00000000号",
        "公安备案": "某公网安备 00000000000000号",
    }
}  # fmt: skip


def laid(folder: Path, depth: int = 1) -> Path:
    """The page, so many folders below the root of a site; the root is `folder`."""
    project = snapshot(REPOSITORY)
    home = "../" * depth
    text = html_templates.fill(project, SHARED_TEMPLATES, "showcase.html", {"site": SITE}, home=home)
    for name, path in asset_files.named(project).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(asset_files.content(project, name))
    page = folder.joinpath(*["一层"] * depth, "index.html")
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text, "utf-8")
    (folder / "index.html").write_text(text.replace(f'"{home}', '"'), "utf-8")
    return page
