"""An approval means something: whose commit brought the record, and who signed it; with real git and real keys."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import jsonschema
import pytest

from perfgen import cli
from perfgen.review import formats
from tests.conftest import REPOSITORY
from tests.helpers.people import Person, commit_as, git_as, has_gpg, remade, with_gpg_key, with_ssh_key
from tests.helpers.requests import (
    LI,
    NEW,
    OLD,
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
)  # fmt: skip
from tests.helpers.versions import FILE, edit

pytestmark = pytest.mark.long

WANG, ZHAO = Person("王五", "wang@example.cn"), Person("赵六", "zhao@example.cn")
NOT_LISTED = r"审核记录不算：提交它的是李四（li@example\.cn，[0-9a-f]{10}），不在审核人的名单里"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def wang(keys: Path) -> Person:
    """A reviewer with an ssh key."""
    return with_ssh_key(WANG.name, WANG.address, keys)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, wang: Person) -> Path:
    """A request with weakened targets; 王五 reviews with a key, 赵六 without one, both review the unit."""
    root = started(tmp_path_factory.mktemp("made") / "request", units_text([wang, ZHAO]))
    weaken(root)
    return root


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "request"))


def request_with(tmp_path: Path, units: str | None) -> Path:
    root = started(tmp_path / "other", units)
    weaken(root)
    return root


@contextmanager
def calls_of_git(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """The calls of git that are made inside."""
    calls: list[object] = []
    run = subprocess.run

    def counted(command: list[str], **more: object) -> object:
        calls.append(command)
        return run(command, **more)

    with monkeypatch.context() as patched:
        patched.setattr(subprocess, "run", counted)
        yield calls


class TestWhatCounts:
    def test_a_signed_commit_of_a_listed_reviewer(self, root, wang):
        first, *others = weaker(root)
        commit = approve(root, wang, first, options=["-S"])
        assert standings(root) == ["signed", *[""] * len(others)]
        done = weaker(root)[0]
        assert not done.is_open and done.approval.verdict.commit == commit
        assert done.approval.sentence == "王五 已于 2025-01-10 同意"

    @pytest.mark.parametrize("counts", [True, False])
    def test_the_status_counts_those_that_count(self, root, wang, capsys, counts):
        approve(root, wang if counts else LI, weaker(root)[0], options=["-S"] if counts else [])
        capsys.readouterr()
        assert cli.main(["-C", str(root), "status", "--format", "csv"]) == 0
        (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out.removeprefix("\ufeff")))
        remark = "" if counts else "另有 1 条审核记录不算，或者不知道算不算"
        assert (row["审核记录"], row["备注"]) == (str(int(counts)), remark)

    def test_without_a_key_it_is_called_a_claim(self, root, capsys):
        changes = weaker(root)
        approve(root, ZHAO, *changes)
        assert standings(root) == ["claimed"] * 3
        assert cli.main(["-C", str(root), "diff"]) == 1
        said = capsys.readouterr().out
        assert "审核人已经同意 3 处，其中 3 处是提交人自称，没有签名。" in said
        assert said.count("      赵六 已于 2025-01-10 同意（提交人自称，没有签名）\n") == 3 and "改法" not in said

    def test_what_the_base_holds_counts_whoever_commits(self, root, wang):
        """Squash: one commit by whoever merges; nothing of the reviewer's is left in it."""
        first, *others = weaker(root)
        approve(root, wang, first, *others, options=["-S"])
        git_as(LI, root, "checkout", "-q", "main")
        git_as(LI, root, "merge", "-q", "--squash", "送审")
        commit_as(LI, root)
        # the target goes back on main, and the next request makes it weaker once more
        edit(root, first.after, first.before)
        commit_as(LI, root)
        git_as(LI, root, "checkout", "-q", "-b", "又一个")
        edit(root, first.before, first.after)
        commit_as(LI, root)
        assert standings(root) == ["held"]
        assert "审核人已经同意 1 处，其中 1 处的记录原来就有。" in formats.render("text", comparison(root))

    def test_a_rebase_that_merges_loses_nothing(self, root, wang):
        changes = weaker(root)
        approve(root, wang, *changes, options=["-S"])
        git_as(LI, root, "checkout", "-q", "main")
        (root / "README.md").write_text("别的\n", "utf-8")
        commit_as(LI, root)
        git_as(LI, root, "checkout", "-q", "送审")
        git_as(LI, root, "rebase", "-q", "main")  # by the submitter: the signature is gone
        assert all("没有签名，王五有密钥" in why for why in standings(root))
        git_as(LI, root, "checkout", "-q", "main")
        git_as(LI, root, "merge", "-q", "送审")
        assert comparison(root, "HEAD~1..HEAD").units[0].pair.new.verdicts.otherwise.standing.counts

    def test_a_rebase_without_a_key_keeps_the_claim(self, root):
        approve(root, ZHAO, *weaker(root))
        git_as(LI, root, "checkout", "-q", "main")
        (root / "README.md").write_text("别的\n", "utf-8")
        commit_as(LI, root)
        git_as(LI, root, "checkout", "-q", "送审")
        git_as(LI, root, "rebase", "-q", "main")
        assert standings(root) == ["claimed"] * 3

    def test_a_merge_of_main_into_the_request_changes_nothing(self, root, wang):
        approve(root, wang, *weaker(root), options=["-S"])
        git_as(LI, root, "checkout", "-q", "main")
        edit(root, "  - 办好实事。\n", "  - 办好实事。  # 主分支后来的注释\n")
        commit_as(LI, root)
        git_as(LI, root, "checkout", "-q", "送审")
        git_as(LI, root, "merge", "-q", "-m", "合", "main")
        assert standings(root) == ["signed"] * 3
        # as a forge checks a request out: a merge that nobody signed, beside its first parent
        git_as(LI, root, "checkout", "-q", "--detach", "main")
        git_as(LI, root, "merge", "-q", "--no-ff", "-m", "合", "送审")
        assert standings(root, "HEAD^1...HEAD") == ["signed"] * 3

    def test_a_merge_of_the_reviewers_own_branch(self, root, wang):
        changes = weaker(root)
        git_as(LI, root, "checkout", "-q", "-b", "审核")
        approve(root, wang, *changes, options=["-S"])
        git_as(LI, root, "checkout", "-q", "送审")
        (root / "README.md").write_text("别的\n", "utf-8")
        commit_as(LI, root)
        git_as(LI, root, "merge", "-q", "-m", "合", "审核")
        assert standings(root) == ["signed"] * 3

    def test_a_file_that_is_renamed_in_the_request(self, root, wang):
        git_as(LI, root, "mv", FILE, "data/2025/新名.yaml")
        commit_as(LI, root)
        changes = weaker(root)
        put(root, *(line(change, "王五") for change in changes), file="data/2025/新名.yaml")
        commit_as(wang, root, "-S")
        assert standings(root) == ["signed"] * 3

    @pytest.mark.skipif(not has_gpg(), reason="gpg is not there")
    def test_gpg(self, tmp_path, monkeypatch):
        zhao = with_gpg_key(ZHAO.name, ZHAO.address, tmp_path)
        root = request_with(tmp_path, units_text([zhao]))
        approve(root, zhao, *weaker(root), options=["-S"])
        monkeypatch.setenv("GNUPGHOME", str(zhao.home))
        assert standings(root) == ["signed"] * 3
        (tmp_path / "n").mkdir(mode=0o700)
        monkeypatch.setenv("GNUPGHOME", str(tmp_path / "n"))
        assert all(re.match("审核记录未定：提交 .* 的签名在这里核对不了", why) for why in standings(root))
        assert all(change.is_open for change in weaker(root))


