// What is known of the cell where somebody is: what it is for, its findings, how it is computed or how the text is read.

import { Refused, get, post } from "./api.js";
import { findingsAt } from "./marks.js";
import { bus, elementOf, file, keyOf, now, part, slotOf } from "./view.js";

/** @typedef {import("./types.js").Step} Step */

const box = document.createElement("section");
/** The place that the box is about. @type {Step[] | null} */
let about = null;
/** The place that somebody came from. @type {Step[] | null} */
let from = null;
/** @type {(() => string) | null} */
let typed = null;
let returning = false;
let asked = 0;
let reading = 0;
let waiting = 0;

/** @param {Step[]} path */
async function show(path) {
  const ask = ++asked;
  about = path;
  if (elementOf(path)) from = path;
  clearTimeout(waiting);
  const found = await get(`api/about?file=${encodeURIComponent(file)}&path=${encodeURIComponent(keyOf(path))}`).catch(quiet);
  const writing = reasonIn(box);
  if (ask !== asked || !about || (writing && writing.value !== writing.dataset.was)) return;
  box.innerHTML = found?.html ?? "";
  box.append(...close(), ...findings(path));
  box.hidden = false;
  document.body.classList.add("helped");
  if (writing) again(writing.dataset.reason);
  read();
  keepInSight();
}

/** The reason that somebody is writing in an element. @param {Element} around */
function reasonIn(around) {
  const active = document.activeElement;
  return active instanceof HTMLTextAreaElement && around.contains(active) ? active : null;
}

/** Goes on where a reason was being written. @param {string | undefined} reason */
function again(reason) {
  const fields = [...box.querySelectorAll("textarea")];
  (fields.find((one) => one.dataset.reason === reason) ?? box).focus();
}

/** @param {unknown} error */
function quiet(error) {
  if (!(error instanceof Refused)) throw error;
}

function close() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "close";
  button.textContent = "×";
  button.setAttribute("aria-label", "收起说明");
  button.addEventListener("click", hide);
  return [button];
}

/** The findings about a place, as they stand in the list. @param {Step[]} path */
function findings(path) {
  const slot = now().slots.findIndex((one) => keyOf(one.path) === keyOf(path));
  const listed = findingsAt(slot).map((one) => document.querySelector(`#findings [data-finding="${one.number}"]`));
  const list = document.createElement("ul");
  list.className = "findings";
  for (const item of listed) {
    const copy = /** @type {HTMLElement | undefined} */ (item?.cloneNode(true));
    if (!copy) continue;
    for (const one of copy.querySelectorAll("[id], [for]")) renumber(one);
    list.append(copy);
  }
  return list.childElementCount ? [list] : [];
}

/** @param {Element} element */
function renumber(element) {
  for (const name of ["id", "for"]) {
    const value = element.getAttribute(name);
    if (value) element.setAttribute(name, `here-${value}`);
  }
}

/** Says how the text that is being typed is understood. */
function read() {
  clearTimeout(reading);
  if (typed) reading = setTimeout(understand, 120);
}

async function understand() {
  const path = about;
  if (!typed || !path) return;
  const text = typed();
  const said = await post("api/understood", { file, path, text }).catch(quiet);
  const place = box.querySelector(".understood");
  if (!said || path !== about || !typed || typed() !== text || !place) return;
  const parts = said.parts.map((/** @type {[string, string]} */ [name, what]) => piece("part", `${name}：${what}`));
  const troubles = said.trouble ? [piece("trouble", said.trouble)] : [];
  place.replaceChildren(...parts, ...troubles, ...said.remarks.map((/** @type {string} */ one) => piece("remark", one)));
}

/** @param {string} kind @param {string} text */
function piece(kind, text) {
  const made = document.createElement("span");
  made.className = kind;
  made.textContent = text;
  return made;
}

/** Moves the page where the box would lie on the cell. */
function keepInSight() {
  const place = about && elementOf(about);
  if (!place) return;
  const [cell, own] = [place.getBoundingClientRect(), box.getBoundingClientRect()];
  const isBeside = cell.right <= own.left || cell.left >= own.right;
  if (!isBeside && cell.bottom > own.top) scrollBy(0, cell.bottom - own.top + 16);
}

function hide() {
  const isInside = box.contains(document.activeElement);
  const path = from;
  about = null;
  asked += 1;
  box.hidden = true;
  document.body.classList.remove("helped");
  returning = true;
  if (isInside && path) elementOf(path)?.focus();
  returning = false;
}

/** Hides the box soon, where nobody is in it and no other place was begun. */
function hideSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    if (!box.contains(document.activeElement) && !document.activeElement?.closest("main .slot")) hide();
  }, 250);
}

/** @param {CustomEvent} event */
function begun(event) {
  const { slot, control, text } = event.detail;
  typed = text ?? (() => control.value ?? "");
  show(slot.path);
}

/** @param {KeyboardEvent} event */
function keyed(event) {
  const place = event.target instanceof Element ? event.target.closest("main .slot") : null;
  const isFixed = place?.matches(".figure, .foreign, .fixed");
  if (event.key === "Escape" && (isFixed || box.contains(/** @type {Node} */ (event.target)))) return hide();
  const isComputed = isFixed && (event.key === "Enter" || event.key === " ");
  if (!place || box.hidden || !(event.key === "F1" || isComputed)) return;
  event.preventDefault();
  box.focus();
}

/** Shows what is known of each place that somebody comes to. */
export function listen() {
  box.id = "help";
  box.hidden = true;
  box.tabIndex = -1;
  box.setAttribute("aria-label", "这一格");
  document.body.append(box);
  bus.addEventListener("editing", (event) => begun(/** @type {CustomEvent} */ (event)));
  bus.addEventListener("explain", (event) => {
    box.focus();
    show(/** @type {CustomEvent} */ (event).detail);
  });
  bus.addEventListener("closed", () => { typed = null; hideSoon(); });
  bus.addEventListener("painted", () => {
    const place = document.querySelector("main .slot.editing");
    const path = place ? slotOf(place)?.path : about;
    if (path && !box.hidden) show(path);
    else if (!box.hidden) hide();
  });
  part("main").addEventListener("input", read);
  part("main").addEventListener("focusin", (event) => {
    const place = event.target instanceof Element ? event.target.closest(".slot") : null;
    const slot = place?.matches(".figure, .foreign, .fixed") ? slotOf(place) : null;
    if (slot && !returning) show(slot.path);
  });
  part("main").addEventListener("focusout", hideSoon);
  box.addEventListener("focusout", hideSoon);
  // whoever presses a button here still types in the cell
  box.addEventListener("mousedown", (event) => {
    if (event.target instanceof Element && event.target.closest("button")) event.preventDefault();
  });
  document.addEventListener("keydown", keyed);
}
