"""A filled-in Word form in, data out: the template that renders the form, read backwards.

`import_file` is the whole way. `paper` reads any Word file as a grid, `matching` finds for each of its rows and cells
the place in the template that printed it. What was undone, and what was not understood, is told as `notes`.
"""

__all__ = [
    "import_file",
    "paper",
]
