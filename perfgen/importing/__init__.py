"""A filled-in Word form in, data out, by the template that renders the form.

`import_file` is the whole way, `sources` finds the files, `targets` says where their data goes, `overview` what came
of many. `paper` reads any Word file as a grid, `matching` finds for
each of its rows and cells the place in the template that printed it. `notes` tell what was changed, and what was not
understood; `evidence` says what that means where data stands already. `witness` holds the reading against what
LibreOffice shows; `folding` says which texts count as the same, `which_form` which form a file
is. `sent` is what was read on its way to another process.
"""

__all__ = [
    "evidence",
    "folding",
    "import_file",
    "overview",
    "paper",
    "sent",
    "sources",
    "targets",
    "values",
    "which_form",
    "witness",
]
