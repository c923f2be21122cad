"""The Word template and a report's values in, the official table out: rows of cells with text, spans and paths.

`template` reads the template's table once, `view` is what templates see of the values, `expand` joins the two. For
paper, `heights` or `measure` give its sizes, and `paginate` breaks it into pages, each a `sheet`.
"""

__all__ = [
    "expand",
    "filters",
    "headers",
    "heights",
    "hidden_text",
    "lint",
    "measure",
    "model",
    "numbering",
    "paginate",
    "referred_names",
    "sheet",
    "tags",
    "template",
    "view",
    "word_fields",
    "word_shape",
    "word_styles",
    "word_xml",
]
