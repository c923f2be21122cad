// What was typed and is not saved: it stays in the window, marked, until it is saved or given up.

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
  again();
  return put(one.path, one.text);
}

/** @param {Kept} one */
function drop(one) {
  keep(one.path, undefined, "", one.label);
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
  const item = document.createElement("div");
  item.className = "kept";
  const theirs = slotAt(now(), one.path);
  item.append(head(one), line("你填的", one.text));
  if (one.foreign && theirs) {
    item.append(line("文件里现在的", theirs.typed));
    item.append(button("用我的", () => retry(one), one), button("用文件里的", () => drop(one), one));
  } else if (one.foreign) item.append(button("不要了", () => drop(one), one));
  else item.append(button("再试", () => retry(one), one), button("放弃", () => drop(one), one));
  return item;
}

/** @param {Kept} one */
function head(one) {
  const head = document.createElement("p");
  const go = button(one.label, () => elementOf(one.path)?.scrollIntoView({ block: "center" }));
  go.className = "link";
  head.append(go, one.foreign ? ` ${one.why}` : ` 没有保存：${one.why}`);
  return head;
}

/** @param {string} name @param {string} text */
function line(name, text) {
  const made = document.createElement("p");
  const label = document.createElement("span");
  label.className = "label";
  label.textContent = name;
  const value = document.createElement("q");
  value.textContent = text || "（空）";
  made.append(label, " ", value);
  return made;
}

/** @param {string} text @param {() => unknown} run @param {Kept} [of] */
function button(text, run, of) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  if (of) made.setAttribute("aria-label", `${text}：${of.label}`);
  made.addEventListener("click", run);
  return made;
}

/** Shows on the form what is not saved. */
function mark() {
  for (const element of document.querySelectorAll("main .unsaved")) element.classList.remove("unsaved");
  for (const one of all) {
    const element = elementOf(one.path);
    if (!element || element.classList.contains("editing")) continue;
    element.textContent = one.text;
    element.setAttribute("aria-label", `${one.label}：${one.text || "空"}（没有保存）`);
    element.classList.add("unsaved");
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
