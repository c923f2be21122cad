"""Characters that no text may hold, in three kinds, and what may stand for each: the one table of them.

Sources: the Unicode Standard, by section; UAX #14 for what ends a line; UTS #39 for what looks like something else;
and the file EquivalentUnifiedIdeograph.txt of the Unicode Character Database.
"""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = re.compile(
    "["
    "\x00-\x09\x0b-\x1f\x7f-\x9f"  # 23.1, control codes; the line feed alone may stand in a text
    "\xad\u200b-\u200d\u2060-\u2064"  # 23.2, layout controls: where to break and join; 22.6, invisible operators
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # 23.2, and UAX #9: marks that turn the reading direction
    "\u2028\u2029"  # 5.8, line and paragraph separators
    "\u2065\u206a-\u206f"  # 23.3, deprecated controls, and the one place among them that is reserved for another
    "\ufeff\ufff9-\ufffc"  # 23.8, byte order mark, annotation marks, the place of an object
    "]"
)
"""What leaves no mark on paper, or only a gap. A line break, a blank or nothing stands for it."""

LOOKALIKE = re.compile(
    "["
    "\u2e80-\u2fdf"  # 18.1, radicals: symbols, not ideographs
    # 18.1, compatibility ideographs; twelve from U+FA0E to U+FA29 are unified ones in spite of their block
    "\uf900-\ufa0d\ufa10\ufa12\ufa15-\ufa1e\ufa20\ufa22\ufa25\ufa26\ufa2a-\ufaff\U0002f800-\U0002fa1f"
    "\ufe10-\ufe1f\ufe30-\ufe4f"  # 6.2, punctuation drawn for vertical lines
    "]"
)
"""What is drawn as another character, so that no search finds it. Its normalization form KC stands for it (UAX #15);
for a radical that has none, the equivalent ideograph."""

NOT_TEXT = re.compile(
    "["
    "\ud800-\udfff"  # 23.6, surrogates
    "\ue000-\uf8ff\U000f0000-\U0010ffff"  # 23.5, private use
    "\ufdd0-\ufdef\ufffe\uffff"  # 23.7, noncharacters
    "\ufffd"  # 23.8, what a program writes where it could not read a character
    "\U000e0000-\U000effff"  # 23.4 and 23.9, tags and variation selectors
    "]"
)
"""What means nothing, or nothing that two readers agree on. Only its author knows what stands for it."""

_PLAIN = re.compile("[\n -~\u2014\u2018-\u201d\u2026\u2264\u2265\u3001\u3002\u300a\u300b\u4e00-\u9fff\uff01-\uff5e]*+")
"""What most texts consist of; nothing of the three above is among it."""

LINE_ENDS = "\x85\u2028\u2029"
"""What ends a line for one version of YAML and not for the other (YAML 1.2.2, section 5.4)."""

NOT_IN_A_FILE = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""What may not stand in a data file at all, in a comment neither.

Section 5.1 says which characters those are; beside them are the ends of lines above, and a byte order mark that does
not begin the file (5.2): a parser would read other lines than the author sees.
"""

WIDE_BLANK = re.compile("[\u1680\u2000-\u200a\u202f\u205f\u3000\xa0]")
"""A blank that YAML does not take for one (6.2, space characters), so that it indents nothing and parts nothing."""

TYPED_BLANKS = " \t\u3000\xa0"
"""The blanks that people type or paste before a line, YAML's own and others, to be stripped together."""

_NAMES = {
    "\x85": "换行符",
    "\xa0": "不间断空格",
    "\u200b": "零宽空格",
    "\u2028": "行分隔符",
    "\u2029": "段落分隔符",
    "\u3000": "全角空格",
    "\ufeff": "字节顺序标记",
}
"""What people call some of those that leave no mark."""

_LINE_BREAK = re.compile("\r\n|[\x0b\x0c\r\x85\u2028\u2029]")
"""All that must end a line (UAX #14: BK, CR, NL) and is no line feed."""

_EQUIVALENT: dict[str, str] = dict(
    re.findall(
        r"(\S)(\S)",
        "⺁厂 ⺂乛 ⺃乚 ⺄乙 ⺅亻 ⺆冂 ⺇𠘨 ⺈刀 ⺉刂 ⺊卜 ⺋㔾 ⺌小 ⺍小 ⺎兀 ⺏尣 ⺐尢 ⺑𡯂 ⺒巳 ⺓幺 ⺔彑 "
        "⺕彐 ⺖忄 ⺗心 ⺘扌 ⺙攵 ⺛旡 ⺜日 ⺝月 ⺞歺 ⺠民 ⺡氵 ⺢氺 ⺣灬 ⺤爫 ⺥爫 ⺦丬 ⺧牛 ⺨犭 ⺩王 ⺪𤴔 "
        "⺫目 ⺬示 ⺭礻 ⺮𥫗 ⺯糹 ⺰纟 ⺱罓 ⺲罒 ⺳㓁 ⺴冗 ⺵𦉫 ⺶羊 ⺷𦍌 ⺸𦍋 ⺹耂 ⺺肀 ⺻聿 ⺼肉 ⺽𦥑 ⺾艹 "
        "⺿艹 ⻀艹 ⻁虎 ⻂衤 ⻃覀 ⻄西 ⻅见 ⻆角 ⻇𧢲 ⻈讠 ⻉贝 ⻊𧾷 ⻋车 ⻌辶 ⻍辶 ⻎辶 ⻏邑 ⻐钅 ⻑長 ⻒镸 "
        "⻓长 ⻔门 ⻕𨸏 ⻖阝 ⻗雨 ⻘青 ⻙韦 ⻚页 ⻛风 ⻜飞 ⻝食 ⻞𩙿 ⻟飠 ⻠饣 ⻡𩠐 ⻢马 ⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 "
        "⻧卤 ⻨麦 ⻩黄 ⻪黾 ⻫斉 ⻬齐 ⻭歯 ⻮齿 ⻯竜 ⻰龙 ⻱龜 ⻲亀",
    )
)
"""By radical without a normalization form, the ideograph that Unicode calls its equivalent."""


def is_plain(text: str) -> bool:
    """Whether it is certain at a glance that a text has nothing invisible in it, no look-alike and nothing unusable."""
    return _PLAIN.fullmatch(text) is not None


def replacement(character: str) -> str:
    """What stands for an invisible character or a look-alike, within its line; itself where nothing is known."""
    if INVISIBLE.match(character):
        return " " if character == "\t" else ""
    return unicodedata.normalize("NFKC", character)


def name_of(character: str) -> str:
    """The code point of a character that cannot be seen, and what people call it."""
    code = f"U+{ord(character):04X}"
    return f"{code}（{_NAMES[character]}）" if character in _NAMES else code


def with_line_feeds(text: str) -> str:
    """A text in which each line ends with a line feed, whatever character ended it."""
    return _LINE_BREAK.sub("\n", text)


def put_right(text: str) -> str:
    """A text without invisible characters and look-alikes; no lines are joined, and nothing that can be read is lost.

    What nothing is known to stand for stays as it is: characters that are not text, places in the blocks of
    look-alikes to which no character is assigned, U+2E80, U+FE45 and U+FE46.
    """
    if is_plain(text):
        return text
    text = INVISIBLE.sub(lambda match: replacement(match[0]), with_line_feeds(text))
    return LOOKALIKE.sub(lambda match: _EQUIVALENT.get(match[0]) or replacement(match[0]), text)
