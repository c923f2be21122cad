// The form as the server last gave it, painted into the page; who needs to know of a new one listens to `painted`.

import { get } from "./api.js";

/** @typedef {import("./types.js").View} View */
/** @typedef {import("./types.js").Slot} Slot */
/** @typedef {import("./types.js").Step} Step */

/** Tells `painted` (a View, and whether it came from elsewhere), `told` (a sentence). */
export const bus = new EventTarget();

export const file = document.body.dataset.file ?? "";

/** @type {View | null} */
let view = null;
/** @type {(() => void)[]} */
const waiting = [];
/** @type {Set<() => boolean>} */
const busy = new Set();

/** @returns {View} */
export function now() {
  if (!view) throw new Error("no view yet");
  return view;
}

/** Says what keeps the page from being painted for a moment, such as a half-typed syllable. @param {() => boolean} test */
export const notWhile = (test) => busy.add(test);

/** Paints what had to wait. */
export function settle() {
  while (waiting.length && ![...busy].some((test) => test())) waiting.shift()?.();
}

/** @param {Step[]} path */
export const keyOf = (path) => JSON.stringify(path);

/** @param {string} id @returns {HTMLElement} */
export function part(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(id);
  return found;
}

/** The slot that an element stands for. @param {Element | null} element @returns {Slot | null} */
export function slotOf(element) {
  const number = element?.closest("[data-slot]")?.getAttribute("data-slot");
  return number == null ? null : now().slots[Number(number)] ?? null;
}

/** The element of a value on the form or below it. @param {Step[]} path @returns {HTMLElement | null} */
export function elementOf(path) {
  const key = keyOf(path);
  const number = now().slots.findIndex((slot) => keyOf(slot.path) === key);
  return document.querySelector(`main .slot[data-slot="${number}"]`);
}

/** Says something to the person, also aloud. @param {string} text */
export function tell(text) {
  part("told").textContent = text;
  bus.dispatchEvent(new CustomEvent("told", { detail: text }));
}

/**
 * Shows what the server gave, now or as soon as nothing keeps it from being painted.
 * @param {View} given
 * @param {boolean} [fromElsewhere]
 */
export function show(given, fromElsewhere = false) {
  waiting.push(() => paint(given, fromElsewhere));
  settle();
}

/** What the server calls what is shown; empty before anything is. */
export const seen = () => view?.seen ?? "";

/** @type {Promise<void> | null} */
let asking = null;
let again = false;

/** Asks for the file as it is now, and shows it where it is not what is shown. @returns {Promise<void>} */
export function refresh() {
  if (asking) again = true;
  else asking = ask().finally(() => { asking = null; });
  return asking ?? Promise.resolve();
}

async function ask() {
  do {
    again = false;
    const before = seen();
    const given = await get(`api/window?file=${encodeURIComponent(file)}&seen=${before}`);
    if (seen() !== before) again = true; // a change of this window came in between: what was asked for may be older
    else if (given.seen !== before) show(given, view !== null);
  } while (again);
}

/** @param {View} given @param {boolean} fromElsewhere */
function paint(given, fromElsewhere) {
  const before = printed();
  view = given;
  bus.dispatchEvent(new CustomEvent("painting"));
  part("title").textContent = given.title ?? given.file;
  for (const name of /** @type {const} */ (["form", "rest", "findings"])) {
    part(name).innerHTML = given.html[name];
  }
  mark(before, fromElsewhere);
  bus.dispatchEvent(new CustomEvent("painted", { detail: { view: given, fromElsewhere } }));
}

/** What stands in each place of the form. @returns {Map<string, string>} */
function printed() {
  const found = new Map();
  if (view) {
    for (const element of document.querySelectorAll("#form .slot")) {
      const slot = slotOf(element);
      if (slot) found.set(keyOf(slot.path), element.textContent ?? "");
    }
  }
  return found;
}

/** Marks what is not what it was. @param {Map<string, string>} before @param {boolean} fromElsewhere */
function mark(before, fromElsewhere) {
  if (!before.size) return;
  let first = null;
  for (const element of document.querySelectorAll("#form .slot")) {
    const slot = slotOf(element);
    if (slot && before.get(keyOf(slot.path)) !== element.textContent) {
      element.classList.add("changed");
      first ??= element;
    }
  }
  if (fromElsewhere) first?.scrollIntoView({ block: "center" });
}
