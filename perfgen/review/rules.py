"""The rules of a comparison, as data: which changes need an answer, and what is said without one."""

from __future__ import annotations

from dataclasses import dataclass

from perfgen.comparison.classify import Class
from perfgen.findings import Finding, Level, Place
from perfgen.review.settings.change import SettingChange, SettingClass


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
        ChangeRule(
            "R08", Level.WARNING, "没有新一年的文件。",
            "上年的要求全部没有了，也没有地方写理由。",
            "补上；机构撤并、改名的，写明曾用名，或在合并请求里说明。",
        ),
    )
}  # fmt: skip

WANTS_REASON = {Class.WEAKER: RULES["R01"], Class.DROPPED: RULES["R02"], Class.REDEFINED: RULES["R03"]}
FILE_GONE, APPROVAL_VOID, REASON_UNUSED, NOT_HANDED_IN = RULES["R04"], RULES["R05"], RULES["R06"], RULES["R08"]
OF_SETTINGS = {
    SettingClass.PUBLIC: ChangeRule(
        "R20", Level.WARNING, "公开范围变了。",
        "公开出去的收不回来；不再公开的，别人可能在等。",
        "要公开就让负责公开的人看过；不是就改回去。",
    ),
    SettingClass.LOOSER: ChangeRule(
        "R21", Level.WARNING, "规则、表或模板放松了。",
        "以后所有单位都按放松了的检查、填写和印出来。",
        "看清楚少查了什么，在合并请求里说明；不该放松就改回去。",
    ),
    SettingClass.CHANGED: ChangeRule(
        "R22", Level.WARNING, "规则、表、模板或设置变了，看不出是放松还是收紧。",
        "以后所有单位都按它检查、填写和印出来。",
        "看新旧规则各检查一遍的结果，再判断。",
    ),
    SettingClass.PROGRAM: ChangeRule(
        "R23", Level.WARNING, "用的程序变了。",
        "程序决定怎样检查、怎样生成。",
        "看发布说明；不是自己要换的，不要合并。",
    ),
    SettingClass.UNREAD: ChangeRule(
        "R24", Level.WARNING, "规则、表、模板或设置有一个版本读不出来，没有比较。",
        "读不出来的，改了什么没有人知道。",
        "改好再比较。",
    ),
}  # fmt: skip
"""The rule about each change of the settings that somebody has to look at."""
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
OF_CORRECTIONS = {
    rule.id: rule
    for rule in (
        ChangeRule(
            "R10", Level.WARNING, "已经公开的改了，没有更正记录。",
            "已经公开的改了，看过的人要能知道改了什么、为什么改。",
            "在表里写更正记录的那一项下面加一行，比较时给出那一行，补上理由。",
        ),
        ChangeRule(
            "R11", Level.NOTE, "已经公开的改了，这张表没有更正记录的字段，网页上看不出改过。",
            "表要写更正记录，它的 schema 里就要有标明 x-role: corrections 的一项。",
            "要写的话，请维护表的人加上这一项（docs/form.md）。",
        ),
        ChangeRule(
            "R12", Level.NOTE, "原来版本的站点设置读不出来，不知道哪些已经公开过，没有查更正记录。",
            "哪些公开过，由原来版本里的公开日期决定。",
            "和一个读得出来的版本比较。",
        ),
    )
}  # fmt: skip
"""The rules about changes to what was public."""
NO_CORRECTION, NO_FIELD_FOR_CORRECTIONS, DATES_UNREAD = OF_CORRECTIONS.values()
EXPLAINED = {
    rule.id: rule
    for rule in (*RULES.values(), NOT_PAIRED, *OF_CORRECTIONS.values(), *OF_SETTINGS.values(), NOT_SUBMITTER)
}
"""The rules about which there is more to say."""
OF_NO_CHANGE = frozenset({APPROVAL_VOID.id, REASON_UNUSED.id, NOT_PAIRED.id, NOT_SUBMITTER.id, *OF_CORRECTIONS})
"""The rules that are about an answer, a correction or a whole file, not about what a change means."""


def not_paired(file: str) -> Finding:
    """Says of a file that the budget of its comparison was spent."""
    return Finding(Place(file), NOT_PAIRED.id, NOT_PAIRED.about, NOT_PAIRED.remedy, NOT_PAIRED.level)


def of_setting(change: SettingChange) -> Finding | None:
    """A change of the settings as a finding like those of `check`; None for one that nobody has to look at."""
    rule = OF_SETTINGS.get(change.kind)
    if rule is None:
        return None
    place = change.new_place or Place(change.file)
    return Finding(place, rule.id, f"{change.kind.value}：{change.label}：{change.sentence}。", rule.remedy, rule.level)
