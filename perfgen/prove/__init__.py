"""Rendered bytes and their report in, the number of equal places out: other code than wrote an output reads it back.

There is a module for each format: `docx_cells`, `pdf_cells`, `html_values`, and `summary_places`
for pages about many files. `proof` compares what they read.
"""

__all__ = [
    "docx_cells",
    "html_values",
    "paths",
    "pdf_cells",
    "proof",
    "summary_places",
]
