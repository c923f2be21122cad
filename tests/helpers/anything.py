"""Strategies: text that breaks readers, and data that a form's schema allows."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import yaml
from hypothesis import strategies as st

MONEY = st.integers(0, 10_000_00).map(lambda cents: Decimal(cents) / 100)

# characters that mean something to YAML, to our own reading of mistakes, or to templates
SIGNS = [
    *":：,，{}[]｛｝［］\"'#&*!|>%@`?-—－ \t\u3000\xa0\r\n\\0123456789.~≥<年甲",
    ": ", "- ", "{{", "{%", "--- ", "\ufeff", "\x00", "\x1b", "\u200b", "⼀", "\ue000", "𠮷", "!!python/object:os.x",
]  # fmt: skip
NOISE = st.lists(st.sampled_from(SIGNS), max_size=12).map("".join)
RUNS = st.tuples(st.lists(st.sampled_from(SIGNS), min_size=1, max_size=4).map("".join), st.integers(1, 20_000)).map(
    lambda pair: (pair[0] * pair[1])[:60_000]
)
"""One short piece over and over: what makes a careless pattern slow."""

_HAN = "甲乙丙丁养护道路档案服务管理能力群众出行䶮𠮷"
_OTHER = "，。、（）“”《》ABxyz&<>{}%$\\'\"#|=；："
_WORDS = st.text(st.sampled_from(_HAN + _OTHER), max_size=30)
TEXT = st.tuples(st.sampled_from(_HAN), _WORDS).map("".join)
"""Text of a form as people might type it: nothing private in it, no blanks to complain of."""
TARGETS = st.one_of(
    st.tuples(st.sampled_from(["≥", "≤", "=", "", ">", "<"]), st.integers(0, 9999), st.sampled_from("%项家个次")).map(
        lambda parts: "".join(map(str, parts))
    ),
    st.sampled_from(
        ["规范", "健全", "优", "逐年下降", "—", "0.5个工作日", "3～5天", "≤1.2万元", "2025年9月底前", "9月底前"]
    ),
)


@st.composite
def damaged(draw: st.DrawFn, text: str) -> str:
    """A text with a few pieces taken out, put in, or doubled, anywhere in it."""
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        end = min(len(text), at + draw(st.integers(0, 40)))
        piece = draw(st.one_of(NOISE, st.just(""), st.just(text[at:end] * 2), st.text(max_size=5)))
        text = text[:at] + piece + text[end:]
    return text


class FromSchema:
    """Strategies for what a JSON Schema allows, as far as our forms use it.

    `special` maps a path pattern (names with . between, list positions left out) to a strategy
    that is used there in place of the schema's.
    """

    def __init__(self, schema: dict[str, Any], special: dict[str, st.SearchStrategy[Any]]) -> None:
        self.schema = schema
        self.special = special

    def all(self) -> st.SearchStrategy[Any]:
        """The whole document."""
        return self.of(self.schema, "")

    def of(self, node: dict[str, Any], path: str) -> st.SearchStrategy[Any]:
        """What one part of the schema allows; `path` is where it stands."""
        for pattern, strategy in self.special.items():
            if re.fullmatch(pattern, path):
                return strategy
        if reference := node.get("$ref"):
            target: Any = self.schema
            for step in reference.removeprefix("#/").split("/"):
                target = target[step]
            return self.of({**target, **{k: v for k, v in node.items() if k != "$ref"}}, path)
        if "const" in node:
            return st.just(node["const"])
        if "enum" in node:
            return st.sampled_from(node["enum"])
        types = [node["type"]] if isinstance(node["type"], str) else node["type"]
        return st.one_of([getattr(self, f"_{kind}")(node, path) for kind in types])

    def _object(self, node: dict[str, Any], path: str) -> st.SearchStrategy[Any]:
        known = {name: self.of(child, f"{path}.{name}".strip(".")) for name, child in node["properties"].items()}
        required = set(node.get("required", ())) or (set(known) if node.get("minProperties") else set())
        return st.fixed_dictionaries(
            {name: known[name] for name in known if name in required},
            optional={name: known[name] for name in known if name not in required},
        )

    def _array(self, node: dict[str, Any], path: str) -> st.SearchStrategy[Any]:
        return st.lists(self.of(node["items"], path), min_size=node.get("minItems", 0), max_size=2)

    def _string(self, node: dict[str, Any], _: str) -> st.SearchStrategy[Any]:
        if node.get("format") == "date":
            return st.dates().map(str)
        pattern = node.get("pattern", r"\S")
        if pattern == r"\S":
            return TEXT.filter(lambda text: len(text) >= node.get("minLength", 0))
        return st.from_regex(re.compile(pattern), fullmatch=True, alphabet=st.characters(codec="utf-8"))

    def _number(self, node: dict[str, Any], _: str) -> st.SearchStrategy[Any]:
        return MONEY

    def _integer(self, node: dict[str, Any], _: str) -> st.SearchStrategy[Any]:
        return st.integers(int(node["minimum"]), int(node["maximum"]))


class _Dumper(yaml.SafeDumper):
    """Writes Decimals as they are, and what is there twice in full."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _number(dumper: yaml.SafeDumper, number: Decimal) -> yaml.Node:
    text = format(number, "f")
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    """Puts into quotes a text that ends with one quote: without, it looks as if the other had been forgotten."""
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="'" if text.endswith('"') else None)


_Dumper.add_representer(Decimal, _number)
_Dumper.add_representer(str, _text)


def as_yaml(data: Any, *, flow: bool, width: int = 100) -> str:
    """Data as YAML text: in blocks, or in one line of brackets and quotes as JSON has it."""
    if not flow:
        return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=width)
    return "\n".join(f"{json.dumps(name, ensure_ascii=False)}: {_flow(value)}" for name, value in data.items())


def _flow(node: Any) -> str:
    if isinstance(node, dict):
        pairs = (f"{json.dumps(name, ensure_ascii=False)}: {_flow(value)}" for name, value in node.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(node, list):
        return "[" + ", ".join(map(_flow, node)) + "]"
    return format(node, "f") if isinstance(node, Decimal) else json.dumps(node, ensure_ascii=False)
