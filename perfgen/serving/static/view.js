// The form as the server last gave it, painted into the page; who needs to know of a new one listens to `painted`.

import { get } from "./api.js";
import { patch } from "./patch.js";

/** @typedef {import("./types.js").View} View */
/** @typedef {import("./types.js").Slot} Slot */
/** @typedef {import("./types.js").Step} Step */
/** @typedef {import("./types.js").Change} Change */

/** Tells `given`, `painting` and `painted` (the views before and now, the change that it came of), `told` (a sentence). */
export const bus = new EventTarget();

export const file = document.body.dataset.file ?? "";

/** How many milliseconds a place that changed stays marked. */
const MARKED = 6000;
const PARTS = /** @type {const} */ (["form", "rest", "findings"]);
/** A row of the form, or a line of it. */
const LINES = "p[data-turns], tr, .block";

/** @type {View | null} */
let view = null;
/** @type {View | null} */
let newest = null;
/** @type {DocumentFragment | null} */
let shown = null;
let silence = 0;
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

/** When all is painted that was given so far. @returns {Promise<void>} */
export function painting() {
  return new Promise((resolve) => {
    const look = () => (waiting.length ? setTimeout(look, 20) : resolve());
    look();
  });
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

/** What the server last gave, painted or not yet. @returns {View} */
export const last = () => newest ?? now();

/** Its version. */
export const version = () => last().version;

/**
 * Says something to the person, also aloud.
 * @param {string} text @param {{label: string, run: () => void}} [action] what can be done about it
 */
export function tell(text, action) {
  const told = part("told");
  told.replaceChildren(text);
  told.classList.toggle("shown", text !== "");
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = action.label;
    button.addEventListener("click", () => { tell(""); action.run(); });
    told.append(button);
  }
  clearTimeout(silence);
  silence = setTimeout(() => { if (!told.matches(":hover, :focus-within")) told.classList.remove("shown"); }, 12000);
  bus.dispatchEvent(new CustomEvent("told", { detail: text }));
}

/**
 * Shows what the server gave, now or as soon as nothing keeps it from being painted.
 * @param {View} given
 * @param {Change | null} change what it came of; null where that was made elsewhere
 */
export function show(given, change = null) {
  const before = newest;
  newest = given;
  if (before) bus.dispatchEvent(new CustomEvent("given", { detail: { before, view: given, change } }));
  waiting.push(() => paint(given, change));
  settle();
}

/** What the server calls what is shown; empty before anything is. */
export const seen = () => newest?.seen ?? "";

/** @type {Promise<void> | null} */
let asking = null;
let anew = false;

/** Asks for the file as it is now, and shows it where it is not what is shown. @returns {Promise<void>} */
export function refresh() {
  if (asking) anew = true;
  else asking = ask().finally(() => { asking = null; });
  return asking ?? Promise.resolve();
}

async function ask() {
  do {
    anew = false;
    const before = seen();
    const given = await get(`api/window?file=${encodeURIComponent(file)}&seen=${before}`);
    if (seen() !== before) anew = true; // a change of this window came in between: what was asked for may be older
    else if (given.seen !== before) show(given);
  } while (anew);
}

/** Puts everything back as the server gave it, but for the place that is edited. */
export function again() {
  for (const name of PARTS) {
    const made = document.createElement("template");
    made.innerHTML = now().html[name];
    patch(part(name), made.content);
  }
}

/** @param {View} given @param {Change | null} change */
function paint(given, change) {
  const [before, old] = [view, shown];
  const fromElsewhere = change === null && before !== null;
  view = given;
  bus.dispatchEvent(new CustomEvent("painting", { detail: { before, view: given, change } }));
  part("title").textContent = given.title ?? given.file;
  again();
  const made = document.createElement("template");
  made.innerHTML = given.html.form;
  shown = made.content;
  if (old && before && shown) mark(differing(old, before, shown, given), fromElsewhere);
  bus.dispatchEvent(new CustomEvent("painted", { detail: { before, view: given, change, fromElsewhere } }));
}

/**
 * The numbers of the places that show something else than they did, in rows that were not there as they are.
 * @param {DocumentFragment} old @param {View} before @param {DocumentFragment} made @param {View} after
 */
function differing(old, before, made, after) {
  /** @type {Map<string, string>} */
  const texts = new Map();
  for (const element of old.querySelectorAll("[data-slot]")) {
    const slot = before.slots[Number(element.getAttribute("data-slot"))];
    if (slot) texts.set(keyOf(slot.path), element.textContent ?? "");
  }
  const rows = new Set([...old.querySelectorAll(LINES)].map(values));
  const found = new Set();
  for (const element of made.querySelectorAll("[data-slot]")) {
    const number = element.getAttribute("data-slot") ?? "";
    const slot = after.slots[Number(number)];
    const isNew = slot && texts.get(keyOf(slot.path)) !== (element.textContent ?? "");
    if (isNew && !rows.has(values(element.closest(LINES)))) found.add(number);
  }
  return found;
}

/** The values in a line, without the words between them. @param {Element | null} line */
const values = (line) => JSON.stringify([...line?.querySelectorAll(".slot") ?? []].map((slot) => slot.textContent));

/** Marks places for some seconds. @param {Set<string>} numbers @param {boolean} fromElsewhere */
function mark(numbers, fromElsewhere) {
  let first = null;
  for (const element of document.querySelectorAll("#form .slot")) {
    if (!numbers.has(element.getAttribute("data-slot") ?? "")) continue;
    element.classList.remove("changed");
    requestAnimationFrame(() => element.classList.add("changed"));
    setTimeout(() => element.classList.remove("changed"), MARKED);
    first ??= element;
  }
  if (fromElsewhere && !document.querySelector(".editing")) first?.scrollIntoView({ block: "center" });
}