class TestAttacks:
    """Each is a request that wants an approval that no reviewer gave."""

    def refused(self, root: Path, pattern: str) -> None:
        said = standings(root)
        assert said and all(re.fullmatch(pattern, one) for one in said), said
        assert all(change.is_open for change in weaker(root))

    def test_the_submitter_writes_the_reviewers_name(self, root, capsys):
        approve(root, LI, *weaker(root), reviewer="王五")
        self.refused(root, NOT_LISTED)
        assert cli.main(["-C", str(root), "diff"]) == 1
        said = capsys.readouterr().out
        assert "3 处的审核记录不算，原因写在那一处。" in said and "已经同意" not in said
        assert said.count("在“调整理由”里写一行") == 3

    def test_a_request_appoints_its_own_reviewer(self, root, wang):
        (root / UNITS).write_text(units_text([wang, ZHAO, LI]), "utf-8")
        approve(root, LI, *weaker(root))
        self.refused(root, NOT_LISTED)

    def test_a_request_puts_its_own_key_or_address_behind_a_reviewer(self, root, keys):
        mine = with_ssh_key("假", WANG.address, keys)
        forged = Person(WANG.name, WANG.address, mine.key, mine.settings)
        (root / UNITS).write_text(units_text([forged, Person(ZHAO.name, LI.address)]), "utf-8")
        first, second, third = weaker(root)
        put(root, line(first, "王五"), line(second, "王五"), line(third, "赵六"))
        commit_as(forged, root, "-S")
        assert [re.sub("[0-9a-f]{10}", "…", one) for one in standings(root)][:2] == [
            "审核记录不算：提交 … 的签名不是用王五的密钥签的，或者不对"
        ] * 2
        put(root, *(line(change, "赵六", ", 意见: 好") for change in (first, second, third)))
        commit_as(LI, root)
        self.refused(root, NOT_LISTED)

    def test_a_request_takes_the_list_away(self, root):
        (root / UNITS).unlink()
        approve(root, LI, *weaker(root), reviewer="王五")
        self.refused(root, NOT_LISTED)

    def test_an_author_is_forged_where_there_is_a_key(self, root):
        approve(root, WANG, *weaker(root))
        self.refused(root, "审核记录不算：带来它的提交 [0-9a-f]{10} 没有签名，王五有密钥")

    def test_a_signature_by_another_key(self, root, keys):
        other = with_ssh_key("别人", WANG.address, keys)
        approve(root, Person("王五", WANG.address, "", other.settings), *weaker(root), options=["-S"])
        self.refused(root, "审核记录不算：提交 [0-9a-f]{10} 的签名不是用王五的密钥签的，或者不对")

    def test_a_signature_by_another_reviewers_key(self, root, wang, keys, tmp_path):
        zhao = with_ssh_key("赵", ZHAO.address, tmp_path)
        root = request_with(tmp_path, units_text([wang, Person("赵六", ZHAO.address, zhao.key)]))
        approve(root, Person("王五", WANG.address, "", zhao.settings), *weaker(root), options=["-S"])
        self.refused(root, "审核记录不算：提交 [0-9a-f]{10} 的签名不是用王五的密钥签的，或者不对")

    def test_a_signed_commit_whose_content_was_amended(self, root, wang):
        """The signature of a commit with other content: its tree is put into that."""
        first, *_ = weaker(root)
        signed = approve(root, wang, first, options=["-S"])
        tree = git_as(LI, root, "rev-parse", f"{signed}^{{tree}}")
        approve(root, LI, *weaker(root), reviewer="王五")
        mine = git_as(LI, root, "rev-parse", "HEAD^{tree}")
        git_as(LI, root, "reset", "-q", "--hard", remade(root, signed, tree, mine))
        self.refused(root, "审核记录不算：提交 [0-9a-f]{10} 的签名不是用王五的密钥签的，或者不对")

    def test_an_amended_commit_has_no_signature(self, root, wang):
        first, *_ = weaker(root)
        approve(root, wang, first, options=["-S"])
        put(root, *(line(change, "王五") for change in weaker(root)))
        commit_as(Person(WANG.name, WANG.address), root, "--amend")
        self.refused(root, "审核记录不算：带来它的提交 [0-9a-f]{10} 没有签名，王五有密钥")

    def test_a_record_with_another_word_is_another_record(self, root, wang):
        changes = weaker(root)
        put(root, *(line(change, "王五", ", 意见: 不同意") for change in changes))
        commit_as(wang, root, "-S")
        edit(root, "意见: 不同意", "意见: 同意")
        commit_as(LI, root)
        self.refused(root, NOT_LISTED)

    def test_a_record_copied_from_another_row(self, root, wang):
        first, *others = weaker(root)
        approve(root, wang, first, options=["-S"])
        text = (root / FILE).read_text("utf-8")
        put(root, line(first, "王五"), *(line(change, "王五") for change in others))
        assert text != (root / FILE).read_text("utf-8")
        commit_as(LI, root)
        said = standings(root)
        assert said[0] == "signed" and all(re.fullmatch(NOT_LISTED, one) for one in said[1:])

    def test_a_record_that_names_another_row(self, root, wang):
        """A reviewer's own mistake: the fingerprint of one row, the words of another."""
        first, second, _ = weaker(root)
        put(root, line(first, "王五", f", 哪里: {json.dumps(second.path, ensure_ascii=False)}"))
        commit_as(wang, root, "-S")
        assert standings(root)[0] == f"审核记录不算：指纹是这一处的，写的却是“{second.path}”"
        put(root, line(first, "王五", f", 哪里: {json.dumps(first.path, ensure_ascii=False)}, 规则: R01、D19"))
        commit_as(wang, root, "-S")
        assert standings(root)[0] == "signed"
        put(root, line(first, "王五", ", 规则: D19"))
        commit_as(wang, root, "-S")
        assert standings(root)[0] == "审核记录不算：它答复的规则里没有 R01"

    def test_a_record_copied_from_another_unit(self, root, wang):
        other = "data/2025/别局.yaml"
        (root / other).write_text(OLD.replace(UNIT, "别局"), "utf-8")
        git_as(LI, root, "checkout", "-q", "main")
        commit_as(LI, root)
        git_as(LI, root, "checkout", "-q", "送审")
        git_as(LI, root, "rebase", "-q", "main")
        (root / other).write_text(NEW.replace(UNIT, "别局"), "utf-8")
        commit_as(LI, root)
        ours = next(unit for unit in comparison(root).units if unit.unit == UNIT)
        approved = [change for change in ours.changes if change.is_open]
        approve(root, wang, *approved, options=["-S"])
        put(root, *(line(change, "王五") for change in approved), file=other)
        commit_as(LI, root)
        units = {unit.unit: unit for unit in comparison(root).units}
        assert not [change for change in units[UNIT].changes if change.is_open]
        assert [change.approval for change in units["别局"].changes if change.is_open] == [None] * 3
        assert [finding.rule for finding in units["别局"].remarks] == ["R05"] * 3

    def test_a_record_kept_after_the_row_changed_again(self, root, wang):
        first, *_ = weaker(root)
        approve(root, wang, first, options=["-S"])
        edit(root, first.after, "≥1个")
        commit_as(LI, root)
        (unit,) = comparison(root).units
        assert standings(root)[0] == "" and weaker(root)[0].is_open
        assert [finding.rule for finding in unit.remarks] == ["R05"]

    def test_a_record_that_the_reviewer_took_back(self, root, wang):
        changes = weaker(root)
        signed = approve(root, wang, *changes, options=["-S"])
        git_as(LI, root, "checkout", "-q", f"{signed}~1", "--", FILE)
        commit_as(wang, root, "-S")
        git_as(LI, root, "checkout", "-q", signed, "--", FILE)
        commit_as(LI, root)
        self.refused(root, NOT_LISTED)
        # the same by a merge with the commit that had it
        git_as(LI, root, "reset", "-q", "--hard", "HEAD~1")
        tree = git_as(LI, root, "rev-parse", f"{signed}^{{tree}}")
        merge = git_as(LI, root, "commit-tree", tree, "-p", "HEAD", "-p", signed, "-m", "合")
        git_as(LI, root, "reset", "-q", "--hard", merge)
        self.refused(root, "审核记录不算：没有一个提交带来它|审核记录不算：还没有提交")

    def test_a_merge_commit_that_brings_a_record(self, root):
        changes = weaker(root)
        git_as(LI, root, "checkout", "-q", "-b", "旁", "main")
        (root / "README.md").write_text("别的\n", "utf-8")
        commit_as(LI, root)
        git_as(LI, root, "checkout", "-q", "送审")
        git_as(LI, root, "merge", "-q", "--no-commit", "--no-ff", "旁")
        put(root, *(line(change, "赵六") for change in changes))
        commit_as(LI, root)
        assert len(git_as(LI, root, "rev-parse", "HEAD^@").split()) == 2
        self.refused(root, NOT_LISTED)

    def test_a_reviewer_who_rebases_and_signs_a_submitters_record(self, root, wang):
        """A rebase by the reviewer signs all commits again; the forged one is still the submitter's."""
        approve(root, LI, *weaker(root), reviewer="王五")
        git_as(wang, root, "commit", "-q", "--amend", "--no-edit", "-S", "--author=李四 <li@example.cn>")
        self.refused(root, NOT_LISTED)

    def test_a_reviewer_in_the_name_of_another(self, root):
        approve(root, ZHAO, *weaker(root), reviewer="王五")
        self.refused(root, "审核记录不算：写的审核人是“王五”，提交它的是赵六（zhao@example.cn，[0-9a-f]{10}）")

    def test_a_reviewer_of_other_units(self, wang, tmp_path):
        root = request_with(tmp_path, units_text([wang, ZHAO], "审核人: [王五]"))
        approve(root, ZHAO, *weaker(root))
        self.refused(root, f"审核记录不算：提交它的是赵六（zhao@example.cn，[0-9a-f]{{10}}），{UNIT}的审核人是王五")

    @pytest.mark.parametrize("file", [FILE, "data/2025/新名.yaml"])
    def test_a_unit_that_takes_another_name_keeps_its_reviewers(self, wang, tmp_path, file):
        root = request_with(tmp_path, units_text([wang, ZHAO], "审核人: [王五]"))
        edit(root, f"部门名称: {UNIT}", "部门名称: 新名")
        if file != FILE:
            git_as(LI, root, "mv", FILE, file)
        commit_as(LI, root)
        put(root, *(line(change, "赵六") for change in weaker(root)), file=file)
        commit_as(ZHAO, root)
        self.refused(root, f"审核记录不算：提交它的是赵六（zhao@example.cn，[0-9a-f]{{10}}），{UNIT}的审核人是王五")

    def test_a_record_that_nobody_committed(self, root):
        put(root, *(line(change, "赵六") for change in weaker(root)))
        self.refused(root, "审核记录不算：还没有提交")

    def test_a_forged_short_record_does_not_stand_before_the_real_one(self, root, wang):
        first, *_ = weaker(root)
        put(root, line(first, "王五"))
        commit_as(wang, root, "-S")
        real = line(first, "王五")
        put(root, real.replace(first.fingerprint, first.fingerprint[:12]), real)
        commit_as(LI, root)
        assert standings(root)[0] == "signed"

    def test_a_replaced_or_grafted_history_is_read_as_it_was(self, root, wang):
        changes = weaker(root)
        forged = approve(root, LI, *changes, reviewer="王五")
        git_as(LI, root, "checkout", "-q", "--detach", f"{forged}~1")
        real = approve(root, wang, *changes, options=["-S"])
        git_as(LI, root, "checkout", "-q", "送审")
        git_as(LI, root, "replace", forged, real)
        self.refused(root, NOT_LISTED)


