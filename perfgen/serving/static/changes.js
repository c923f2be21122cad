// What changed in the file, in words, and the reasons for it.

import { get } from "./api.js";
import { put } from "./saving.js";
import { file, keyOf, now, part } from "./view.js";

/** @typedef {import("./types.js").Step} Step */

const SINCE = [
  ["base", "这次改的"],
  ["year", "和去年比"],
];
let since = "base";
/** @type {HTMLElement | null} */
let list = null;

/** Shows what changed. @param {HTMLElement} panel */
export async function load(panel) {
  list ??= begin(panel);
  const asked = since;
  if (!list.childNodes.length) list.textContent = "正在比较……";
  const found = await get(`api/changes?file=${encodeURIComponent(file)}&since=${asked}`);
  if (asked !== since || isTyping(list)) return;
  list.innerHTML = found.html;
}

/** Whether somebody is writing a reason, which must not be lost. @param {HTMLElement} here */
function isTyping(here) {
  return [...here.querySelectorAll("textarea")].some((area) => area.value !== area.dataset.was);
}

/** @param {HTMLElement} panel */
function begin(panel) {
  const made = document.createElement("div");
  panel.append(choice(panel), made);
  made.addEventListener("click", (event) => {
    const element = event.target instanceof Element ? event.target.closest("button") : null;
    if (element?.dataset.path) lead(JSON.parse(element.dataset.path));
    else if (element && "save" in element.dataset) write(element.closest(".answer")?.querySelector("textarea") ?? null);
  });
  made.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    if (!(event.target instanceof HTMLTextAreaElement)) return;
    event.preventDefault();
    write(event.target);
  });
  return made;
}

/** @param {HTMLElement} panel */
function choice(panel) {
  const set = document.createElement("fieldset");
  const legend = document.createElement("legend");
  legend.textContent = "和什么比";
  legend.className = "hidden";
  set.className = "since";
  set.append(legend);
  for (const [name, title] of SINCE) {
    const label = document.createElement("label");
    const input = document.createElement("input");
    Object.assign(input, { type: "radio", name: "since", value: name, checked: name === since });
    input.addEventListener("change", () => {
      since = name;
      list?.replaceChildren();
      load(panel);
    });
    label.append(input, title);
    set.append(label);
  }
  return set;
}

/** Writes a reason where the form keeps it. @param {HTMLTextAreaElement | null} area */
async function write(area) {
  if (!area || area.value.trim() === area.dataset.was) return;
  if (await put(JSON.parse(area.dataset.reason ?? "[]"), area.value.trim())) area.dataset.was = area.value;
}

/** Goes to the value of a path on the form, or to the first one of a row. @param {Step[]} path */
function lead(path) {
  const { slots } = now();
  const key = keyOf(path);
  const inside = `${key.slice(0, -1)},`;
  let number = slots.findIndex((slot) => keyOf(slot.path) === key);
  if (number < 0) number = slots.findIndex((slot) => keyOf(slot.path).startsWith(inside));
  const element = part("main").querySelector(`.slot[data-slot="${number}"]`);
  if (!(element instanceof HTMLElement)) return;
  element.scrollIntoView({ block: "center" });
  element.focus();
}
