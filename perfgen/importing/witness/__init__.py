"""A Word file as LibreOffice shows it in, the cells that our own reading has otherwise out.

`second_reading.compare` is the whole of it. `odf_table` reads what LibreOffice saved, `known_differences` lists
where LibreOffice is known to show something else than Word.
"""

__all__ = [
    "second_reading",
]