class TestWhatCannotBeSaid:
    def test_a_shallow_clone(self, root, wang, tmp_path):
        approve(root, wang, *weaker(root), options=["-S"])
        clone = tmp_path / "clone"
        git_as(LI, tmp_path, "clone", "-q", "--depth=2", "--branch=送审", root.as_uri(), str(clone))
        git_as(LI, clone, "fetch", "-q", "--depth=1", "origin", "main:main")
        said = standings(clone, "main..HEAD")
        assert said == ["审核记录未定：这是浅克隆，看不到是谁提交的；先运行 git fetch --unshallow"] * 3
        assert all(change.is_open for change in weaker(clone, "main..HEAD"))
        assert "3 处的审核记录未定，原因写在那一处。" in formats.render("text", comparison(clone, "main..HEAD"))

    def test_a_list_that_cannot_be_read(self, tmp_path, wang):
        root = request_with(tmp_path, "审核人: 王五\n单位: {}\n")
        approve(root, wang, *weaker(root), options=["-S"])
        assert all(why.startswith("审核记录未定：比较的那一边的 data/units.yaml 有错误：") for why in standings(root))

    def test_a_key_that_is_none(self, tmp_path, wang):
        root = request_with(tmp_path, units_text([Person("王五", WANG.address, "11BB879C")]))
        approve(root, wang, *weaker(root), options=["-S"])
        assert standings(root) == ["审核记录未定：名单里王五的密钥看不懂"] * 3

    @pytest.mark.parametrize("units", [None, units_text([])])
    def test_records_of_before_without_a_list(self, tmp_path, units, capsys):
        root = request_with(tmp_path, units)
        approve(root, LI, *weaker(root), reviewer="谁都行")
        assert standings(root) == ["unlisted"] * 3
        assert cli.main(["-C", str(root), "diff"]) == 1
        said = capsys.readouterr().out
        assert "审核人已经同意 3 处。\n没有审核人的名单，写了审核记录的都算；名单写在 data/units.yaml 里。\n" in said
        assert said.count("      谁都行 已于 2025-01-10 同意\n") == 3


