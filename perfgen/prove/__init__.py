"""Rendered bytes and their report in, the number of equal places out: each output is read back by other code.

A module for each format that is read: `docx_cells`, `pdf_cells`, `html_values`. `proof` compares what they find.
"""

__all__ = [
    "docx_cells",
    "html_values",
    "paths",
    "pdf_cells",
    "proof",
]
