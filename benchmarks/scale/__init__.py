"""What repositories of growing size take, from a city's to a province's: `python -m benchmarks.scale` prints tables.

`repository` makes the data files, `history` measures git, `stand_in` puts something in the place of outputs that would
take days to make, `planning` and `commands` measure perfgen with so many files, `outputs` what one document takes and
leaves. `taken` owns the clock of whole processes, `figure` shows what came out. docs/scale.md says what follows.
"""