def test_every_format_says_why_a_record_does_not_count(root, wang):
    first, second, third = weaker(root)
    put(root, line(first, "王五"))
    commit_as(wang, root, "-S")
    put(root, line(first, "王五"), line(second, "王五"))
    commit_as(LI, root)
    result = comparison(root)
    why = "不在审核人的名单里"
    assert all(why in formats.render(name, result) for name in ("text", "markdown", "html", "json"))
    said = json.loads(formats.render("json", result))
    jsonschema.validate(said, json.loads((REPOSITORY / "docs/diff.schema.json").read_text("utf-8")))
    by_fingerprint = {change["fingerprint"]: change for change in said["changes"]}
    assert by_fingerprint[first.fingerprint]["approval"]["standing"] == "signed"
    assert (
        by_fingerprint[second.fingerprint]["approval"] is None and why in by_fingerprint[second.fingerprint]["refusal"]
    )
    assert by_fingerprint[third.fingerprint]["refusal"] == ""


def test_git_is_asked_as_often_for_many_units_as_for_one(tmp_path, wang, monkeypatch):
    """Units that change cost what they cost before; the records of all are judged in a few calls."""
    counts = []
    for number in (1, 6):
        folder = tmp_path / str(number)
        folder.mkdir()
        root = started(folder / "p", units_text([wang]))
        git_as(LI, root, "checkout", "-q", "main")
        for at in range(number):
            (root / f"data/2025/{at}.yaml").write_text(OLD.replace(UNIT, f"第{at}局"), "utf-8")
        commit_as(LI, root)
        git_as(LI, root, "checkout", "-q", "-B", "送审", "main")
        for at in range(number):
            (root / f"data/2025/{at}.yaml").write_text(NEW.replace(UNIT, f"第{at}局"), "utf-8")
        commit_as(LI, root)
        for unit in comparison(root).units:
            put(root, *(line(change, "王五") for change in unit.changes if change.is_open), file=unit.file)
            commit_as(wang, root, "-S")
        with calls_of_git(monkeypatch) as calls:
            result = comparison(root, "main..HEAD")
        signed = [change.approval.verdict.standing.value for change in result.changes if change.approval]
        assert signed == ["signed"] * 3 * number
        counts.append(len(calls))
    assert counts[0] == counts[1]


