// The buttons of findings, fields and explanations: each says in its data what it does.

import { root } from "./api.js";
import { unfold } from "./folds.js";
import { edit, put, save } from "./saving.js";
import { bus, elementOf, now, tell } from "./view.js";

/** @typedef {import("./types.js").Step} Step */

/** Goes to a place of the form, or of what stands below it. @param {Element | null} place */
export function goTo(place) {
  if (!(place instanceof HTMLElement)) return tell("这一处不在表上。");
  unfold(place);
  if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
  place.scrollIntoView({ block: "center" });
  place.focus({ preventScroll: true });
}

/** @param {string | undefined} text @returns {Step[]} */
const path = (text) => JSON.parse(text ?? "[]");

/** Goes to a place, or to the first of a row; of a figure that is not printed to how it is computed. @param {Step[]} path */
function lead(path) {
  const inside = now().slots.find((slot) => path.every((step, number) => slot.path[number] === step));
  const place = elementOf(path) ?? (inside ? elementOf(inside.path) : null);
  if (place) goTo(place);
  else bus.dispatchEvent(new CustomEvent("explain", { detail: path }));
}

/** The next place that is not filled in, after the one where somebody is. */
function nextHole() {
  const places = [...document.querySelectorAll("main .slot.found.hole")];
  const from = document.querySelector("main .slot.editing") ?? document.querySelector("main .slot.visited");
  const later = places.find((one) => from && from.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
  goTo(later ?? places[0] ?? null);
}

/** @param {string} text */
async function copy(text) {
  await navigator.clipboard.writeText(text).then(() => tell(`已复制 ${text}`), () => tell(text));
}

/** @type {Record<string, (data: DOMStringMap) => unknown>} */
const ACTS = {
  open: (data) => location.assign(`${root}file/${(data.open ?? "").split("/").map(encodeURIComponent).join("/")}`),
  goto: (data) => goTo(document.querySelector(`main .slot[data-slot="${data.goto}"]`)),
  lead: (data) => lead(path(data.lead)),
  stranger: (data) => goTo([...document.querySelectorAll("#rest [data-drop]")].find((one) => one.getAttribute("data-drop") === data.stranger) ?? null),
  edit: (data) => edit(JSON.parse(data.edit ?? "{}")),
  drop: (data) => edit({ kind: "drop", path: path(data.drop) }),
  remove: (data) => edit({ kind: "remove", path: path(data.remove) }),
  add: (data) => edit({ kind: "add", rows: path(data.add), at: Number(data.at) }),
  offer: (data) => put(path(data.path), data.offer ?? ""),
  repair: () => save("api/repair", {}),
  copy: (data) => copy(data.copy ?? ""),
  nextHole,
};

/** @param {Event} event */
function clicked(event) {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  for (const [name, act] of Object.entries(ACTS)) if (button && name in button.dataset) act(button.dataset);
}

/** A new member under a name that somebody chose. @param {SubmitEvent} event */
function submitted(event) {
  const form = event.target instanceof HTMLFormElement ? event.target : null;
  if (!form?.dataset.into) return;
  event.preventDefault();
  const given = new FormData(form);
  const name = String(given.get("name")).trim();
  const into = path(form.dataset.into);
  if (now().slots.some((slot) => JSON.stringify(slot.path) === JSON.stringify([...into, name]))) {
    return tell(`已经有“${name}”了。`);
  }
  if (name) put([...into, name], String(given.get("text"))).then((made) => { if (made) form.reset(); });
}

/** @param {Event} event */
function renamed(event) {
  const input = event.target instanceof HTMLInputElement ? event.target : null;
  if (!input?.dataset.rename) return;
  const was = path(input.dataset.rename);
  const name = input.value.trim();
  if (!name || name === was.at(-1)) input.value = String(was.at(-1));
  else edit({ kind: "rename", path: was, name }).then((made) => { if (!made) input.value = String(was.at(-1)); });
}

/** Goes to the place that the address names. */
function arrive() {
  const wanted = decodeURIComponent(location.hash.slice(1));
  if (!wanted.startsWith("[")) return;
  try {
    goTo(elementOf(JSON.parse(wanted)));
  } catch {
    // an address that somebody typed
  }
}

/** Lets the buttons do what they say. */
export function listen() {
  document.addEventListener("click", clicked);
  document.addEventListener("submit", submitted);
  document.addEventListener("change", renamed);
  document.addEventListener("focusin", (event) => {
    const place = event.target instanceof Element ? event.target.closest("main .slot") : null;
    if (!place) return;
    for (const one of document.querySelectorAll(".slot.visited")) one.classList.remove("visited");
    place.classList.add("visited");
  });
  bus.addEventListener("painted", arrive, { once: true });
  addEventListener("hashchange", arrive);
}
