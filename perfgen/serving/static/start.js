// The first page: all files with their states, and what begins new ones.

import { Refused } from "./api.js";
import { element } from "./elements.js";
import { hear } from "./events.js";
import * as importing from "./importing.js";
import { MOST, names, paint, refresh } from "./list_view.js";
import { MISSING, STAGES, all, isSpelt, load, rowOf, spell, take } from "./listed.js";
import { addressOf, askForNew } from "./making.js";
import * as recent from "./recent.js";

/** @param {string} id */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const text = /** @type {HTMLInputElement} */ (part("text"));
const form = /** @type {HTMLSelectElement} */ (part("form"));
const stage = /** @type {HTMLSelectElement} */ (part("stage"));
const PAUSE = 250;
let later = 0;

const wanted = () => ({ text: text.value, form: form.value, stage: stage.value });
const context = () => ({ forms: all.forms });

/** Shows the list as it is wanted. */
function show() {
  const count = paint(part("list"), wanted());
  const isNarrow = text.value.trim() || form.value || stage.value;
  part("found").textContent = isNarrow ? foundWords(count) : "";
  part("empty").hidden = all.files.length > 0;
  part("search").hidden = part("hint").hidden = all.files.length === 0;
  tellProgress();
}

/** @param {number} count */
function foundWords(count) {
  if (count > MOST) return `找到 ${count} 份，列出前 ${MOST} 份；再写几个字。`;
  if (count) return `找到 ${count} 份。`;
  return isSpelt || !text.value ? "没有找到。" : "正在看拼音……";
}

/** How far the states are known, and what is wrong beside the files. */
function tellProgress() {
  const { left, total, done } = all.known;
  part("progress").textContent = done || !all.files.length ? "" : left ? `正在检查：${total - left}/${total} 份` : left === 0 ? "正在检查各单位之间的" : "正在检查……";
  const troubles = [...all.troubles, ...all.known.troubles.filter((one) => !all.troubles.includes(one))];
  part("troubles").replaceChildren(...troubles.map((trouble) => element("li", {}, trouble)));
}

/** What can be chosen, of what there is. */
function fillChoices() {
  const [first] = form.options;
  const was = form.value;
  form.replaceChildren(first, ...all.forms.map((one) => new Option(one.title, one.form, false, one.form === was)));
  if (stage.options.length === 1) for (const one of STAGES) stage.add(new Option(one === MISSING ? "没交的" : one, one));
}

/** The files that were opened last. */
function showRecent() {
  const known = new Map(all.files.map((file) => [file.file, file]));
  const files = recent.files().flatMap((name) => known.get(name) ?? []);
  const links = files.map((file) => {
    const row = rowOf(file);
    const words = [row.year, row.unit, row.subject || row.title].join(" ");
    return element("li", {}, element("a", { href: addressOf(file.file) }, words));
  });
  part("recent").hidden = !links.length || all.files.length <= 6;
  part("recent-files").replaceChildren(...links);
}

async function reload() {
  try {
    await load();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    part("progress").textContent = error.message;
    return;
  }
  fillChoices();
  showRecent();
  show();
}

/** Shows the list again when nothing more came for a moment. @param {() => void} act */
function soon(act) {
  clearTimeout(later);
  later = setTimeout(act, PAUSE);
}

/** @param {import("./listed.js").Known} told */
function takeIn(told) {
  const before = new Map(Object.keys(told.states).map((file) => [file, unitOf(file)]));
  const missing = JSON.stringify(all.known.missing);
  const isOther = take(told);
  tellProgress();
  if (isOther) return soon(reload);
  const isMoved = [...before].some(([file, unit]) => unitOf(file) !== unit && isPathOther(file));
  if (isMoved || stage.value || missing !== JSON.stringify(all.known.missing)) soon(show);
  else refresh(Object.keys(told.states));
}

/** @param {string} file */
const unitOf = (file) => all.known.states[file]?.unit;

/** Whether a file names another unit, or says more of what it is about, than its path. @param {string} file */
function isPathOther(file) {
  const found = all.files.find((one) => one.file === file);
  const state = all.known.states[file];
  return !!found && !!state && (state.unit !== found.unit || state.subject !== (found.name === found.unit ? "" : found.name));
}

for (const place of ["make", "import"]) {
  for (const one of document.querySelectorAll(`[data-act="${place}"]`)) {
    one.replaceWith(place === "import" ? importing.chooser(context) : element(
      "button",
      { type: "button", class: "main", "aria-haspopup": "dialog", onclick: () => askForNew(all.forms, names(), {}) },
      "新建…",
    ));
  }
}
text.addEventListener("focus", async () => {
  await spell();
  if (text.value) show();
});
text.addEventListener("input", () => soon(show));
for (const one of [form, stage]) one.addEventListener("change", show);
part("search").addEventListener("submit", (event) => {
  event.preventDefault();
  const first = document.querySelector("#list a");
  if (first instanceof HTMLElement) first.click();
});
importing.listen(context);
await reload();
hear({
  states: takeIn,
  everything: reload,
  open: reload, // what happened before it listened
});