class TestCheck:
    """`check` judges the records where it is told with what to compare; else it cannot say."""

    LAST = "data/2024/示例市某局.yaml"

    @pytest.fixture
    def root(self, root: Path) -> Path:
        """With last year's file, so that `check` itself finds the weaker targets."""
        git_as(LI, root, "checkout", "-q", "main")
        (root / "data/2024").mkdir()
        (root / self.LAST).write_text(
            OLD.replace("年度: 2025", "年度: 2024").replace("截止年: 2028", "截止年: 2027"), "utf-8"
        )
        commit_as(LI, root)
        git_as(LI, root, "checkout", "-q", "送审")
        git_as(LI, root, "rebase", "-q", "main")
        return root

    def check(self, capsys, root: Path, *arguments: str) -> list[tuple[str, str, str, str]]:
        """The findings about weaker targets and records: rule, level, message, reason."""
        cli.main(["-C", str(root), "check", FILE, "--format", "json", *arguments])
        found = json.loads(capsys.readouterr().out)
        found = found if isinstance(found, list) else found["findings"]
        return [
            (one["rule"], one["level"], one["message"], one["reason"])
            for one in found if one["rule"] in ("D19", "D19a", "approval") or one["level"] == "未定"
        ]  # fmt: skip

    def test_a_reviewers_record_answers_and_a_submitters_does_not(self, root, capsys, wang):
        cost = weaker(root)[2]
        before = [one for one in self.check(capsys, root, "--base", "main") if one[0].startswith("D19")]
        assert before and all(one[1:2] + one[3:] == ("警告", "") for one in before)
        approve(root, LI, cost, reviewer="王五")
        forged = self.check(capsys, root, "--base", "main")
        cli.main(["-C", str(root), "check", "--format", "json", "--changed", "main"])  # as in CI
        assert f"审核记录 {cost.fingerprint} 不算" in capsys.readouterr().out
        assert [one for one in forged if one[0].startswith("D19")] == before
        (record,) = [one for one in forged if one[0] == "approval"]
        assert record[1] == "警告" and record[2].startswith(f"审核记录 {cost.fingerprint} 不算：提交它的是李四（")
        put(root)
        git_as(LI, root, "checkout", "-q", "HEAD~1", "--", FILE)
        commit_as(LI, root)
        approve(root, wang, cost, options=["-S"])
        signed = self.check(capsys, root, "--base", "main")
        assert [one for one in signed if one[0] == "approval"] == []
        assert {one[3] for one in signed if one[0].startswith("D19")} >= {"王五 已于 2025-01-10 同意"}

    def test_one_version_alone_does_not_tell(self, root, capsys, wang):
        cost = weaker(root)[2]
        before = self.check(capsys, root)
        approve(root, wang, cost, options=["-S"])
        said = self.check(capsys, root)
        assert [one for one in said if one[0] == "approval"] == []
        (undecided,) = [one[2] for one in said if one[1] == "未定"]
        assert "有审核记录，是不是审核人提交的，只看现在的文件看不出来" in undecided and "审核记录" not in str(before)
        assert "运行 perfgen check --base main 和主分支比（D19、D19a）" in undecided

    def test_without_a_list_it_is_as_before(self, root, capsys):
        git_as(LI, root, "checkout", "-q", "main")
        (root / UNITS).unlink()
        commit_as(LI, root)
        git_as(LI, root, "checkout", "-q", "送审")
        git_as(LI, root, "rebase", "-q", "main")
        approve(root, LI, weaker(root)[2], reviewer="谁都行")
        for arguments in ([], ["--base", "main"]):
            said = self.check(capsys, root, *arguments)
            assert "谁都行 已于 2025-01-10 同意" in {one[3] for one in said} and "审核记录" not in str(said)

    def test_what_is_no_version_or_no_repository_is_said(self, root, capsys, tmp_path):
        assert cli.main(["-C", str(root), "check", "--base", "没有"]) == 2
        assert "没有“没有”这个提交" in capsys.readouterr().err
        shutil.rmtree(root / ".git")
        assert cli.main(["-C", str(root), "check", "--base", "main"]) == 2
        assert "不是 git 仓库" in capsys.readouterr().err


