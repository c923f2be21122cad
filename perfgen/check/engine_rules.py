"""What perfgen's own ids mean, in one sentence each: those that belong to no form."""

from __future__ import annotations

from perfgen.check import checks, undecided
from perfgen.findings import MORE

_READING = {
    "yaml-anchor": "用了锚点 & 或引用 *：内容要原样写两遍，免得改一处而不知道改了别处。",
    "yaml-bracket": "大括号或方括号没有成对，或者括号外面还有内容。",
    "yaml-character": "有控制字符，YAML 不许有，也印不出来；或者行首有看不见的字符。",
    "yaml-colon": "冒号是全角的，或者后面没有空格，YAML 认不出这是“名称: 值”。",
    "yaml-comma": "一行里的两项之间缺逗号。",
    "yaml-comment": "# 前面有空格，后面的成了注释，这一项就不完整了。",
    "yaml-conflict": "合并时两边改了同一处，git 留下的记号还在文件里。",
    "yaml-dash": "列表的 - 是全角的，或者后面没有空格，YAML 认不出这是新的一条。",
    "yaml-depth": "嵌套得太深，多半是括号或缩进错了。",
    "yaml-documents": "一个文件里有两份文档（中间有 ---）。",
    "yaml-duplicate": "同一项写了两次；别的程序会不声不响地只留后一个。",
    "yaml-empty": "文件里什么也没有。",
    "yaml-encoding": "文件不是 UTF-8 编码。",
    "yaml-garbled": "有乱码：文件用一种编码保存，用另一种编码打开过。",
    "yaml-indent": "这一行的缩进和上面的对不上。",
    "yaml-key": "名称不是文字。",
    "yaml-nested": "值里有冒号加空格，YAML 会当成新的一项；整个值要加引号。",
    "yaml-number": "数字太长，或者不是一个数（.inf、.nan）。",
    "yaml-quote": "值以 YAML 另有用处的符号开头，要加引号；大于等于写 ≥。",
    "yaml-quotes": "引号没有成对，或者引号外面还有内容。",
    "yaml-size": "文件太大。",
    "yaml-space": "缩进或者 -、冒号后面用了全角空格、不间断空格。",
    "yaml-syntax": "不合 YAML 的写法，程序说不出更具体的原因。",
    "yaml-tab": "缩进用了制表符（Tab）。",
    "yaml-tag": "用了 YAML 标签（!），数据里用不着。",
    "yaml-thousands": "一行里的数带着千位逗号，YAML 会从逗号分成两项。",
    "yaml-wide": "一行里的逗号、括号，或者注释开头的 # 是全角的。",
    "file-kind": "不是普通的文件（文件夹、管道、设备），不读。",
    "file-name": "文件名不是每个系统都能用：Windows 的设备名、看不见的字符、首尾的空格和点，或者和另一个只差大小写。",
    "file-outside": "链接指向它所在的 data/、schema/ 或 templates/ 以外，不读。",
    "file-suffix": "文件名不以 .yaml 结尾，不会处理。",
    "file-unreadable": "文件读不出来。",
    "units": "单位名单里的名称对不上，或者两个单位写了同样的代码、曾用名。",
    "form": "第一项没有说明用哪张表。",
}
_OTHERS = {
    MORE: "一个文件里要说的太多，只列出一部分，别的只说有几处。",
    undecided.RULE: "缺少要对照的文件或数，有几条规则判断不了，不算违反。",
    "waiver-unknown": "说明了没有的规则。",
    "waiver-error": "想用说明代替改正错误。",
    "waiver-stale": "说明的发现已经没有了。",
    "waiver-name": "一条理由的名称对不上任何一行，名称相近的一行还等着理由。",
    "publication-late": "批复以后没有在二十日内公开的日期：还没定，定晚了，或者公开审查没有通过。",
    "site-column": "站点设置给一张没有的表写了栏目。",
    "publication-early": "公开日期写在批复日期以前。",
    "publication-review": "公开审查没有记录，或者没有通过，所以不会公开。",
    "pdf-glyph": "有字体里没有的字，PDF 印不出来。",
    "output-differs": "build/ 里的成品和现在重新做的不是同样的字节。",
    "too-long": "表太长，不做 PDF。",
    "proof": "成品读回来和数据对不上，没有写出。",
    "proof-missing": "要印的内容没有印在成品上，多半是模板里漏了。",
    "template": "Word 模板读不懂。",
    "template-encoding": "模板或样式表不是 UTF-8 编码。",
    "template-name": "模板里的标记没有对应的字段。",
    "template-render": "模板不能用。",
    "template-unprinted": "标明要印的字段，模板里没有。",
    "formula": "规则文件里的计算公式有错误。",
    "rule": "规则文件里的审核规则有错误。",
    "schema-json": "schema 不是 JSON。",
    "schema-invalid": "schema 不合 JSON Schema 的规定。",
    "schema-annotation": "schema 里的标注（x-…）有错误。",
    "approval": "审核记录不是名单里的审核人提交的，或者看不出来；只在 check --base 里说。",
    "rollover-layout": "文件的写法太特别，续写下一年时不敢动它。",
    "import-changed": "导入时改了写法的格子。",
    "import-unsure": "导入时拿不准的格子。",
    "import-unplaced": "导入时没有地方放的内容。",
    "import-different": "导入后再印一遍，和原来的表不同的格子。",
    "import-kept": "导入到已有的文件：表上不一样，可是没有改文件的地方。",
    "import-broken": "要导入的文件打不开。",
    "import-kind": "要导入的文件不是 Word 文档（.docx）或 perfgen 的 PDF。",
    "import-locked": "要导入的文件有密码。",
    "import-size": "要导入的文件太大。",
    "import-entities": "要导入的文件里有 XML 实体，不读。",
    "import-form": "要导入的文件对不上任何一张表。",
}

OF_CHECKS = {rule: meaning for module in checks.in_order() for rule, meaning in module.RULES.items()}
"""Those of the checks: the ids of perfgen's own that a file which can be read may have findings of."""

RULES = {**_READING, **OF_CHECKS, **_OTHERS}
"""By id, what it means, in the order in which a file is gone through."""


def meaning_of(rule: str) -> str | None:
    """What an id means; every `schema-…` of the data shares one meaning. None for an id nobody has."""
    return RULES.get(rule) or (RULES["schema"] if rule.startswith("schema-") else None)
