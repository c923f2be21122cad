// What was typed and is not saved: it stays in the window, marked, until it is saved or given up.

import { element } from "./elements.js";
import { isSame, slotAt, whereabouts } from "./located.js";
import { GONE, put } from "./saving.js";
import { again, bus, elementOf, now, part, tell } from "./view.js";

/** @typedef {import("./types.js").Step} Step */
/**
 * How it comes that something is kept: the file holds something else there, nobody was there to save it, or the place
 * is gone (its path is then the last one that it had).
 * @typedef {{foreign?: boolean, offline?: boolean, gone?: boolean}} How
 * @typedef {How & {path: Step[], text: string, label: string, why: string, basis: string | undefined}} Kept
 */

/** Why a place is not overwritten. */
const OTHER = "这一处刚刚在别处改了。";

/** @type {Kept[]} */
let all = [];

/** Whether anything is not saved. */
export const hasKept = () => all.length > 0;

/** What was typed at a path and is not saved; undefined where nothing is. @param {Step[]} path */
export const keptText = (path) => at(path)?.text;

/** @param {Step[]} path */
const at = (path) => all.find((one) => !one.gone && isSame(one.path, path));

/**
 * Keeps what was typed at a path; without a text, forgets what was kept there.
 * @param {Step[]} path @param {string | undefined} text @param {string} why @param {string} label @param {How} [how]
 */
export function keep(path, text, why, label, how = {}) {
  const had = all.length;
  const old = how.gone ? undefined : at(path);
  all = all.filter((one) => one !== old);
  if (text !== undefined) {
    all.push({ path, text, label, why, basis: slotAt(now(), path)?.typed, ...how });
    tell(`${how.foreign ? "没有覆盖别处的改动" : "没有保存"}：${why}${how.foreign || how.gone ? "你填的还在窗口里。" : ""}`);
  }
  if (text === undefined && had === all.length) return;
  list();
  mark();
}

/** @param {Kept} one */
function retry(one) {
  if (!one.foreign && slotAt(now(), one.path)?.typed !== one.basis) return keep(one.path, one.text, OTHER, one.label, { foreign: true });
  keep(one.path, undefined, "", one.label);
  tell("");
  again();
  return put(one.path, one.text);
}

/** @param {Kept} one */
function drop(one) {
  all = all.filter((other) => other !== one);
  list();
  tell("");
  again();
  mark();
}

function list() {
  const box = part("kept");
  box.hidden = !all.length;
  box.replaceChildren(...all.map(entry));
  bus.dispatchEvent(new CustomEvent("kept"));
}

/** @param {Kept} one */
function entry(one) {
  const theirs = one.gone ? null : slotAt(now(), one.path);
  const hasPlace = !one.gone && (!one.foreign || theirs !== null);
  const button = (/** @type {string} */ text, /** @type {(one: Kept) => unknown} */ run) =>
    element("button", { type: "button", "aria-label": `${text}：${one.label}`, onclick: () => run(one) }, text);
  const go = () => elementOf(one.path)?.scrollIntoView({ block: "center" });
  return element(
    "div",
    { class: "kept" },
    element(
      "p",
      {},
      one.gone ? one.label : element("button", { type: "button", class: "link", onclick: go }, one.label),
      one.foreign ? ` ${one.why}` : ` 没有保存：${one.why}`,
    ),
    line("你填的", one.text),
    one.foreign && theirs && line("文件里现在的", theirs.typed),
    hasPlace && button(one.foreign ? "用我的" : "再试", retry),
    button(!hasPlace ? "不要了" : one.foreign ? "用文件里的" : "放弃", drop),
  );
}

/** @param {string} name @param {string} text */
const line = (name, text) => element("p", {}, element("span", { class: "label" }, name), " ", element("q", {}, text || "（空）"));

/** Shows on the form what is not saved. */
function mark() {
  for (const place of document.querySelectorAll("main .unsaved")) place.classList.remove("unsaved");
  for (const one of all) {
    const place = one.gone ? null : elementOf(one.path);
    if (!place || place.classList.contains("editing")) continue;
    place.textContent = one.text;
    place.setAttribute("aria-label", `${one.label}：${one.text || "空"}（没有保存）`);
    place.classList.add("unsaved");
  }
}

/** @param {Kept} one @param {Step[] | null} path where its place now is */
function follow(one, path) {
  if (one.gone) return;
  if (path) one.path = path;
  else Object.assign(one, { gone: true, foreign: false, offline: false, why: GONE });
}

/** Lets what could not be saved be kept. */
export function listen() {
  bus.addEventListener("refused", (event) => {
    const { status, change, gone, trouble } = /** @type {CustomEvent} */ (event).detail;
    if (change.text === undefined || !change.path) return;
    const label = (!gone && slotAt(now(), change.path)?.label) || String(change.path.at(-1));
    const foreign = status === 409 && !gone;
    keep(change.path, change.text, foreign ? OTHER : trouble, label, { foreign, offline: !status, gone });
  });
  bus.addEventListener("painted", (event) => {
    const { before, view, change } = /** @type {CustomEvent} */ (event).detail;
    if (before) for (const one of all) follow(one, whereabouts(one.path, before, view, change));
    if (all.length) list();
    mark();
  });
  bus.addEventListener("connected", (event) => {
    if (/** @type {CustomEvent} */ (event).detail) all.filter((one) => one.offline).forEach(retry);
  });
}