class TestSubmitters:
    """Who changed a file, beside who is listed for its unit."""

    LISTED = "提交人: [LI@example.cn, liu@example.cn]"

    def said(self, root: Path, ends: str | None = None) -> list[str]:
        (unit,) = comparison(root, ends).units
        return [finding.message for finding in unit.remarks if finding.rule == "R31"]

    def test_a_stranger_is_said_with_the_commit(self, tmp_path, wang, capsys):
        root = request_with(tmp_path, units_text([wang], self.LISTED))
        assert self.said(root) == []
        edit(root, "填报人: 示例", "填报人: 示例人")
        commit = commit_as(Person("钱七", "qian@example.cn"), root)
        assert self.said(root) == [f"改这个文件的不是{UNIT}的提交人：钱七（qian@example.cn，{commit[:10]}）。"]
        for name in ("text", "markdown", "html", "json", "github"):
            cli.main(["-C", str(root), "diff", "--format", name])
            assert "钱七" in capsys.readouterr().out

    def test_reviewers_and_the_list_of_the_base(self, tmp_path, wang):
        root = request_with(tmp_path, units_text([wang], self.LISTED))
        approve(root, wang, *weaker(root), options=["-S"])
        assert self.said(root) == []
        stranger = Person("钱七", "qian@example.cn")
        (root / UNITS).write_text(units_text([wang], "提交人: [qian@example.cn]"), "utf-8")
        edit(root, "填报人: 示例", "填报人: 示例人")
        commit_as(stranger, root)
        assert len(self.said(root)) == 1

    def test_nobody_is_a_stranger_where_nobody_is_listed(self, root, tmp_path):
        edit(root, "填报人: 示例", "填报人: 示例人")
        commit_as(Person("钱七", "qian@example.cn"), root)
        assert self.said(root) == []

    def test_a_merge_of_main_changes_nothing_by_itself(self, tmp_path, wang):
        root = request_with(tmp_path, units_text([wang], self.LISTED))
        git_as(LI, root, "checkout", "-q", "main")
        edit(root, "  - 办好实事。\n", "  - 办好实事。  # 主分支后来的注释\n")
        commit_as(LI, root)
        git_as(LI, root, "checkout", "-q", "送审")
        stranger = Person("钱七", "qian@example.cn")
        git_as(stranger, root, "merge", "-q", "-m", "合", "main")
        assert self.said(root) == []
