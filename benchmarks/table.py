"""The result as one table in Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.result import CHEAP_STAGES, STAGES, Outcome, Ratio, Size, machine


def lines(outcome: Outcome) -> Iterator[str]:
    """The lines of everything that was measured."""
    yield from _stages(outcome.sizes)
    yield ""
    yield "| measured in turn | perfgen | beside | it takes | ratio | aim |"
    yield "|---|---|---|---|---|---|"
    for ratio in outcome.ratios:
        yield _ratio(ratio)
    yield ""
    yield "| by itself | | aim |"
    yield "|---|---|---|"
    for figure in outcome.figures:
        yield f"| {figure.what} | {figure.value} | {figure.aim} |"
    yield ""
    yield "| the machine | |"
    yield "|---|---|"
    for name, value in machine():
        yield f"| {name} | {value} |"


def _stages(sizes: list[Size]) -> Iterator[str]:
    yield "| a form, both editions, milliseconds | " + " | ".join(f"{size.forms:,} forms" for size in sizes) + " |"
    yield "|---|" + "---|" * len(sizes)
    yield "| plan: a process that finds nothing stale, and saves; its start taken off | " + _cells(
        [size.plan for size in sizes]
    )
    for stage in STAGES:
        sampled = [size.every for size in sizes if size.every > 1 and stage not in CHEAP_STAGES]
        note = f" (every {sampled[-1]}th of the {sizes[-1].forms:,})" if sampled else ""
        yield f"| {stage}{note} | " + _cells([size.stages[stage] for size in sizes])


def _cells(seconds: list[float]) -> str:
    return " | ".join(f"{1000 * value:.1f}" for value in seconds) + " |"


def _ratio(ratio: Ratio) -> str:
    aim = f"≤ {ratio.aim:g}" if ratio.aim else ""
    if ratio.theirs is None:
        return f"| {ratio.what} | {ratio.ours:.2f} s | {ratio.beside} | not measured here | | {aim} |"
    share = ratio.ours / ratio.theirs
    return f"| {ratio.what} | {ratio.ours:.2f} s | {ratio.beside} | {ratio.theirs:.2f} s | {share:.1f} | {aim} |"
