// Edits the values of the form where they stand: the place that has the focus is the one that is typed into.

import * as caret from "./caret.js";
import * as choices from "./choices.js";
import { keep, keptText } from "./kept.js";
import { located, slotAt } from "./located.js";
import { below, beside, meant } from "./places.js";
import { GONE, onItsWay, put } from "./saving.js";
import { again, bus, elementOf, notWhile, now, settle, slotOf, tell } from "./view.js";

/** @typedef {import("./types.js").Slot} Slot */
/** @typedef {import("./types.js").Step} Step */
/** @typedef {import("./types.js").View} View */
/**
 * A place that is edited: what its editor began with, what the page showed there, and whether it was changed elsewhere
 * meanwhile.
 * @typedef {{path: Step[], begun: string, shown: Node[], element: HTMLElement, name: string, slot: Slot,
 *   foreign: boolean}} Open
 */

/** @type {Open | null} */
let open = null;
let composing = false;
let leaving = false;
let quiet = false;

notWhile(() => composing);

/** The place that is edited. @returns {Open | null} */
export const edited = () => open;

/** Whether something was typed that is not saved. */
export const isDirty = () => open !== null && (composing || text() !== open.begun);

/** Whether a syllable is half typed. */
export const isComposing = () => composing;

/** What now stands in the place that is edited. */
export function text() {
  if (!open) return "";
  const typed = open.slot.choices.length ? open.element.textContent ?? "" : open.element.innerText.replace(/\n$/, "");
  return typed.replace(/[\u200b\r]/g, "");
}

/**
 * Begins to edit a place; gives whether it can be edited.
 * @param {HTMLElement | null} element @param {caret.Begin} [how]
 */
export function begin(element, how = "all") {
  const slot = slotOf(element);
  if (!element || !slot?.editable) return false;
  if (now().broken) {
    tell("文件现在读不出来；改好以前，这里只能看。");
    return false;
  }
  if (open?.element === element) return true;
  if (!finish()) return false;
  const typed = onItsWay(slot.path) ?? slot.typed;
  start(element, slot, typed, keptText(slot.path) ?? typed);
  caret.place(element, how);
  if (slot.choices.length) choose();
  return true;
}

/** @param {HTMLElement} element @param {Slot} slot @param {string} begun @param {string} shown */
function start(element, slot, begun, shown) {
  open = {
    path: slot.path, begun, slot, element, foreign: false,
    shown: [...element.childNodes].map((one) => one.cloneNode(true)), name: element.getAttribute("aria-label") ?? "",
  };
  if (element.textContent !== shown) element.textContent = shown;
  element.classList.add("editing");
  element.setAttribute("aria-label", slot.label);
  element.setAttribute("role", slot.choices.length ? "combobox" : "textbox");
  if (!slot.choices.length) {
    element.setAttribute("aria-multiline", "true");
    element.spellcheck = false;
    editable(element);
  }
  focus(element);
  bus.dispatchEvent(new CustomEvent("editing", { detail: { slot, control: element, text } }));
}

/** @param {HTMLElement} element */
function editable(element) {
  try {
    element.contentEditable = "plaintext-only";
  } catch {
    element.contentEditable = "true"; // a browser before 2025 that is no Chromium
  }
}

/** Shows the choices of the place that is edited. */
export function choose() {
  if (open) choices.show(open.element, open.slot, text(), (value) => { take(value); goOn(1, false); });
}

