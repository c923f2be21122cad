"""提交 in a real browser: what changed stands there in words, a refusal is shown, and what was said can be changed."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.helpers import tiny
from tests.helpers.browsing import launched, opened, violations
from tests.helpers.serving import committed, serving

pytestmark = pytest.mark.browser
FILE = "data/2025/东园.yaml"


@pytest.fixture(scope="module")
def browser():
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return committed(tiny.make(tmp_path_factory.mktemp("commit") / "project"))


@pytest.fixture(scope="module")
def served(root):
    with serving(root) as served:
        yield served


def proposed(page) -> None:
    """Waits for the words that are proposed."""
    from playwright.sync_api import expect  # only where there is a browser

    expect(page.locator("#committing textarea")).to_have_value(re.compile("备注"), timeout=30_000)


def log(root) -> str:
    command = ["git", "log", "-1", "--format=%B"]
    return subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", check=True).stdout.strip()


def test_a_change_is_committed_with_words_that_can_be_changed(browser, served, root):
    page = opened(browser, served.window(FILE))
    page.wait_for_selector("#commit[aria-disabled=true][title*=没有要提交的]")
    assert served.put(FILE, ["备注"], "在浏览器里改的").status == 200
    page.wait_for_selector("#commit[aria-disabled=false]")
    hook = root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho '今天不许提交 <b>x</b>'\nexit 1\n", "utf-8")
    hook.chmod(0o755)
    before = log(root)
    page.click("#commit")
    words = page.locator("#committing textarea")
    proposed(page)
    assert words.evaluate("(one) => one === document.activeElement")
    assert "分支 main" in page.inner_text("#committing")
    words.fill(f"{words.input_value()}\n另外说一句")
    page.click("#committing button.main")
    page.wait_for_selector("#committing pre:not([hidden])")
    assert "今天不许提交 <b>x</b>" in page.inner_text("#committing pre")
    assert words.input_value().endswith("另外说一句")
    assert log(root) == before
    hook.unlink()
    words.press("Control+Enter")
    page.wait_for_selector("#committing", state="hidden")
    page.wait_for_selector("#commit[aria-disabled=true]")
    assert "已经提交" in page.inner_text("#told")
    assert log(root).endswith("另外说一句")
    assert not [line for line in page.said if "Failed to load resource" not in line]
    page.close()


def test_escape_commits_nothing(browser, served, root):
    assert served.put(FILE, ["备注"], "不提交的").status == 200
    before = log(root)
    page = opened(browser, served.window(FILE))
    page.wait_for_selector("#commit[aria-disabled=false]")
    page.click("#commit")
    proposed(page)
    page.keyboard.press("Escape")
    page.wait_for_selector("#committing", state="hidden")
    assert log(root) == before
    page.close()


def test_nobody_is_shut_out_of_the_question(browser, served):
    assert violations(browser, served.window(FILE)) == []
