"""The rules of a comparison, as data: which changes need an answer, and what is said without one."""

from __future__ import annotations

from dataclasses import dataclass

from perfgen.findings import Finding, Level, Place
from perfgen.review.change import Class


@dataclass(frozen=True)
class ChangeRule:
    """A rule: how grave it is, what it says of a change, why it is there, and what to do."""

    id: str
    level: Level
    about: str
    why: str
    remedy: str


NO_REASON, OLD_REASON = "没有写理由", "已有的理由说的是上一次"
"""What is said of a change without a reason, and of one whose reason was there before it."""
REWRITE = "{old}，改写第 {line} 行，写这一次为什么。"
"""What to do where the line for the reason is there already."""

RULES = {
    rule.id: rule
    for rule in (
        ChangeRule(
            "R01", Level.WARNING, f"放宽了，{NO_REASON}。",
            "放宽要求必须有说法，审核的人才能判断。",
            "在“{field}”里写一行“{name}: 为什么放宽”；不该放宽就改回去。",
        ),
        ChangeRule(
            "R02", Level.WARNING, f"取消了，{NO_REASON}。",
            "取消一项要求是最大的放宽。",
            "在“{field}”里写一行“{name}: 为什么取消”；不该取消就加回去。",
        ),
        ChangeRule(
            "R03", Level.WARNING, f"单位或方向变了，{NO_REASON}。",
            "换了单位或方向，前后不能比，可能是不易察觉的放宽。",
            "在“{field}”里写一行“{name}: 为什么换，和原来相当于多少”。",
        ),
        ChangeRule(
            "R04", Level.WARNING, "整个文件删除了。",
            "文件删除了，里面的要求全部取消，也没有地方写理由。",
            "在合并请求里说明；不该删除就恢复。",
        ),
        ChangeRule(
            "R05", Level.WARNING, "审核记录 {name} 对不上现在的任何变更。",
            "审核人同意之后，那一处又改了，或者又改了回去；同意只对当时的内容有效。",
            "请审核人重新看这一处，再删掉这一条记录。",
        ),
        ChangeRule(
            "R06", Level.NOTE, "理由“{name}”对不上任何放宽、取消或换口径的内容。",
            "多半是名称写得不一样，理由没有起作用。",
            "照抄名称，或者删掉这一条。",
        ),
    )
}  # fmt: skip

WANTS_REASON = {Class.WEAKER: RULES["R01"], Class.DROPPED: RULES["R02"], Class.REDEFINED: RULES["R03"]}
FILE_GONE, APPROVAL_VOID, REASON_UNUSED = RULES["R04"], RULES["R05"], RULES["R06"]
NOT_PAIRED = ChangeRule(
    "R07", Level.NOTE, "改动太多，有的清单没有逐行比较：改了名称的行当作删除和新增。",
    "逐行比较的次数有限度，一次改几百行的文件才不会比上几个小时。", "分几次提交，每次的改动就能看清。",
)  # fmt: skip
"""What is said of a file, where no change is at fault."""
NOT_SUBMITTER = ChangeRule(
    "R31", Level.WARNING, "改这个文件的不是{name}的提交人：{who}。",
    "各单位的文件由自己的提交人改，别人改的要看一看。作者是提交的人自己写的，这一条找得出改错了地方的，防不了冒名的。",
    "是该他改的，就请名单的管理人把邮箱加进去；不是就退回。",
)  # fmt: skip
"""What is said of a file that somebody else changed."""
OF_NO_CHANGE = frozenset({APPROVAL_VOID.id, REASON_UNUSED.id, NOT_PAIRED.id, NOT_SUBMITTER.id})
"""The rules that are about an answer or a whole file, not about a change."""


def not_paired(file: str) -> Finding:
    """Says of a file that the budget of its comparison was spent."""
    return Finding(Place(file), NOT_PAIRED.id, NOT_PAIRED.about, NOT_PAIRED.remedy, NOT_PAIRED.level)
