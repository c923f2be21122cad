"""The locked lists name the extras that packages ask for: pip wants `coverage[toml]` pinned, and a list that has only
`coverage==7.17.4` installs no more from the day on which a newer one comes out. The lists agree with one another."""

from __future__ import annotations

import re
from importlib import metadata

import pytest

from tests.conftest import REPOSITORY

ASKED = re.compile(r"([A-Za-z0-9._-]+)\[([a-z0-9_,-]+)\]")
LISTS = sorted(path.name for path in (REPOSITORY / "requirements").glob("*.txt"))


def locked(name: str) -> dict[str, set[str]]:
    """The versions that a list has of each package; it may have several, by markers."""
    found: dict[str, set[str]] = {}
    text = (REPOSITORY / "requirements" / name).read_text("utf-8")
    for package, version in re.findall(r"^([a-z0-9.-]+)(?:\[[^]]+\])?==(\S+)", text, re.MULTILINE):
        found.setdefault(package, set()).add(version)
    return found


def asked() -> set[str]:
    """What the installed packages ask for with an extra, as `name[extra]`."""
    needed = [line for one in metadata.distributions() for line in one.requires or () if "extra ==" not in line]
    return {f"{found[1].lower()}[{found[2]}]" for line in needed if (found := ASKED.match(line))}


@pytest.mark.parametrize("name", LISTS)
def test_what_is_asked_for_with_an_extra_is_locked_with_it(name):
    text = (REPOSITORY / "requirements" / name).read_text("utf-8")
    assert {"fonttools[woff]", "coverage[toml]"} <= asked()
    for one in asked():
        bare = one.partition("[")[0]
        assert f"\n{bare}==" not in text, f"{name}: {one}"
    assert "\nfonttools[woff]==" in text


def test_a_package_has_one_version_in_all_lists():
    """A worker that was installed by one list is the same as a client that was installed by another."""
    versions: dict[str, dict[str, list[str]]] = {}
    for name in LISTS:
        assert len(locked(name)) > 40
        for package, found in locked(name).items():
            versions.setdefault(package, {}).setdefault(" ".join(sorted(found)), []).append(name)
    assert {package: lists for package, lists in versions.items() if len(lists) > 1} == {}


def test_every_list_holds_what_is_run_and_those_for_tests_hold_the_cluster():
    run, cluster = locked("dependencies.txt").keys(), locked("cluster.txt").keys()
    assert "distributed" in cluster and "distributed" not in locked("run.txt")
    for name in LISTS:
        assert run <= locked(name).keys(), name
    for name in ("dev.txt", "nightly.txt", "fuzz.txt"):
        assert cluster <= locked(name).keys(), name


def test_the_recipe_makes_every_list():
    recipe = (REPOSITORY / "Makefile").read_text("utf-8").partition("\nlock:")[2].partition("; do")[0]
    named = re.findall(r"(?:in |\s)([a-z]+):([a-z,]*)", recipe.partition("for set in")[2])
    assert sorted(f"{name}.txt" for name, _ in named) == LISTS
    extras = dict(named)
    assert "cluster" in extras["cluster"].split(",") and extras["dependencies"] == ""
