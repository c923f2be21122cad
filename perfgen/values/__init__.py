"""A target value as people type it: taken apart once, compared by its direction, held against what came of it.

parse(typed) -> Measure          direction, number and unit; or a date; or a word
compare_measures(old, new, …)    what the step from one to another means
unlike(old, new, …)              why two cannot be compared
reached(promise, outcome, …)     whether what came of it is what was promised
in_reader_unit(number, unit)     a large amount in a larger unit
"""

from perfgen.values.achievement import Achievement, reached
from perfgen.values.comparison import (
    MeasureChange,
    Unlike,
    better,
    compare_measures,
    days_between,
    in_same_year,
    side_by_side,
    unlike,
    way_of_date,
)
from perfgen.values.dates import DateProblem, Period, read_date, with_year
from perfgen.values.measure import DATE_UNIT, Measure, Sign
from perfgen.values.parsing import parse
from perfgen.values.parts import Parts, taken_apart
from perfgen.values.reader_unit import in_reader_unit
from perfgen.values.vocabulary import Vocabulary, plain_name

__all__ = [
    "DATE_UNIT", "Achievement", "DateProblem", "Measure", "MeasureChange", "Parts", "Period", "Sign", "Unlike",
    "Vocabulary", "better", "compare_measures", "days_between", "in_reader_unit", "in_same_year", "parse", "plain_name",
    "reached", "read_date", "side_by_side", "taken_apart", "unlike", "way_of_date", "with_year",
]  # fmt: skip
