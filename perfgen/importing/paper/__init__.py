"""An untrusted Word file in, a grid of cells with their texts out."""

__all__ = [
    "known",
    "pdf_attachment",
    "word_package",
    "word_table",
    "word_text",
]
