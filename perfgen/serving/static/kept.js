// What was typed and is not saved: it stays in the window, marked, until it is saved or given up.

import { element } from "./elements.js";
import { isSame, located, slotAt } from "./located.js";
import { put } from "./saving.js";
import { again, bus, elementOf, keyOf, now, part, tell } from "./view.js";

/** @typedef {import("./types.js").Step} Step */
/** @typedef {{path: Step[], text: string, label: string, why: string, foreign: boolean, offline: boolean, basis: string | undefined}} Kept */

/** Why a place is not overwritten. */
const OTHER = "这一处刚刚在别处改了。";

/** @type {Kept[]} */
let all = [];

/** Whether anything is not saved. */
export const hasKept = () => all.length > 0;

/** What was typed at a path and is not saved; undefined where nothing is. @param {Step[]} path */
export const keptText = (path) => all.find((one) => isSame(one.path, path))?.text;

/**
 * Keeps what was typed at a path; without a text, forgets what was kept there.
 * @param {Step[]} path @param {string | undefined} text @param {string} why @param {string} label
 * @param {boolean} [foreign] whether the file holds something else there meanwhile
 */
export function keep(path, text, why, label, foreign = false, offline = false) {
  const had = all.length;
  all = all.filter((one) => !isSame(one.path, path));
  if (text !== undefined) {
    all.push({ path, text, label, why, foreign, offline, basis: slotAt(now(), path)?.typed });
    tell(foreign ? `没有覆盖别处的改动：${why}你填的还在窗口里。` : `没有保存：${why}`);
  }
  if (text === undefined && had === all.length) return;
  list();
  mark();
}

/** @param {Kept} one */
function retry(one) {
  if (!one.foreign && slotAt(now(), one.path)?.typed !== one.basis) return keep(one.path, one.text, OTHER, one.label, true);
  keep(one.path, undefined, "", one.label);
  tell("");
  again();
  return put(one.path, one.text);
}

/** @param {Kept} one */
function drop(one) {
  keep(one.path, undefined, "", one.label);
  tell("");
  again();
}

function list() {
  const box = part("kept");
  box.hidden = !all.length;
  box.replaceChildren(...all.map(entry));
  bus.dispatchEvent(new CustomEvent("kept"));
}

/** @param {Kept} one */
function entry(one) {
  const theirs = slotAt(now(), one.path);
  const button = (/** @type {string} */ text, /** @type {(one: Kept) => unknown} */ run) =>
    element("button", { type: "button", "aria-label": `${text}：${one.label}`, onclick: () => run(one) }, text);
  const go = () => elementOf(one.path)?.scrollIntoView({ block: "center" });
  return element(
    "div",
    { class: "kept" },
    element(
      "p",
      {},
      element("button", { type: "button", class: "link", onclick: go }, one.label),
      one.foreign ? ` ${one.why}` : ` 没有保存：${one.why}`,
    ),
    line("你填的", one.text),
    one.foreign && theirs && line("文件里现在的", theirs.typed),
    (!one.foreign || theirs) && button(one.foreign ? "用我的" : "再试", retry),
    button(!one.foreign ? "放弃" : theirs ? "用文件里的" : "不要了", drop),
  );
}

/** @param {string} name @param {string} text */
const line = (name, text) => element("p", {}, element("span", { class: "label" }, name), " ", element("q", {}, text || "（空）"));

/** Shows on the form what is not saved. */
function mark() {
  for (const place of document.querySelectorAll("main .unsaved")) place.classList.remove("unsaved");
  for (const one of all) {
    const place = elementOf(one.path);
    if (!place || place.classList.contains("editing")) continue;
    place.textContent = one.text;
    place.setAttribute("aria-label", `${one.label}：${one.text || "空"}（没有保存）`);
    place.classList.add("unsaved");
  }
}

/** Lets what could not be saved be kept. */
export function listen() {
  bus.addEventListener("refused", (event) => {
    const { status, change, trouble } = /** @type {CustomEvent} */ (event).detail;
    if (change.text === undefined || !change.path) return;
    const label = slotAt(now(), change.path)?.label ?? String(change.path.at(-1));
    keep(change.path, change.text, status === 409 ? OTHER : trouble, label, status === 409, !status);
  });
  bus.addEventListener("painted", (event) => {
    const { before, view, change } = /** @type {CustomEvent} */ (event).detail;
    for (const one of all) if (before) one.path = located(one.path, before, view, change) ?? one.path;
    if (all.length) list();
    mark();
  });
  bus.addEventListener("connected", (event) => {
    if (/** @type {CustomEvent} */ (event).detail) all.filter((one) => one.offline).forEach(retry);
  });
}
