"""Files are checked in several processes as they are in one: the same findings, in the same order."""

from __future__ import annotations

import json

import pytest

from perfgen import cli
from perfgen.build import check_batch
from tests.helpers import tiny
from tests.helpers.projects import snapshot

pytestmark = pytest.mark.long


@pytest.fixture
def orchards(tiny_project):
    for number in range(40):
        weight = number if number % 5 else "两"
        text = f"form: fruit\n年: 2025\n果园: 园{number}\n水果:\n  - {{名称: 果, 斤数: {weight}}}\n"
        tiny.write_unit(tiny_project, f"园{number}", text if number != 7 else "form: fruit\n年: [\n")
    return tiny_project


def said(capsys, root, *arguments):
    code = cli.main(["-C", str(root), "check", "--format", "json", *arguments])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("files", [(), ("data/2025/园3.yaml",)])
def test_in_two_processes_the_same_is_found_in_the_same_order(orchards, capsys, files):
    alone = said(capsys, orchards, "-j1", *files)
    assert said(capsys, orchards, "-j2", *files) == alone
    assert files or (alone[0] == 1 and len({finding["file"] for finding in alone[1]}) > 1)


def test_a_few_files_are_checked_in_this_process(orchards, monkeypatch):
    from perfgen.system import executor

    monkeypatch.setattr(executor, "make", None)  # whoever calls it fails
    project = snapshot(orchards)
    check_batch.check_files(project, project.data_files()[0])


def test_the_number_of_processes_is_a_number(tiny_project, capsys):
    assert cli.main(["-C", str(tiny_project), "check", "-j0"]) == 2
    assert "要写一个正整数" in capsys.readouterr().err
