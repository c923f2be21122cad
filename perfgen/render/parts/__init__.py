"""What the output formats share: a template and a report in, HTML, a laid-out page, a clean Word package out."""

__all__ = [
    "asset_files",
    "bounded",
    "html_templates",
    "pdf_layout",
    "pdf_pages",
    "pdf_ruler",
    "pdf_tags",
    "remarks",
    "site_pages",
    "word_package",
    "word_xml",
]
