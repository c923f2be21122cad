"""`perfgen approve` writes who agreed, when and to what, and commits those lines alone; real git and real keys."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.check import loading
from perfgen.check.approvals import approvals_in
from perfgen.project.layout import DataFile
from perfgen.repository import contents
from tests.helpers.people import Person, commit_as, git_as, has_gpg, with_gpg_key, with_ssh_key
from tests.helpers.projects import snapshot
from tests.helpers.requests import (
    LI,
    NEW,
    UNIT,
    UNITS,
    approve,
    comparison,
    line,
    put,
    standings,
    started,
    units_text,
    weaken,
    weaker,
)
from tests.helpers.versions import FILE, edit

pytestmark = pytest.mark.long

ZHAO = Person("赵六", "zhao@example.cn")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def wang(keys: Path) -> Person:
    return with_ssh_key("王五", "wang@example.cn", keys)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, wang: Person) -> Path:
    root = started(tmp_path_factory.mktemp("made") / "request", units_text([wang, ZHAO]))
    weaken(root)
    return root


@pytest.fixture
def root(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A request on whose machine nobody has set up git yet."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1736470800")  # 2025-01-10
    return Path(shutil.copytree(made, tmp_path / "request"))


def sit_down(root: Path, person: Person) -> None:
    """Somebody sets git up."""
    git_as(person, root, "config", "user.name", person.name)
    git_as(person, root, "config", "user.email", person.address)
    for setting in person.settings:
        git_as(person, root, "config", *setting.split("=", 1))


def run(capsys, root: Path, *arguments: str) -> tuple[int, str]:
    code = cli.main(["-C", str(root), "approve", *arguments])
    said = capsys.readouterr()
    return code, said.out + said.err


def changed_lines(root: Path, commit: str = "HEAD") -> list[str]:
    """The lines that a commit took out and put in, and the files."""
    said = git_as(LI, root, "-c", "core.quotePath=false", "diff-tree", "-p", "-U0", "--no-commit-id", "-r", commit)
    return [one for one in said.splitlines() if one[:1] in "+-" and not one.startswith("---")]


def test_a_reviewer_approves_all_that_is_asked(root, capsys, wang):
    sit_down(root, wang)
    before, text = git_as(LI, root, "rev-parse", "HEAD"), (root / FILE).read_text("utf-8")
    first, *others = weaker(root)
    code, said = run(capsys, root, UNIT)
    assert code == 0 and "王五同意了 3 处，已经提交（签了名）。" in said
    assert said.count("[放宽]") == 3 and f"指纹 {first.fingerprint}" in said
    assert git_as(LI, root, "rev-parse", "HEAD~1") == before and git_as(LI, root, "status", "--porcelain") == ""
    assert git_as(LI, root, "symbolic-ref", "HEAD") == "refs/heads/送审"
    file, group, *records = changed_lines(root)
    assert (file, group) == (f"+++ b/{FILE}", "+审核记录:")
    assert [one.split(":")[0] for one in records] == [f"+  {change.fingerprint}" for change in (first, *others)]
    assert records[0].endswith(
        f': {{审核人: 王五, 日期: 2025-01-10, 原来: {first.before}, 哪里: "{first.path}", 规则: R01、D19、D19a}}'
    )
    assert (root / FILE).read_text("utf-8").replace("\n".join(one[1:] for one in [group, *records]) + "\n", "") == text
    assert standings(root) == ["signed"] * 3
    assert git_as(LI, root, "rev-list", "-1", "--format=%an %ae%n%B", "HEAD").split("\n")[1:3] == [
        "王五 wang@example.cn", "审核：同意 3 处变更",
    ]  # fmt: skip
    assert run(capsys, root, UNIT) == (0, "没有等着同意的变更：要理由的都已经有算数的审核记录了，或者一处也没有。\n")


def test_a_record_says_who_when_which_row_and_which_rules(root, capsys, wang):
    sit_down(root, wang)
    first = weaker(root)[0]
    assert run(capsys, root, UNIT, first.fingerprint[:12], "--opinion", "同意, 下半年: 再看")[0] == 0
    filing = loading.filing(snapshot(root), DataFile.at(FILE))
    ((typed, record),) = approvals_in(filing.of_role("approvals"), filing.form.fields).items()
    assert typed == first.fingerprint
    assert (record.reviewer, record.date, record.opinion) == ("王五", "2025-01-10", "同意, 下半年: 再看")
    assert (record.before, record.row) == (first.before, first.path)
    assert record.rules.split("、") == ["R01", *filing.form.rules.asking("放宽")]
    assert standings(root) == ["signed", "", ""]


def test_a_second_reviewer_adds_lines_and_changes_none(root, capsys, wang):
    first, second, _ = weaker(root)
    sit_down(root, wang)
    run(capsys, root, UNIT, first.fingerprint)
    git_as(LI, root, "config", "--unset", "gpg.format")
    sit_down(root, ZHAO)
    code, said = run(capsys, root, str(root / FILE), second.fingerprint)
    assert code == 0 and "没有签名，会写明是提交人自称" in said
    assert [one[0] for one in changed_lines(root)[1:]] == ["+"]
    assert standings(root) == ["signed", "claimed", ""]


def test_nothing_else_that_is_changed_or_staged_goes_with_it(root, capsys, wang):
    sit_down(root, wang)
    (root / "README.md").write_text("暂存的\n", "utf-8")
    git_as(LI, root, "add", "README.md")
    (root / UNITS).write_text("单位: {}\n", "utf-8")
    (root / "新.txt").write_text("没有加的\n", "utf-8")
    assert run(capsys, root, UNIT)[0] == 0
    assert [one for one in changed_lines(root) if one.startswith("+++")] == [f"+++ b/{FILE}"]
    status = git_as(LI, root, "-c", "core.quotePath=false", "status", "--porcelain").splitlines()
    assert sorted(one.strip() for one in status) == sorted(["A  README.md", f"M {UNITS}", "?? 新.txt"])


@pytest.mark.parametrize("staged", [False, True])
def test_a_file_with_other_changes_is_refused(root, capsys, wang, staged):
    sit_down(root, wang)
    head = git_as(LI, root, "rev-parse", "HEAD")
    edit(root, "填报人: 示例", "填报人: 示例人")
    if staged:
        git_as(LI, root, "add", "-A")
    text = (root / FILE).read_text("utf-8")
    code, said = run(capsys, root, UNIT)
    assert code == 2 and f"{FILE} 还有没提交的改动，审核记录要单独提交" in said
    assert git_as(LI, root, "rev-parse", "HEAD") == head and (root / FILE).read_text("utf-8") == text


def test_a_forged_record_gives_way_even_where_it_is_the_very_same(root, capsys, wang):
    sit_down(root, wang)
    first, *others = weaker(root)
    run(capsys, root, UNIT)
    same = (root / FILE).read_text("utf-8")
    git_as(LI, root, "reset", "-q", "--hard", "HEAD~1")
    (root / FILE).write_text(same, "utf-8")
    commit_as(LI, root)
    assert all("不在审核人的名单里" in one for one in standings(root))
    assert run(capsys, root, UNIT)[0] == 0
    assert standings(root) == ["signed"] * 3
    put(root, *(line(change, "王五", ", 意见: 别的") for change in (first, *others)))
    commit_as(LI, root)
    assert run(capsys, root, UNIT)[0] == 0
    assert standings(root) == ["signed"] * 3


class TestWhoMay:
    def refused(self, capsys, root: Path, *arguments: str, code: int = 2) -> str:
        head, text = git_as(LI, root, "rev-parse", "HEAD"), (root / FILE).read_bytes()
        found, said = run(capsys, root, *arguments)
        assert found == code, said
        assert git_as(LI, root, "rev-parse", "HEAD") == head and (root / FILE).read_bytes() == text
        return said

    def test_nobody_whom_the_base_does_not_list(self, root, capsys, wang):
        sit_down(root, LI)
        (root / UNITS).write_text(units_text([wang, ZHAO, LI]), "utf-8")
        commit_as(LI, root)
        assert "git 里设的邮箱是 li@example.cn，main 的 data/units.yaml 里没有用它的审核人。" in self.refused(
            capsys, root, UNIT
        )

    def test_nobody_without_a_name(self, root, capsys):
        assert "git 里还没有设你的姓名和邮箱" in self.refused(capsys, root, UNIT)

    def test_no_reviewer_of_other_units(self, tmp_path, capsys, wang, root):
        other = started(tmp_path / "other", units_text([wang, ZHAO], "审核人: [王五]"))
        weaken(other)
        sit_down(other, ZHAO)
        assert f"{UNIT}的审核人是王五，不是赵六。" in self.refused(capsys, other, UNIT)

    def test_no_key_but_the_listed_one(self, root, capsys, keys, wang):
        other = with_ssh_key("别的钥匙", wang.address, keys)
        sit_down(root, Person(wang.name, wang.address, "", other.settings))
        said = self.refused(capsys, root, UNIT, code=3)
        assert "git 签名用的不是data/units.yaml 里王五的密钥，没有提交" in said

    def test_not_without_a_key_to_sign_with(self, root, capsys, wang):
        sit_down(root, Person(wang.name, wang.address))
        said = self.refused(capsys, root, UNIT, code=3)
        assert "git 签不了名，没有提交。先设好用哪把密钥签名" in said and "user.signingkey" in said.lower()

    @pytest.mark.skipif(not has_gpg(), reason="gpg is not there")
    def test_gpg_signs_by_the_listed_fingerprint(self, tmp_path, capsys, monkeypatch, root):
        zhao = with_gpg_key("赵六", "zhao@example.cn", tmp_path)
        other = started(tmp_path / "other", units_text([zhao]))
        weaken(other)
        sit_down(other, Person(zhao.name, zhao.address))
        monkeypatch.setenv("GNUPGHOME", str(zhao.home))
        code, said = run(capsys, other, UNIT)
        assert code == 0 and "签了名" in said and standings(other) == ["signed"] * 3

    def test_without_a_list_anybody_with_a_hint(self, tmp_path, capsys, root):
        other = started(tmp_path / "other", None)
        weaken(other)
        sit_down(other, LI)
        code, said = run(capsys, other, UNIT)
        assert code == 0 and "李四同意了 3 处，已经提交（没有审核人的名单，谁写的都算）。" in said
        assert standings(other) == ["unlisted"] * 3


class TestWhatIsAsked:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["没有的局"], "“没有的局”没有变更：和main比过了。有变更的是：示例市某局。"),
            (["0123456789ab"], "先写单位，再写指纹"),
            ([UNIT, "0123456789abcdef"], "没有指纹是 0123456789abcdef 的变更；照比较里写的抄，那一处再改过，指纹就变"),
            ([UNIT, "--base", "main..HEAD"], "这里写一个"),
            ([UNIT, "--base", "没有"], "没有“没有”这个提交"),
            ([UNIT, "--date", "昨天"], "要写一个日期"),
        ],
    )  # fmt: skip
    def test_what_is_not_there_is_said(self, root, capsys, wang, arguments, said):
        sit_down(root, wang)
        code, told = run(capsys, root, *arguments)
        assert code == 2 and said in told and git_as(LI, root, "rev-list", "--count", "HEAD") == "2"

    def test_a_dry_run_writes_and_commits_nothing(self, root, capsys, wang):
        sit_down(root, wang)
        text = (root / FILE).read_bytes()
        code, said = run(capsys, root, UNIT, "--dry-run")
        assert code == 0 and "会同意 3 处；没有写文件，没有提交。" in said and said.count("[放宽]") == 3
        assert (root / FILE).read_bytes() == text and git_as(LI, root, "rev-list", "--count", "HEAD") == "2"

    def test_a_checked_out_commit_or_a_merge_that_goes_on_is_refused(self, root, capsys, wang):
        sit_down(root, wang)
        git_as(LI, root, "checkout", "-q", "--detach")
        assert "现在不在哪个分支上" in run(capsys, root, UNIT)[1]
        git_as(LI, root, "checkout", "-q", "-b", "旁", "main")
        (root / "README.md").write_text("别的\n", "utf-8")
        commit_as(LI, root)
        git_as(LI, root, "checkout", "-q", "送审")
        git_as(LI, root, "merge", "-q", "--no-commit", "--no-ff", "旁")
        assert "正在合并，还没有完" in run(capsys, root, UNIT)[1]

    def test_a_whole_file_has_no_place_for_a_record(self, root, capsys, wang):
        sit_down(root, wang)
        (root / "data/2025/新局.yaml").write_text(NEW.replace(UNIT, "新局"), "utf-8")
        commit_as(LI, root)
        whole = next(change for change in comparison(root).changes if change.is_whole_file)
        assert "没有地方写审核记录" in run(capsys, root, "新局", whole.fingerprint)[1]
        assert run(capsys, root, "新局")[1].startswith("没有等着同意的变更")


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize(("ends", "below"), [("\n", "预算 1"), ("\r\n", "")])
def test_line_ends_and_a_project_below_the_top(tmp_path, capsys, wang, ends, below):
    top = tmp_path / "x"
    other = started(top / below / "p", units_text([wang]), top)
    (other / FILE).write_bytes(NEW.replace("\n", ends).encode())
    commit_as(LI, top)
    sit_down(other, wang)
    before = (other / FILE).read_bytes()
    assert run(capsys, other, UNIT)[0] == 0
    after = (other / FILE).read_bytes()
    assert after.count(b"\r\n") == (after.count(b"\n") if ends == "\r\n" else 0)
    assert set(before.splitlines()) <= set(after.splitlines()) and git_as(LI, other, "status", "--porcelain") == ""
    assert standings(other) == ["signed"] * 3


def test_two_units_are_one_commit(root, capsys, wang):
    sit_down(root, wang)
    other = "data/2025/别局.yaml"
    git_as(LI, root, "checkout", "-q", "main")
    shutil.copy(root / FILE, root / other)
    edit(root, UNIT, "别局", other)
    commit_as(LI, root)
    git_as(LI, root, "checkout", "-q", "送审")
    git_as(LI, root, "merge", "-q", "-m", "合", "main")
    (root / other).write_text(NEW.replace(UNIT, "别局"), "utf-8")
    commit_as(LI, root)
    code, said = run(capsys, root, UNIT, "别局")
    assert code == 0 and "王五同意了 6 处" in said
    assert sorted(one for one in changed_lines(root) if one.startswith("+++")) == sorted(
        [f"+++ b/{FILE}", f"+++ b/{other}"]
    )


def test_a_hook_that_would_stop_or_change_a_commit_is_not_run(root, capsys, wang):
    sit_down(root, wang)
    hook = root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    hook.chmod(0o755)
    assert run(capsys, root, UNIT)[0] == 0 and standings(root) == ["signed"] * 3


def test_a_record_of_before_stays_as_it_is_typed(root, capsys, wang):
    first, second, third = weaker(root)
    approve(root, wang, first, options=["-S"])
    text = (root / FILE).read_text("utf-8")
    sit_down(root, wang)
    assert run(capsys, root, UNIT, second.fingerprint, third.fingerprint)[0] == 0
    assert [one[0] for one in changed_lines(root)[1:]] == ["+", "+"]
    assert set(text.splitlines()) <= set((root / FILE).read_text("utf-8").splitlines())
    assert standings(root) == ["signed"] * 3


def test_a_new_repository_names_who_owns_what_decides():
    """What a request may not change unseen has an owner; every pattern leads to something."""
    laid = {
        *contents.program_part(),
        *contents.first_data(),
        *contents.all_forms(),
        contents.PIN,
        UNITS,
        "vendor/x.whl",
    }
    lines = contents.program_part()["CODEOWNERS"].decode().splitlines()
    owned = [one.split()[0].lstrip("/") for one in lines if one and not one.startswith("#")]
    assert all(len(one.split()) == 2 for one in lines if one and not one.startswith("#"))
    assert [one for one in owned if not any(path.startswith(one) for path in laid)] == []
    for path in (UNITS, "data/site.yaml", "schema/department-target.rules.yaml", contents.PIN, "Makefile", "CODEOWNERS",
                 ".gitlab-ci.yml", ".github/workflows/build.yml", "templates/department-target/form.docx"):  # fmt: skip
        assert any(path.startswith(one) for one in owned), path
    assert not any("data/2025/x.yaml".startswith(one) for one in owned)
