"""`check --fix` repairs the settings of the site, too: its findings tell people to use it."""

from __future__ import annotations

import pytest

from perfgen import cli


@pytest.mark.parametrize("named", ["data/site.yaml", "data/2025/示例市档案馆.yaml", None])
def test_wide_colons_in_the_settings_are_repaired(project, named, capsys):
    path = project / "data/site.yaml"
    typed = path.read_text("utf-8")
    path.write_text(typed.replace("批复日期: ", "批复日期：", 1), "utf-8")
    assert "批复日期：" in path.read_text("utf-8")
    cli.main(["-C", str(project), "check", "--fix", *([named] if named else [])])
    assert path.read_text("utf-8") == typed
    assert "data/site.yaml：改了 1 处" in capsys.readouterr().err
