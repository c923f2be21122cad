"""What git is asked about commits: what each changed, who wrote it, and whose key signed it; with real keys."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from perfgen.findings import ToolError
from perfgen.system import git_steps
from perfgen.system.git_signature import Signature, SignatureState, fingerprint, signatures
from tests.helpers.people import Person, commit_as, git_as, has_gpg, remade, with_gpg_key, with_ssh_key

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJl3dIeudNqd0DPMRD6OIh65tjkxFNOtwGcWB2gCgPhk"
LI, WANG = Person("李四", "li@example.cn"), Person("王 五 <甲>", "wang@example.cn")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository whose project lies below its top, with one commit."""
    folder = tmp_path / "仓 库" / "预算"
    folder.mkdir(parents=True)
    git_as(LI, folder.parent, "init", "-q", "-b", "main")
    write(folder, "甲.yaml", "1")
    commit_as(LI, folder)
    return folder


def write(root: Path, name: str, text: str) -> None:
    (root / name).write_text(text, "utf-8")


def told(root: Path, base: str, *paths: str) -> list[tuple[str, str, dict[str, tuple[bool, bool]]]]:
    """Each step by the subjects of its commits, and which files were there before and after."""
    commits = git_steps.between(root, git_as(LI, root, "rev-parse", base), "HEAD")
    subject = {name: git_as(LI, root, "rev-list", "-1", "--format=%s", name).split("\n")[1]
               for name in {parent for one in commits for parent in (one.name, *one.parents)}}  # fmt: skip
    steps = git_steps.steps(root, commits, list(paths))
    return [
        (subject[step.commit], subject.get(step.parent, ""),
         {path: (bool(old), bool(new)) for path, (old, new) in step.blobs.items()})
        for step in steps
    ]  # fmt: skip


class TestSteps:
    def test_each_commit_is_compared_with_each_of_its_parents(self, root):
        git_as(LI, root, "checkout", "-q", "-b", "旁")
        write(root, "乙.yaml", "1")
        git_as(LI, root, "add", "-A")
        git_as(LI, root, "commit", "-q", "-m", "旁")
        git_as(LI, root, "checkout", "-q", "main")
        write(root, "甲.yaml", "2")
        git_as(LI, root, "commit", "-q", "-a", "-m", "主")
        git_as(LI, root, "merge", "-q", "--no-commit", "旁")
        write(root, "丙.yaml", "自己带来的")
        git_as(LI, root, "add", "-A")
        git_as(LI, root, "commit", "-q", "-m", "合")
        said = told(root, "HEAD~2", "甲.yaml", "乙.yaml", "丙.yaml")
        new = (False, True)
        assert said[0] == ("合", "主", {"丙.yaml": new, "乙.yaml": new})
        assert said[1] == ("合", "旁", {"丙.yaml": new, "甲.yaml": (True, True)})
        assert sorted(said[2:]) == [("主", "改", {"甲.yaml": (True, True)}), ("旁", "改", {"乙.yaml": new})]
        # a commit that changed none of the files has its step all the same
        assert [step[2] for step in told(root, "HEAD~2", "丙.yaml")] == [{"丙.yaml": new}, {"丙.yaml": new}, {}, {}]

    def test_a_first_commit_brings_all_that_it_has(self, root):
        git_as(LI, root, "checkout", "-q", "--orphan", "另起")
        git_as(LI, root, "commit", "-q", "-m", "起")
        assert told(root, "main", "甲.yaml") == [("起", "", {"甲.yaml": (False, True)})]

    def test_a_link_has_no_content(self, root):
        (root / "甲.yaml").unlink()
        (root / "甲.yaml").symlink_to("乙.yaml")
        commit_as(LI, root)
        assert told(root, "HEAD~1", "甲.yaml")[0][2] == {"甲.yaml": (True, False)}

    def test_who_wrote_it_is_as_it_was_typed(self, root):
        commit_as(WANG, root)
        (commit,) = git_steps.between(root, git_as(LI, root, "rev-parse", "HEAD~1"), "HEAD")
        # git itself leaves out the marks that part a name from an address
        assert (commit.author, commit.address) == ("王 五 甲", "wang@example.cn")
        assert commit.date == "2025-01-10T09:00:00+08:00" and len(commit.parents) == 1

    def test_git_is_called_as_often_for_many_files_and_commits_as_for_one(self, root, monkeypatch):
        calls: list[str] = []
        run = subprocess.run
        monkeypatch.setattr(subprocess, "run", lambda command, **more: calls.append(command) or run(command, **more))
        for count in (1, 8):
            base = git_as(LI, root, "rev-parse", "HEAD")
            for number in range(count):
                for name in range(count):
                    write(root, f"{name}.yaml", f"{count} {number}")
                commit_as(LI, root)
            calls.clear()
            commits = git_steps.between(root, base, "HEAD")
            steps = git_steps.steps(root, commits, [f"{name}.yaml" for name in range(count)])
            assert [len(step.blobs) for step in steps] == [count] * count and len(calls) == 2

    def test_nothing_lies_between_a_commit_and_itself(self, root):
        head = git_as(LI, root, "rev-parse", "HEAD")
        assert git_steps.between(root, head, "HEAD") == [] and git_steps.steps(root, [], ["甲.yaml"]) == []

    def test_a_commit_that_is_not_there_is_an_error(self, root):
        with pytest.raises(ToolError, match="rev-list"):
            git_steps.between(root, "0" * 40, "HEAD")