/** Puts a choice into the place that is edited. @param {string} value */
export function take(value) {
  if (!open) return;
  open.element.textContent = value;
  choices.hide();
  open.element.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Ends the edit and saves what was typed; gives whether it could be ended. */
export function finish() {
  if (!open) return true;
  if (composing) open.element.blur(); // the input method gives what it has
  if (composing) return false;
  settle();
  const { path, begun, element, slot, foreign } = open;
  const typed = text();
  close(typed);
  if (typed === begun && keptText(path) === undefined) return true;
  if (foreign && typed !== begun) keep(path, typed, "这一处刚刚在别处改了。", slot.label, { foreign: true });
  else save(path, typed, slot.label);
  element.classList.toggle("empty", !typed.trim());
  return true;
}

/** @param {Step[]} path @param {string} typed @param {string} label */
function save(path, typed, label) {
  keep(path, undefined, "", label);
  put(path, typed);
}

/** Ends the edit and leaves everything as it was; what was typed and could not be saved is given up too. */
export function giveUp() {
  if (!open) return;
  const { element, path, slot } = open;
  const isTyped = text() !== open.begun;
  const had = keptText(path) !== undefined;
  keep(path, undefined, "", slot.label);
  close(open.begun);
  if (had) again();
  if (isTyped || had) begin(element);
  else focus(element);
  choices.hide();
}

/** @param {string} typed what the place shows until it is painted */
function close(typed) {
  if (!open) return;
  const { element, begun, shown, name, slot } = open;
  open = null;
  choices.hide();
  element.removeAttribute("contenteditable");
  element.removeAttribute("aria-multiline");
  element.removeAttribute("aria-expanded");
  element.setAttribute("role", "button");
  element.setAttribute("aria-label", typed === begun ? name : `${slot.label}：${typed || "没有填"}`);
  element.classList.remove("editing");
  if (typed === begun) element.replaceChildren(...shown);
  else element.textContent = typed;
  bus.dispatchEvent(new CustomEvent("closed"));
}

/** @param {HTMLElement | null} element */
function focus(element) {
  quiet = true;
  element?.focus();
  quiet = false;
}

/**
 * Goes to the next place or the one before, or down or up; gives whether there is one.
 * @param {1 | -1} by @param {boolean} along @param {caret.Begin} [how]
 */
export function goOn(by, along, how = "all") {
  const from = open?.element ?? document.activeElement;
  if (!(from instanceof HTMLElement)) return false;
  const next = along ? beside(from, by) : below(from, by);
  if (!finish()) return true;
  if (next) begin(next, how);
  else if (!along) begin(from, "all");
  next?.scrollIntoView({ block: "nearest" });
  return next !== null;
}

/** Follows the place that is edited through a form that was painted anew. @param {Event} event */
function follow(event) {
  choices.follow();
  if (!open) return;
  const { before, view, change } = /** @type {CustomEvent} */ (event).detail;
  const typed = text();
  const isTyped = typed !== open.begun;
  const path = before ? located(open.path, before, view, change) : open.path;
  const slot = path && slotAt(view, path);
  if (!slot?.editable || !path) return lost(typed, isTyped);
  open.foreign ||= change === null && slot.typed !== slotAt(before, open.path)?.typed && isTyped;
  moveTo(elementAt(path), slot, typed, isTyped);
}

/** The element of a path: the one that is edited, where it still is one. @param {Step[]} path */
function elementAt(path) {
  const slot = open?.element.isConnected ? slotOf(open.element) : null;
  return slot && JSON.stringify(slot.path) === JSON.stringify(path) ? /** @type {Open} */ (open).element : elementOf(path);
}

/** @param {HTMLElement | null} element @param {Slot} slot @param {string} typed @param {boolean} isTyped */
function moveTo(element, slot, typed, isTyped) {
  if (!open || !element) return lost(typed, isTyped);
  const begun = open.foreign ? open.begun : onItsWay(slot.path) ?? slot.typed;
  if (element === open.element) {
    if (!isTyped && begun !== open.begun) {
      const all = caret.isAll(element);
      element.textContent = begun;
      caret.place(element, all ? "all" : "end");
    }
    Object.assign(open, { path: slot.path, slot, begun });
    return;
  }
  const at = caret.offsets(open.element);
  const { foreign, element: old } = open;
  quiet = true;
  open = null;
  choices.hide();
  unedit(old);
  start(elementOf(slot.path) ?? element, slot, begun, isTyped ? typed : begun);
  quiet = false;
  Object.assign(/** @type {Open | null} */ (open) ?? {}, { foreign });
  if (at && open) caret.restore(/** @type {Open} */ (open).element, at);
  if (slot.choices.length) choose();
}

/** An element that was edited and now stands for another place. @param {HTMLElement} element */
function unedit(element) {
  for (const name of ["contenteditable", "aria-multiline", "aria-expanded"]) element.removeAttribute(name);
  element.classList.remove("editing");
  again();
}

/** The place is gone; what was typed there is not. @param {string} typed @param {boolean} isTyped */
function lost(typed, isTyped) {
  if (!open) return;
  const { path, slot, element } = open;
  open = null;
  choices.hide();
  unedit(element);
  if (isTyped) keep(path, typed, GONE, slot.label, { gone: true });
  bus.dispatchEvent(new CustomEvent("closed"));
}

/** Lets the form be edited. */
export function listen() {
  const main = document.querySelector("main");
  main?.addEventListener("mousedown", (event) => {
    const element = event.button === 0 ? meant(event.target, event.clientY) : null;
    if (!element || open?.element === element) return;
    const inside = event.target instanceof Node && element.contains(event.target);
    if (!begin(element, inside ? "pointer" : "end") || !inside) event.preventDefault();
  });
  main?.addEventListener("mousedown", (event) => {
    if (open?.slot.choices.length && !choices.isOpen() && event.target === open.element) choose();
  }, true);
  main?.addEventListener("focusin", (event) => {
    const element = event.target instanceof HTMLElement ? event.target.closest(".slot") : null;
    if (!quiet && element instanceof HTMLElement && open?.element !== element) begin(element);
  });
  main?.addEventListener("focusout", (event) => {
    if (open && event.target === open.element && !quiet && document.hasFocus()) queueMicrotask(leave);
  });
  main?.addEventListener("dragstart", (event) => { if (open) event.preventDefault(); });
  document.addEventListener("compositionstart", () => { composing = true; });
  document.addEventListener("compositionend", composed);
  addEventListener("scroll", choices.follow, { passive: true, capture: true });
  addEventListener("resize", choices.follow);
  bus.addEventListener("painted", follow);
}

function composed() {
  composing = false;
  queueMicrotask(() => {
    settle();
    if (leaving) leave();
    leaving = false;
  });
}

function leave() {
  if (composing) leaving = true;
  else if (open && document.activeElement !== open.element) finish();
}
