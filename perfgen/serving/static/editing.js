// Edits the values of the form in place: a place that gets the focus becomes a field to type in.

import { put } from "./saving.js";
import { bus, elementOf, keyOf, notWhile, now, settle, slotOf } from "./view.js";

/** @typedef {import("./types.js").Slot} Slot */
/** @typedef {HTMLTextAreaElement | HTMLSelectElement} Control */

/** @type {{path: import("./types.js").Step[], begun: string, control: Control, element: HTMLElement} | null} */
let open = null;
let composing = false;
let quiet = false;

notWhile(() => composing);

/** Begins to edit what an element shows; nothing where that cannot be edited. @param {HTMLElement | null} element */
export function begin(element) {
  const slot = slotOf(element);
  if (!element || !slot?.editable || now().broken || open?.element === element) return;
  finish();
  start(element, slot, slot.typed, null);
}

/** @param {HTMLElement} element @param {Slot} slot @param {string} text @param {[number, number] | null} selection */
function start(element, slot, text, selection) {
  const control = slot.choices.length ? select(slot, text) : area(slot, text);
  control.setAttribute("aria-label", slot.label);
  control.className = "editor";
  element.replaceChildren(control);
  element.classList.add("editing");
  open = { path: slot.path, begun: slot.typed, control, element };
  quiet = true;
  control.focus();
  quiet = false;
  if (control instanceof HTMLTextAreaElement) {
    if (selection) control.setSelectionRange(...selection);
    else control.select();
  }
  bus.dispatchEvent(new CustomEvent("editing", { detail: { slot, control } }));
}

/** @param {Slot} slot @param {string} text */
function area(slot, text) {
  const control = document.createElement("textarea");
  control.rows = 1;
  control.value = text;
  control.spellcheck = false;
  control.placeholder = slot.label;
  return control;
}

/** @param {Slot} slot @param {string} text */
function select(slot, text) {
  const control = document.createElement("select");
  const choices = slot.choices.includes(text) ? slot.choices : [text, ...slot.choices];
  for (const choice of choices) control.add(new Option(choice || "（没有选）", choice, false, choice === text));
  return control;
}

/** Ends the edit and saves what was typed. */
export function finish() {
  if (!open || composing) return;
  const { path, begun, control } = open;
  const typed = control.value;
  close();
  if (typed !== begun) put(path, typed);
}

/** Ends the edit and leaves everything as it was. */
export function giveUp() {
  const path = open?.path;
  close();
  if (path) focusQuietly(elementOf(path));
}

function close() {
  if (!open) return;
  const { element, path } = open;
  const slot = now().slots.find((one) => keyOf(one.path) === keyOf(path));
  open = null;
  element.classList.remove("editing");
  element.textContent = element.dataset.was ?? slot?.typed ?? "";
  bus.dispatchEvent(new CustomEvent("closed"));
}

/** @param {HTMLElement | null} element */
function focusQuietly(element) {
  quiet = true;
  element?.focus();
  quiet = false;
}

/** The places that can be edited, in their order. @returns {HTMLElement[]} */
function all() {
  return [...document.querySelectorAll("main .slot[role=button]")].filter(
    /** @returns {element is HTMLElement} */ (element) => element instanceof HTMLElement && !!slotOf(element)?.editable,
  );
}

/** Goes to the next place, or the one before. @param {number} by */
export function go(by) {
  const places = all();
  const at = open ? places.indexOf(open.element) : places.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const next = places[at + by];
  finish();
  if (next) begin(next);
  else focusQuietly(places[at] ?? null);
}

/** Goes to the place below in the same column, or to the next one. */
export function goDown() {
  const cell = open?.element.closest("[data-column]");
  const column = cell?.getAttribute("data-column");
  let row = cell?.closest("tr")?.nextElementSibling;
  const inCell = cell ? all().filter((one) => cell.contains(one)) : [];
  const later = open ? inCell[inCell.indexOf(open.element) + 1] : undefined;
  if (later) return go(1);
  while (row && column != null) {
    const below = row.querySelector(`[data-column="${column}"] .slot[role=button]`);
    if (below instanceof HTMLElement && slotOf(below)?.editable) {
      finish();
      return begin(below);
    }
    row = row.nextElementSibling;
  }
  return go(1);
}

/** @param {KeyboardEvent} event */
function keyed(event) {
  if (!open || event.isComposing || composing) return;
  if (event.key === "Escape") giveUp();
  else if (event.key === "Tab") go(event.shiftKey ? -1 : 1);
  else if (event.key === "Enter" && !event.shiftKey && !event.altKey && !event.ctrlKey) goDown();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** Puts the open field back into a page that was painted anew. */
function reopen() {
  if (!open) return;
  const { path, control } = open;
  const selection = /** @type {[number, number] | null} */ (
    control instanceof HTMLTextAreaElement ? [control.selectionStart, control.selectionEnd] : null
  );
  const text = control.value;
  const element = elementOf(path);
  const slot = slotOf(element);
  open = null;
  if (element && slot?.editable) start(element, slot, text, selection);
}

/** Lets the form be edited. */
export function listen() {
  const main = document.querySelector("main");
  main?.addEventListener("focusin", (event) => {
    const element = event.target instanceof HTMLElement ? event.target.closest(".slot") : null;
    if (!quiet && element instanceof HTMLElement && !open?.element.contains(element)) begin(element);
  });
  main?.addEventListener("click", (event) => {
    const element = event.target instanceof HTMLElement ? event.target.closest(".slot") : null;
    if (element instanceof HTMLElement) begin(element);
  });
  main?.addEventListener("focusout", (event) => {
    if (open && event.target === open.control && !quiet && document.hasFocus()) queueMicrotask(leave);
  });
  main?.addEventListener("keydown", keyed);
  main?.addEventListener("keydown", (event) => {
    const element = event.target;
    const isPlace = element instanceof HTMLElement && element.classList.contains("slot");
    if (isPlace && !open && (event.key === "Enter" || event.key === "F2")) {
      begin(element);
      event.preventDefault();
    }
  });
  document.addEventListener("compositionstart", () => { composing = true; });
  document.addEventListener("compositionend", () => {
    composing = false;
    queueMicrotask(settle);
  });
  bus.addEventListener("painted", reopen);
}

function leave() {
  if (open && document.activeElement !== open.control) finish();
}
