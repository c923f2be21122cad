"""The locked lists name the extras that packages ask for: pip wants `coverage[toml]` pinned, and a list that has only
`coverage==7.17.4` installs no more from the day on which a newer one comes out."""

from __future__ import annotations

import re
from importlib import metadata

import pytest

from tests.conftest import REPOSITORY

ASKED = re.compile(r"([A-Za-z0-9._-]+)\[([a-z0-9_,-]+)\]")
LISTS = sorted(path.name for path in (REPOSITORY / "requirements").glob("*.txt"))


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