class TestSignatures:
    @pytest.fixture
    def wang(self, tmp_path: Path) -> Person:
        return with_ssh_key("王五", "wang@example.cn", tmp_path)

    def states(self, root: Path, keys: list[str], *commits: str) -> list[str]:
        found = signatures(root, commits, keys)
        return [found[commit].state.value for commit in commits]

    def test_a_good_one_says_by_which_key(self, root, wang):
        commits = [commit_as(wang, root, "-S") for _ in range(2)]
        good = Signature(SignatureState.GOOD, frozenset({fingerprint(wang.key)}))
        assert signatures(root, commits, [wang.key]) == dict.fromkeys(commits, good)

    def test_none_and_bad_ones_are_told_apart(self, root, wang, tmp_path):
        other = with_ssh_key("别人", "wang@example.cn", tmp_path)
        plain, of_other, good = commit_as(wang, root), commit_as(other, root, "-S"), commit_as(wang, root, "-S")
        amended = remade(root, good, "改", "改了")
        found = self.states(root, [wang.key], plain, of_other, amended, good)
        assert found == ["none", "bad", "bad", "good"]
        # both may sign: the answer says by which of the two
        both = signatures(root, [of_other, good], [wang.key, other.key])
        assert [both[commit].keys for commit in (of_other, good)] == [{fingerprint(other.key)}, {fingerprint(wang.key)}]

    def test_without_the_program_nobody_can_say(self, root, wang):
        signed = commit_as(wang, root, "-S")
        git_as(wang, root, "config", "gpg.ssh.program", "/nowhere/ssh-keygen")
        assert self.states(root, [wang.key], signed) == ["unchecked"]

    def test_what_a_user_trusts_is_not_asked(self, root, wang, tmp_path):
        other = with_ssh_key("别人", "wang@example.cn", tmp_path)
        signed = commit_as(other, root, "-S")
        trusted = tmp_path / "trusted"
        trusted.write_text(f"wang@example.cn {other.key}\n", "utf-8")
        git_as(wang, root, "config", "gpg.ssh.allowedSignersFile", str(trusted))
        assert self.states(root, [wang.key], signed) == ["bad"]

    @pytest.mark.skipif(not has_gpg(), reason="gpg is not there")
    def test_gpg(self, root, wang, tmp_path, monkeypatch):
        zhao = with_gpg_key("赵六", "zhao@example.cn", tmp_path)
        plain, good, of_ssh = commit_as(zhao, root), commit_as(zhao, root, "-S"), commit_as(wang, root, "-S")
        amended = remade(root, good, "改\n", "改了\n")
        monkeypatch.setenv("GNUPGHOME", str(zhao.home))
        found = signatures(root, [plain, good, of_ssh, amended], [zhao.key, wang.key])
        assert [one.state.value for one in found.values()] == ["none", "good", "good", "bad"]
        assert found[good].keys == {fingerprint(zhao.key)} and found[of_ssh].keys == {fingerprint(wang.key)}
        # what the keyring says of a key's owner is another question
        git_as(zhao, root, "config", "gpg.minTrustLevel", "ultimate")
        assert self.states(root, [zhao.key], good) == ["good"]
        nobody = tmp_path / "n"
        nobody.mkdir(mode=0o700)
        monkeypatch.setenv("GNUPGHOME", str(nobody))
        assert self.states(root, [zhao.key], good, plain) == ["unchecked", "none"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("ddc3603e4d486b82b4a060ceb23b971111bb879c", "DDC3603E4D486B82B4A060CEB23B971111BB879C"),
        ("0xDDC3 603E 4D48 6B82 B4A0  60CE B23B 9711 11BB 879C", "DDC3603E4D486B82B4A060CEB23B971111BB879C"),
        ("11BB879C", ""), ("B23B971111BB879C", ""), ("", ""), ("王五", ""),
        ("ssh-ed25519", ""), ("ssh-ed25519 !!!!", ""), ("ssh-ed25519 AAAA", ""),
        (KEY.replace("ssh-ed25519", "ssh-rsa"), ""),
        (f'cert-authority,namespaces="*" {KEY}', ""), (f"{KEY}\nssh-ed25519 AAAA", ""), (f"{KEY[:-1]}", ""),
    ],
)  # fmt: skip
def test_a_key_is_read_or_is_none(typed, read):
    assert fingerprint(typed) == read


def test_the_fingerprint_of_an_ssh_key_is_what_ssh_keygen_says(tmp_path):
    wang = with_ssh_key("王五", "wang@example.cn", tmp_path)
    command = ["ssh-keygen", "-l", "-f", str(tmp_path / "key-王五.pub")]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[1]
    assert fingerprint(wang.key) == fingerprint(f" {wang.key} ") == said
