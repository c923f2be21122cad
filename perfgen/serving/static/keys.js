// What the keys do in the form: as in a table, with the arrows too at the ends of a text.

import * as caret from "./caret.js";
import * as choices from "./choices.js";
import { begin, choose, edited, finish, giveUp, goOn, isComposing, take } from "./editing.js";
import { hasKept } from "./kept.js";
import { idle as idleSaves } from "./saving.js";
import { tell } from "./view.js";

/** @param {KeyboardEvent} event */
function keyed(event) {
  if (event.keyCode === 229 && !edited()) return anew(event); // an input method begins where nothing is edited yet
  if (event.isComposing || event.keyCode === 229 || isComposing() || event.defaultPrevented) return;
  const open = edited();
  if (isSave(event)) return saveNow(event);
  if (!open) return idle(event);
  const act = open.slot.choices.length ? choosing(event) : typing(event, open.element);
  if (!act || act() === false) return;
  event.preventDefault();
  event.stopPropagation();
}

/** @param {KeyboardEvent} event */
const isSave = (event) => (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "s";

/** Who is used to saving finds that it is done. @param {KeyboardEvent} event */
async function saveNow(event) {
  event.preventDefault();
  const element = edited()?.element;
  if (!finish()) return;
  if (element) begin(element, "end");
  await idleSaves();
  if (!hasKept()) tell("已经保存了：每填完一格，程序都会马上保存。");
}

/** What a key does in any place. @param {KeyboardEvent} event @returns {(() => unknown) | null} */
function common(event) {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.key === "Escape" && plain) return giveUp;
  if (event.key === "Tab" && plain) return () => goOn(event.shiftKey ? -1 : 1, true);
  if (event.key === "Enter" && plain && !event.shiftKey) return () => goOn(1, false);
  return null;
}

/** @param {KeyboardEvent} event @param {HTMLElement} element @returns {(() => unknown) | null} */
function typing(event, element) {
  const bare = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
  if (event.key === "Enter" && (event.shiftKey || event.altKey)) return lineBreak;
  if (event.key === "F2") return () => caret.place(element, "end");
  if (bare) {
    if (event.key === "ArrowLeft" && caret.isAt(element, "start")) return () => goOn(-1, true, "end");
    if (event.key === "ArrowRight" && caret.isAt(element, "end")) return () => goOn(1, true, "start");
    const whole = caret.isAll(element);
    if (event.key === "ArrowUp" && (whole || caret.isInLine(element, "first"))) return () => goOn(-1, false);
    if (event.key === "ArrowDown" && (whole || caret.isInLine(element, "last"))) return () => goOn(1, false);
  }
  return common(event);
}

/** @param {KeyboardEvent} event @returns {(() => unknown) | null} */
function choosing(event) {
  if (event.ctrlKey || event.metaKey) return null;
  const isShown = choices.isOpen();
  const digit = choices.byDigit(event.key);
  if (digit !== undefined) return () => { take(digit); goOn(1, false); };
  if (event.key === "ArrowDown" && event.altKey && !isShown) return choose;
  if (event.key === "ArrowDown") return isShown ? () => choices.step(1) : () => goOn(1, false);
  if (event.key === "ArrowUp") return isShown ? () => choices.step(-1) : () => goOn(-1, false);
  if (event.key === "ArrowLeft") return () => goOn(-1, true);
  if (event.key === "ArrowRight") return () => goOn(1, true);
  if ((event.key === " " || event.key === "F2") && !isShown) return choose;
  if (event.key === "Delete" || event.key === "Backspace") return () => take("");
  if (event.key === "Escape" && isShown) return choices.hide;
  if ((event.key === "Enter" && !event.shiftKey && !event.altKey) || event.key === "Tab" || event.key === " ") {
    const value = choices.pointed();
    if (value !== undefined) take(value);
    return event.key === " " ? () => choices.hide() : common(event);
  }
  return common(event);
}

function lineBreak() {
  // the browser's own undo knows of it, unlike of what a script puts there
  document.execCommand("insertText", false, "\n");
}

/** @param {KeyboardEvent} event */
function anew(event) {
  if (event.target instanceof HTMLElement && event.target.classList.contains("slot")) begin(event.target);
}

/** In a place that has the focus and is not edited. @param {KeyboardEvent} event */
function idle(event) {
  const element = event.target;
  if (!(element instanceof HTMLElement) || !element.classList.contains("slot") || event.ctrlKey || event.metaKey) return;
  if (event.key === "Enter" || event.key === "F2" || event.key === " ") {
    if (begin(element, event.key === "F2" ? "end" : "all")) event.preventDefault();
  } else if (event.key.startsWith("Arrow") && !event.shiftKey) {
    const by = event.key === "ArrowDown" || event.key === "ArrowRight" ? 1 : -1;
    if (goOn(by, event.key === "ArrowLeft" || event.key === "ArrowRight")) event.preventDefault();
  } else if ((event.key.length === 1 || event.key === "Delete" || event.key === "Backspace") && !event.altKey) {
    begin(element); // the key then goes into the text, in the place of what is chosen there
  }
}

/** Lets the form be filled in by keyboard. */
export function listen() {
  document.querySelector("main")?.addEventListener("keydown", keyed);
  document.addEventListener("keydown", (event) => { if (!event.defaultPrevented && isSave(event)) saveNow(event); });
}
