// Catches what is typed while a row is on its way, so that it comes to stand in that row: a field for each.

import { edited, goOn } from "./editing.js";
import { below, beside } from "./places.js";
import { put } from "./saving.js";
import { slotOf } from "./view.js";

/** Keys that go on to another place, as what is put into the text for them. */
const MARKS = /** @type {Record<string, string>} */ ({ Tab: "\t", Enter: "\v", Escape: "" });

/** @param {KeyboardEvent} event */
function keyed(event) {
  const field = /** @type {HTMLTextAreaElement} */ (event.target);
  if (event.isComposing || event.keyCode === 229) return;
  if (event.ctrlKey || event.metaKey) return commanded(event, field);
  const mark = MARKS[event.key];
  if (mark === undefined) return;
  event.preventDefault();
  if (!event.shiftKey) field.value += mark;
}

/** @param {KeyboardEvent} event @param {HTMLTextAreaElement} field */
function commanded(event, field) {
  const key = event.key.toLowerCase();
  if (key === "a") event.preventDefault(); // what was typed belongs to several places
  if (!"zy".includes(key)) return;
  event.preventDefault(); // the browser would take back what was typed into other fields, which are gone
  if (!field.value) return; // then it is about the changes
  event.stopPropagation();
  if (key === "z" && !event.shiftKey) field.value = "";
}

/** Whether an element is one that catches. @param {unknown} element */
export const isCatcher = (element) => element instanceof HTMLTextAreaElement && element.classList.contains("catcher");

/** Gives a field that takes the focus. */
export function start() {
  const field = document.createElement("textarea");
  field.className = "catcher";
  field.tabIndex = -1;
  field.setAttribute("aria-label", "新的一格");
  field.addEventListener("keydown", keyed);
  document.querySelector("main")?.append(field);
  field.focus({ preventScroll: true });
  return field;
}

/**
 * Types what a field caught from a place on; gives the place where that ends.
 * @param {HTMLTextAreaElement} field @param {HTMLElement | null} from
 */
export function end(field, from) {
  const parts = field.value.split(/([\t\v])/);
  field.remove();
  let at = from;
  for (const part of parts.filter(Boolean)) {
    const isHere = edited()?.element === at;
    if (part === "\t" || part === "\v") {
      if (isHere) goOn(1, part === "\t");
      at = isHere ? edited()?.element ?? at : at && (part === "\t" ? beside(at, 1) : below(at, 1));
    } else if (isHere) document.execCommand("insertText", false, part);
    else if (slotOf(at)?.editable) put(slotOf(at)?.path ?? [], part); // somebody went on to another place
  }
  return at;
}
