"""Somebody who fills in a form in the window by keyboard alone: reads what stands there, and types what is missing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from perfgen.data import Data, ValuePath, as_group, as_scalar, value_at
from perfgen.display import show

_READ = """async () => {
  const { now } = await import(document.body.dataset.root + "static/view.js");
  const { idle } = await import(document.body.dataset.root + "static/saving.js");
  await idle();
  const view = now();
  const number = (element) => element?.closest?.(".slot")?.dataset.slot;
  const at = number(document.activeElement);
  const isEditable = (one) => view.slots[one.dataset.slot]?.editable;
  const places = [...document.querySelectorAll("main .slot[role]")].filter(isEditable);
  const next = places[places.indexOf(document.activeElement.closest(".slot")) + 1];
  const slot = at === undefined ? null : view.slots[at];
  const around = slot
    ? view.places.filter((place) => place.item.every((step, number) => slot.path[number] === step)) : [];
  return { slot, next: next ? view.slots[next.dataset.slot].path : null,
           around: around.sort((one, other) => other.item.length - one.item.length) };
}"""
_FOCUS = """() => {
  const one = document.activeElement;
  return { tag: one.tagName, text: (one.textContent ?? "").trim(), name: one.getAttribute("aria-label") ?? "",
           title: (one.closest("li")?.querySelector("a, .link")?.title ?? ""),
           reason: one.dataset?.reason ?? "", value: one.value ?? "", open: !!one.parentElement?.open,
           slot: one.matches(".slot"), field: one.name ?? "", into: one.closest("[data-into]")?.dataset.into ?? "",
           inside: one.closest("dialog, #menu, #findings, #rest, #form, #help, header")?.id ?? "" };
}"""


class StuckError(AssertionError):
    """The keyboard does not lead on."""


class Clerk:
    """Types into a window that is open on a page."""

    def __init__(
        self, page: Any, wanted: Mapping[str, Data], titles: Mapping[str, str], answers: Sequence[str] = ()
    ) -> None:
        self.page = page
        self.wanted = wanted
        self.titles = titles
        """What the fields of the form are called, by name."""
        self.answers = answers
        """The fields that hold reasons, which are written beside what they are for."""
        self.typed = 0

    def press(self, *keys: str) -> None:
        """Presses keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Types a text over what is chosen, as an input method gives it; a line break with Shift."""
        for number, line in enumerate(text.split("\n")):
            if number:
                self.press("Shift+Enter")
            self.page.keyboard.insert_text(line)
        self.typed += 1

    def select(self, label: str) -> None:
        """Chooses in the list that has the focus, by the arrows."""
        for _ in range(20):
            if self.page.evaluate("() => document.activeElement.selectedOptions[0].label") == label:
                return
            self.press("ArrowDown")
        raise StuckError(label)

    def here(self) -> dict[str, Any]:
        """The place that is typed into, the next one, and the rows and groups around it, from the innermost."""
        return self.page.evaluate(_READ)

    def focused(self) -> dict[str, str]:
        """What has the focus."""
        return self.page.evaluate(_FOCUS)

    def tab_to(self, fits: Any, most: int = 400, key: str = "Tab") -> dict[str, str]:
        """Goes on until something fits that has the focus."""
        seen = []
        for _ in range(most):
            found = self.focused()
            seen.append(found["text"][:20])
            if fits(found):
                return found
            self.press(key)
        raise StuckError((found, seen))

    def fill_in(self) -> None:
        """Goes through the form and what stands below it, and fills in all places."""
        self.tab_to(lambda one: one["inside"] == "form" and one["slot"])
        self._through("form")
        self.tab_to(lambda one: one["inside"] == "rest", 20)
        while (found := self.focused())["inside"] == "rest":
            if found["tag"] == "SUMMARY" and not found["open"] and self._is_wanted(found["text"]):
                self.press("Enter")
            elif found["slot"]:
                self._through("rest")
                continue
            elif found["into"] and found["field"] == "name" and json.loads(found["into"])[0] not in self.answers:
                self._add_members(found["into"])
            self.press("Tab")

    def leave_rest(self) -> None:
        """Says of all that may be left out that it is, by the button above what is not filled in."""
        button = "可以不填的都不填"
        if self.page.locator("#findings button", has_text=button).count():
            self.tab_to(lambda one: one["text"] == button)
            self.press("Enter")
            self.here()

    def give_reasons(self) -> None:
        """Writes the reasons beside the findings that ask for them."""
        while any(self._reason(path) for path in self.page.evaluate(_ASKED)):
            found = self.tab_to(lambda one: one["reason"] and not one["value"] and self._reason(one["reason"]))
            self.page.keyboard.insert_text(self._reason(found["reason"]))
            self.press("Enter")
            self.here()

    def _reason(self, path: str) -> str | None:
        """The reason that is wanted for what a place of reasons is about."""
        name = about(json.loads(path)[1])
        return next((text for key, text in self.reasons().items() if about(key) == name), None)

    def reasons(self) -> dict[str, str]:
        """The reasons that are wanted, by what they are called."""
        groups = (as_group(self.wanted.get(name)) for name in self.answers)
        return {key: show(as_scalar(text)) for group in groups for key, text in group.items()}

    def _is_wanted(self, heading: str) -> bool:
        """Whether anything is wanted in a group below the form."""
        names = [name for name, title in self.titles.items() if heading.startswith(title)]
        return any(self.wanted.get(name) and name not in self.answers for name in names)

    def _add_members(self, into: str) -> None:
        """Adds the members that a group below the form is to have; the field of the first name has the focus."""
        rows = tuple(json.loads(into))
        for name, value in as_group(value_at(self.wanted, rows)).items():
            self.page.keyboard.insert_text(name)
            self.press("Tab")
            self.page.keyboard.insert_text(show(as_scalar(value)))
            self.press("Enter")
            self.here()
            self.tab_to(lambda one: one["into"] == into and one["field"] == "name", 40, "Shift+Tab")

    def _through(self, part: str) -> None:
        """Fills in all places from the one that has the focus to the last of a part."""
        for _ in range(3000):
            here = self.here()
            if here["slot"] is None or self.focused()["inside"] != part:
                return
            self._fill_one(here["slot"])
            if not self._add_behind():
                self.press("Tab")
        raise StuckError

    def _fill_one(self, slot: Mapping[str, Any]) -> None:
        text = self._text(slot)
        if text is None or text == slot["typed"]:
            return
        if slot["choices"]:
            self._choose(slot, text)
        else:
            self.type(text)

    def _text(self, slot: Mapping[str, Any]) -> str | None:
        """What belongs into a place; None where nothing does."""
        path = tuple(slot["path"])
        if slot["kind"] == "name":
            return self._name(path)
        value = value_at(self.wanted, path)
        if value is None or isinstance(value, dict | list):
            return None
        return ("是" if value else "否") if isinstance(value, bool) else show(value)

    def _name(self, path: ValuePath) -> str | None:
        return str(path[-1]) if path[-1] else next(iter(as_group(value_at(self.wanted, path[:-1]))), None)

    def _choose(self, slot: Mapping[str, Any], text: str) -> None:
        """By the arrows; the list is open."""
        for _ in range(len(slot["choices"]) + 2):
            pointed = self.page.locator("#choices .pointed")
            if pointed.count() and pointed.text_content() == text:
                break
            self.press("ArrowDown")
        self.press("Space")
        self.typed += 1

    def _add_behind(self) -> bool:
        """Adds the row or group that comes next, where the last one of its kind is full; it is then typed into."""
        here = self.here()
        if here["slot"] is None:
            raise StuckError("the place that was typed into has lost the focus")
        for number, place in enumerate(here["around"]):
            item, rows = tuple(place["item"]), tuple(place["rows"])
            if here["next"] and tuple(here["next"])[: len(item)] == item:
                return False
            if place["blank"] and value_at(self.wanted, item) is None:
                continue
            if place["group"]:
                name = self._group_behind(place)
                if name:
                    self._add_group(number, place, name)
                    return True
            elif place["number"] + 1 == place["count"] and value_at(self.wanted, (*rows, place["count"])) is not None:
                self._add_row(number, place)
                return True
        return False

    def _group_behind(self, place: Mapping[str, Any]) -> str | None:
        names = list(as_group(value_at(self.wanted, tuple(place["rows"]))))
        name = str(place["item"][-1])
        later = names[names.index(name) + 1 :] if name in names else []
        if not later or not isinstance(value_at(self.wanted, (*place["rows"], later[0])), dict | list):
            return None
        there = {tuple(one) for one in self.page.evaluate(_GROUPS)}
        return None if (*place["rows"], later[0]) in there else later[0]

    def _add_row(self, number: int, place: Mapping[str, Any]) -> None:
        if number == 0:
            self.press("Control+Enter")
        else:
            self._menu(number, "在下面加一行")
        self._until_at([*place["rows"], place["count"]])

    def _add_group(self, number: int, place: Mapping[str, Any], name: str) -> None:
        if number == 0:
            self.press("Control+Enter")
        else:
            self._menu(number, "在下面加一组…")
        self.page.wait_for_selector("dialog[open]")
        buttons = [one.text_content() for one in self.page.locator("dialog[open] .buttons button").all()]
        if name in buttons:
            self.tab_to(lambda one: one["text"] == name, 20)
            self.press("Enter")
        else:
            self.tab_to(lambda one: one["tag"] == "INPUT", 20)
            self.page.keyboard.insert_text(name)
            self.press("Enter")
        self._until_at([*place["rows"], name])

    def _menu(self, number: int, label: str) -> None:
        """Chooses a command about the row or group at a level."""
        self.press("Shift+F10")
        self.page.wait_for_selector("#menu")
        labels = self.page.evaluate(
            "() => [...document.querySelectorAll('#menu button')].map((one) => [one.firstChild.textContent,"
            " [...document.querySelectorAll('#menu [role=group]')].indexOf(one.closest('[role=group]'))])"
        )
        wanted = [at for at, (text, _) in enumerate(labels) if text == label]
        groups = sorted({group for _, group in labels})
        if not wanted:
            raise StuckError(labels)
        fitting = [at for at in wanted if labels[at][1] == groups[min(number, len(groups) - 1)]] or wanted
        for _ in range(fitting[0]):
            self.press("ArrowDown")
        self.press("Enter")

    def _until_at(self, item: list[Any]) -> None:
        for number in range(60):
            here = self.here()
            if here["slot"] and here["slot"]["path"][: len(item)] == item:
                return
            if number > 10:  # the focus stayed where it was: what is new stands below
                self.press("Tab")
            self.page.wait_for_timeout(20)
        raise StuckError((item, here["slot"], self.page.locator("#told").text_content()))


def about(key: str) -> str:
    """What a reason is about, without the rule that it answers."""
    return re.sub(r"^[A-Z]+[0-9]+[a-z]? ", "", key)


_ASKED = """() => [...document.querySelectorAll("#findings textarea[data-reason]")]
  .filter((one) => !one.value).map((one) => one.dataset.reason)"""
_GROUPS = """async () => {
  const { now } = await import(document.body.dataset.root + "static/view.js");
  return now().places.filter((place) => place.group).map((place) => place.item);
}"""
