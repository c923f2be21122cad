"""Documents typed in ways that few people type in."""

from __future__ import annotations

ODD = {
    "one line of brackets": ("{a: 1, 乙: {b: [x, 'y', \"z\"], c: }, 丙: [], 丁: {}}\n"),
    "brackets on many lines": (
        "甲: {\n"
        "  a: 1,  # 一\n"
        "  b: [x,\n"
        "    y,   # 二\n"
        "    z],\n"
        "  # 三\n"
        "  c: 'q' }\n"
        "乙: [\n"
        "  {a: 1, b: 2},\n"
        "  {a: 3, b: 4},\n"
        "]\n"
    ),
    "pairs alone in a list": ("甲: [a: 1, b: 2, 文字]\n乙: [a: {b: 1}]\n"),
    "names without values in brackets": ('甲: {a, b: 1, "c", d: }\n乙: [{a, b}]\n'),
    "folded texts": (
        "甲: >\n"
        "  一行\n"
        "  二行\n"
        "\n"
        "  三行\n"
        "乙: >-  # 旁\n"
        "    深的\n"
        "    文字\n"
        "丙:\n"
        "  - >+\n"
        "    甲\n"
        "\n"
        "  - |2\n"
        "      前面有空\n"
        "    文字\n"
        "丁: 完\n"
    ),
    "block texts": (
        "甲: |\n"
        "   三格\n"
        "   二行\n"
        "\n"
        "   四行\n"
        "\n"
        "\n"
        "乙: |-  # 旁\n"
        "  一\n"
        "# 间\n"
        "丙:\n"
        "  - a: |+\n"
        "      文字\n"
        "\n"
        "    b: 1\n"
        "  - |\n"
        "    文字\n"
        "丁: |\n"
        "  末\n"
    ),
    "texts on several lines": (
        "甲: 一行\n  二行\n\n  三行\n乙: \"一\n  二\\\n  三\"\n丙: 'a\n\n  b'\n丁:\n  这里\n戊:\n  - 这里\n    和这里\n"
    ),
    "names behind question marks": (
        '? 甲\n: 1\n? 乙\n:\n  - a\n  - b\n? "丙"\n# 注\n: {a: 1}\n丁:\n  ? a\n  : 1\n  ? b\n'
    ),
    "quoted names": (
        '"甲": 1\n'
        "'乙': {\"a\": 1, 'b': 2}\n"
        "'it''s': x\n"
        '"a\\"b": y\n'
        "丙:\n"
        "  'c': 1  # 旁\n"
        "  # 上\n"
        '  "d":\n'
        "    - {'a': 1}\n"
    ),
    "flush dashes": ("甲:\n- a: 1\n  b:\n  - x\n  - y\n- a: 2\n\n- a: 3\n乙:\n- - 1\n  - 2\n-\n  - 3\n"),
    "blank lines between rows": (
        "甲:\n\n  - a: 1\n    b: 2\n\n  - a: 3\n    b: 4\n\n  # 注\n\n  - a: 5\n    b: 6\n\n乙: 1\n\n丙: 2\n"
    ),
    "comments everywhere": (
        "# 头\n"
        "\n"
        "# 甲的\n"
        "甲:  # 旁\n"
        "  # 第一\n"
        "  - a: 1  # 一\n"
        "    # 里面\n"
        "    b:    # 空\n"
        "      # 深\n"
        "      c: 1\n"
        "      # 尾\n"
        "  # 第二\n"
        "  -  # 横\n"
        "    a: 2\n"
        "  # 尾\n"
        "# 间\n"
        "\n"
        "乙: 2  # 旁二\n"
        "# 完\n"
    ),
    "holes": (
        "甲:\n"
        "乙:  # 旁\n"
        "丙:\n"
        "  -\n"
        "  - # 旁\n"
        "  - ~\n"
        "  - null\n"
        "丁: ~  # 旁\n"
        "戊: {a: , b: ~, c: null}\n"
        "己: [null, ~, '']\n"
    ),
    "deep dashes": ("甲:\n  - - - a\n      - b\n    - - c\n  - - - d\n乙:\n  -   - 1\n      - 2\n"),
    "wide steps": (
        "甲:\n"
        "      乙:\n"
        "          - a: 1\n"
        "            b: 2\n"
        "          -     c: 3\n"
        "                d: 4\n"
        "      丙:    5\n"
        "丁   : 6\n"
        "戊:   {  a :   1  ,b: 2}\n"
    ),
    "a document mark": ("# 头\n---\n甲: 1\n乙: [a]\n...\n"),
    "old line breaks": ("甲: 1\r乙:\r  - a: 1\r    b: 2\r  - c\r丙: 字\r"),
    "trailing blanks": ('甲: 1   \n乙:   \n  - a   \n  - {b: 1}\t\n丙: "x"  \n'),
    "numbers": ("甲: 0x1F\n乙: 1.50\n丙: -0\n丁: 1e3\n戊: [.5, 0o17]\n己: 12.30  # 旁\n"),
    "hashes and colons": (
        "甲: a#b\n乙: 'x: y # z'\n丙: {a: 'b, c', d: \"e}\", f: g#h}\n丁: http://x.cn/a?b=c#d\n戊: [a:b, 'c: d']\n"
    ),
    "nothing behind": ("甲: 1\n乙:\n  - a: 1\n\n\n# 尾\n\n"),
}
"""By what is odd about them."""
