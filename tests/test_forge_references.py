"""What people typed is never a link, a mention or a reference in a comment on a forge."""

from __future__ import annotations

import html
import random
import re

import pytest

from perfgen.review.formats import markdown
from perfgen.review.formats.markdown import escaped

FORGES = {
    # GitLab: app/models, `reference_pattern` of each; lib/gitlab/regex
    "a person, a group, a commit elsewhere": r"@[\w.-]",
    "an issue or a milestone's number": r"[#!$%&]\d",
    "an alert": r"\^alert#\d",
    "a label": r'~(\d|[\w?.&-]|")',
    "a milestone": r'%[\w"]',
    "an epic": r"&\d",
    "a thing by its kind": r"\[(issue|epic|vulnerability|feature_flag|contact|work_item|snippet|cadence|wiki_page):",
    "a wiki page": r"\[\[",
    "an iteration": r"\*iteration:",
    "a commit": r"(?<![A-Za-z0-9_])[0-9A-Fa-f]{7,64}(?![A-Za-z0-9_])",
    # GitHub: "Autolinked references and URLs"; GitLab's default for Jira
    "an issue of a tracker": r"(?i)\b[a-z][a-z0-9_]+-\d",
    # both: GFM 6.9, and pictures by name
    "an address": r"(?i)\b[a-z][a-z0-9+.-]*://",
    "a host": r"(?i)(?<!\w)www\.",
    "a picture": r":[A-Za-z0-9_+-]+:",
}

TYPED = {
    "the review's": "%1 &1 GH-1 0123abc",
    "a commit of all digits": "合计 20250110，1234567 万元",
    "a whole name of a commit": "见 " + "0123456789abcdef" * 2 + "01234567。",
    "a name of 64": "f" * 64,
    "a name in capitals": "（ABCDEF0）",
    "a range of commits": "abcdef0..abcdef1 abcdef0...abcdef1",
    "a milestone in quotes": '%"一季度" %1.0 %*8.6 80%以上',
    "an epic of a group": "财政局&12，市局/规划&3",
    "labels": '~bug ~"加急" ~12 ~加急',
    "requests": "!1 市局/目标!12 $1 #1 市局/目标#12 gh-1 JIRA-1 PROJ_X-22",
    "alerts and iterations": '^alert#1 *iteration:5 *iteration:"冲刺"',
    "by kind": "[issue:1] [epic:1] [vulnerability:3] [work_item:a/b/4] [[首页]]",
    "mentions": "@all @某人 a@b.cn user/repo@0123abc",
    "addresses": "https://evil.example HTTP://x www.evil.example WWW.x ftp://x",
    "pictures": ":smile: :+1: :100: 12:30:45",
}


def shown(text: str) -> str:
    """A text as Markdown shows it: that is where a forge looks for references."""
    return html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text))


def references(text: str) -> dict[str, str]:
    found = {kind: re.search(pattern, text) for kind, pattern in FORGES.items()}
    return {kind: match[0] for kind, match in found.items() if match}


@pytest.mark.parametrize("kind", TYPED)
def test_no_reference_is_left(kind):
    assert references(TYPED[kind])
    assert references(shown(escaped(TYPED[kind]))) == {}


def test_random_texts_of_their_signs():
    pick = random.Random(7)
    parts = [
        *"@#!~$%&^*[]():\"'\\`<>|/.-_ 1aF中",
        "GH-",
        "www.",
        "://",
        "alert#",
        "iteration:",
        "0123abc",
        "&amp;",
        "\n",
    ]
    for _ in range(4000):
        text = "".join(pick.choice(parts) for _ in range(pick.randrange(1, 30)))
        assert references(shown(escaped(text))) == {}, text


@pytest.mark.parametrize("kind", TYPED)
def test_it_reads_as_it_was_typed(kind):
    """Nothing is lost or added that a reader sees."""
    assert shown(escaped(TYPED[kind])).replace("\u200b", "") == TYPED[kind]


@pytest.mark.parametrize("text", ["≥95%", "5%，3%。", "3226.88 万元", "2025 年", "a: b", "甲-1", "12-31", "100%"])
def test_ordinary_texts_are_left_as_they_are(text):
    assert "\u200b" not in escaped(text)


def test_the_folds_line_too():
    """HTML stands there, and no Markdown."""
    from tests.helpers.versions import case

    unit = case("awkward")
    fold, _ = markdown._fold(unit, "", 50_000)
    assert references(html.unescape(re.sub("</?summary>|</?details>", "", fold.splitlines()[1]))) == {}
