"""Content controls: which show a prompt, which are ticked, which are bound to a value kept elsewhere.

ECMA-376 Part 1, section 17.5.2; the boxes and repeated sections are Word's own additions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from perfgen.importing.paper.known import Remark, Trouble
from perfgen.importing.paper.word_fields import TICKED, UNTICKED
from perfgen.importing.paper.word_package import Element, Store, W, child_of, plain_text
from perfgen.table.word_xml import says_on

_BOX = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_PROMPT = re.compile(
    r"\s*(?:单击|点击|点此|轻触|轻点|在此|请(?!示)|选择[一此日值图构]|输入|填写|click|tap|choose|enter|select|\[.{1,30}\]\s*\Z)",
    re.I,
)
"""How a prompt begins, where the file does not keep the prompts themselves."""
_LONGEST_PROMPT = 60
_PATH = re.compile(r"(?:/(?:[\w.-]+:)?[\w.-]+(?:\[\d{1,4}\])?)+(?:/@(?:[\w.-]+:)?[\w.-]+|/text\(\))?")
_PREFIX = re.compile(r"xmlns:([\w.-]+)\s*=\s*[\"']([^\"']*)[\"']")


class Controls:
    """The content controls of a body."""

    def __init__(self, body: Element, stores: Sequence[Store], glossary: Element | None) -> None:
        self._stores = {store.name.upper(): store.root for store in stores}
        self._kept = _kept_prompts(glossary)
        self.prompts: dict[Element, Remark] = {}
        """The runs that show a prompt, or what stands in its place."""
        self.boxes: dict[Element, str] = {}
        """The runs of a box to tick: the first one's text is the box, the others have none."""
        for control in body.iter(f"{W}sdt"):
            self._look_at(control)

    def _look_at(self, control: Element) -> None:
        properties, content = control.find(f"{W}sdtPr"), control.find(f"{W}sdtContent")
        if properties is None or content is None:
            return
        runs = list(content.iter(f"{W}r"))
        showing = properties.find(f"{W}showingPlcHdr")
        box = properties.find(f"{_BOX}checkbox")
        if showing is not None and says_on(showing):
            text = plain_text(content)
            remark = Remark(Trouble.PROMPT if self._is_prompt(properties, text) else Trouble.HELD, text)
            self.prompts |= dict.fromkeys(runs, remark)
        elif box is not None and runs:
            state = box.find(f"{_BOX}checked")
            ticked = state is not None and state.get(f"{_BOX}val", "1") not in ("0", "false", "off")
            self.boxes |= {**dict.fromkeys(runs, ""), runs[0]: TICKED if ticked else UNTICKED}

    def _is_prompt(self, properties: Element, text: str) -> bool:
        """Whether the text of a control that says it is empty is its prompt; some programs fill it in and leave that.

        The file may keep the prompt under the name that the control gives (17.5.2.25); else its words decide.
        """
        name = child_of(properties, f"{W}placeholder/{W}docPart")
        kept = self._kept.get(name.get(f"{W}val", "")) if name is not None else None
        if kept is not None:
            return _squeezed(kept) == _squeezed(text)
        return not text or (len(text) <= _LONGEST_PROMPT and _PROMPT.match(text) is not None)

    def differing(self, control: Element) -> str | None:
        """The value kept elsewhere that a control shows in Word, where it is not the text it holds here."""
        properties = control.find(f"{W}sdtPr")
        binding = next((part for part in (properties if properties is not None else ())
                        if isinstance(part.tag, str) and part.tag.endswith("}dataBinding")), None)  # fmt: skip
        if properties is None or binding is None or properties.find(f"{_BOX}checkbox") is not None:
            return None
        stored = self._stored({str(name).rpartition("}")[2]: str(value) for name, value in binding.attrib.items()})
        text = plain_text(control.find(f"{W}sdtContent"))
        showing = properties.find(f"{W}showingPlcHdr")
        if showing is not None and says_on(showing):
            text = ""
        if stored is None or _squeezed(stored) in (_squeezed(text), _date(properties), *_values(properties, text)):
            return None
        return stored

    def _stored(self, binding: dict[str, str]) -> str | None:
        """The value that a binding names; None where nothing is kept there."""
        root = self._stores.get(binding.get("storeItemID", "").upper())
        path = binding.get("xpath", "")
        if root is None:
            return None
        if not _PATH.fullmatch(path):
            return path
        prefixes = dict(_PREFIX.findall(binding.get("prefixMappings", "")))
        if any(prefix not in prefixes for prefix in re.findall(r"([\w.-]+):", path)):
            return path
        matches = root.xpath(path, namespaces=prefixes)
        if not isinstance(matches, list) or not matches:
            return None
        first = matches[0]
        return "".join(map(str, first.itertext())) if isinstance(first, etree._Element) else str(first)


def _kept_prompts(glossary: Element | None) -> dict[str, str]:
    """The texts of the building blocks that a file keeps, by their names (17.12)."""
    blocks = list(glossary.iter(f"{W}docPart")) if glossary is not None else []
    named = [(child_of(block, f"{W}docPartPr/{W}name"), block.find(f"{W}docPartBody")) for block in blocks]
    return {name.get(f"{W}val", ""): plain_text(body) for name, body in named if name is not None and body is not None}


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _values(properties: Element, text: str) -> list[str]:
    """What a list's control keeps for the entry that it shows."""
    return [
        _squeezed(entry.get(f"{W}value", "")) for entry in properties.iter(f"{W}listItem")
        if entry.get(f"{W}displayText", entry.get(f"{W}value", "")) == text
    ]  # fmt: skip


def _date(properties: Element) -> str:
    """What a date's control keeps for the date that it shows."""
    date = child_of(properties, f"{W}date")
    return date.get(f"{W}fullDate", "") if date is not None else ""
