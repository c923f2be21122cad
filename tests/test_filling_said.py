"""What a change is called that can be taken back."""

from __future__ import annotations

import pytest

from perfgen.check import loading
from perfgen.filling.edits import Add, Drop, Edit, Many, Move, Put, Remove, Rename
from perfgen.filling.said import said
from perfgen.project.layout import DataFile
from tests.helpers.projects import REPOSITORY, snapshot

SERVICES = ("年度绩效指标", 0, "履职效能", "档案利用服务")


@pytest.fixture(scope="module")
def filing():
    file = DataFile.parse("data/2025/示例市档案馆.yaml")
    assert file is not None
    return loading.filing(snapshot(REPOSITORY), file)


@pytest.mark.parametrize(
    ("edit", "words", "path"),
    [
        (Put(("填报人",), "甲"), ["改", "填报人"], ("填报人",)),
        (Put((*SERVICES, 0, "上年"), "1"), ["接待查阅人次", "上年"], (*SERVICES, 0, "上年")),
        (Drop(("填报人",)), ["清空", "填报人"], ("填报人",)),
        (Rename(SERVICES, "查阅服务"), ["档案利用服务", "改名为", "查阅服务"], (*SERVICES[:-1], "查阅服务")),
        (Add(("年度目标",), 2), ["年度目标", "加一行"], ("年度目标", 2)),
        (Add(SERVICES[:-1], 0, None, "编研"), ["加一组", "编研"], (*SERVICES[:-1], "编研")),
        (Remove((*SERVICES, 0)), ["删除", "接待查阅人次"], (*SERVICES, 0)),
        (Move((*SERVICES, 0), 2), ["移动", "接待查阅人次"], (*SERVICES, 2)),
        (Move(SERVICES, 0), ["移动", "档案利用服务"], SERVICES),
        (Many((Put(("填报人",), "甲"), Put(("联系电话",), "1"))), ["改 2 处"], ("填报人",)),
        (Many((Drop(("填报人",)),)), ["清空", "填报人"], ("填报人",)),
        (Many(), ["0 处"], ()),
    ],
)
def test_it_names_what_was_done_and_where_it_is_afterwards(filing, edit: Edit, words, path):
    found = said(filing, edit)
    assert all(word in found.text for word in words), found.text
    assert found.path == path
