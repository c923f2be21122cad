// The list of all files on the page: years, in them units, in them files. A unit's files are put there when it is opened.

import { element } from "./elements.js";
import { STAGES, UNKNOWN, MISSING, all, beforeOf, isWanted, rowOf, rows } from "./listed.js";
import { addressOf, askForAfter, askForNew, rollOver } from "./making.js";

/** @typedef {import("./listed.js").Row} Row */

const FEW = 40;
/** How many files are listed of those that are looked for. */
export const MOST = 300;
/** @type {Map<string, boolean>} what somebody opened or closed, by its key */
const chosen = new Map();
/** @type {Map<string, {state: HTMLElement}>} */
const shown = new Map();
/** @type {{element: HTMLElement, rows: () => Row[]}[]} */
let sums = [];

/**
 * Puts the list on the page; gives how many files are in it.
 * @param {HTMLElement} place @param {{text: string, form: string, stage: string}} wanted
 */
export function paint(place, wanted) {
  const focused = document.activeElement?.closest("[data-key]")?.getAttribute("data-key");
  const isNarrow = !!(wanted.text.trim() || wanted.form || wanted.stage);
  const found = rows().filter((row) => isWanted(row, wanted));
  shown.clear();
  sums = [];
  const years = grouped(isNarrow ? found.slice(0, MOST) : found, (row) => row.year);
  const newest = years.keys().next().value ?? "";
  place.replaceChildren(...[...years].map(([year, of]) => yearPart(year, of, isNarrow, year === newest)));
  if (focused) /** @type {HTMLElement | null} */ (place.querySelector(`[data-key="${CSS.escape(focused)}"]`))?.focus();
  return found.length;
}

/** @template T @param {T[]} list @param {(one: T) => string} by @returns {Map<string, T[]>} */
function grouped(list, by) {
  const found = new Map();
  for (const one of list) {
    const key = by(one);
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(one);
  }
  return found;
}

/** @param {string} year @param {Row[]} of @param {boolean} isNarrow @param {boolean} isNewest */
function yearPart(year, of, isNarrow, isNewest) {
  const units = inOrder(of);
  const isOpen = isNarrow || of.length <= FEW;
  const fill = () => {
    let last = "";
    return [...units].flatMap(([unit, rows]) => {
      const group = rows[0].group;
      const head = group && group !== last ? [element("h3", {}, group)] : [];
      last = group;
      return [...head, unitPart(year, unit, rows, isOpen, isNarrow)];
    });
  };
  return folded(`year:${year}`, "year", isNarrow || isNewest, isNarrow, [element("h2", {}, `${year} 年`), sum(of, units.size)], fill);
}

/** The units of a year: as the list of units has them, then by their names. @param {Row[]} of */
function inOrder(of) {
  const order = new Map(all.units.map((one, number) => [one.unit, number]));
  const units = [...grouped(of, (row) => row.unit)];
  const place = (/** @type {string} */ unit) => order.get(unit) ?? order.size;
  const groups = new Map();
  for (const [unit, [row]] of units) groups.set(row.group, Math.min(groups.get(row.group) ?? Infinity, place(unit)));
  units.sort(([a, [one]], [b, [other]]) =>
    groups.get(one.group) - groups.get(other.group) || place(a) - place(b) || a.localeCompare(b, "zh"));
  return new Map(units);
}

/** @param {string} year @param {string} unit @param {Row[]} of @param {boolean} isOpen @param {boolean} isNarrow */
function unitPart(year, unit, of, isOpen, isNarrow) {
  const head = [element("span", { class: "name" }, unit), sum(of)];
  return folded(`unit:${year}:${unit}`, "unit", isOpen, isNarrow, head, () => [element("ul", { class: "files" }, ...of.map(line))]);
}

/**
 * A part that can be folded; what is in it is made when it is opened first.
 * @param {string} key @param {string} kind @param {boolean} isOpen @param {boolean} isNarrow
 * @param {HTMLElement[]} head @param {() => HTMLElement[]} fill
 */
function folded(key, kind, isOpen, isNarrow, head, fill) {
  const made = element("details", { class: kind }, element("summary", { "data-key": key }, ...head));
  let isFilled = false;
  const open = () => {
    if (!isFilled) made.append(...fill());
    isFilled = true;
  };
  made.open = isNarrow ? true : chosen.get(key) ?? isOpen;
  if (made.open) open();
  made.addEventListener("toggle", () => {
    if (made.open) open();
    if (!isNarrow) chosen.set(key, made.open);
  });
  return made;
}

/** How many files of which state there are. @param {Row[]} of @param {number} [units] */
function sum(of, units) {
  const made = element("span", { class: "sum" });
  const entry = { element: made, rows: () => of.map(fresh) };
  sums.push(entry);
  made.dataset.units = units ? String(units) : "";
  tellSum(entry);
  return made;
}

/** A row as its file stands now. @param {Row} row */
function fresh(row) {
  return row.file && all.known.states[row.file] ? { ...row, stage: all.known.states[row.file].stage } : row;
}

/** @param {{element: HTMLElement, rows: () => Row[]}} entry */
function tellSum({ element: place, rows: of }) {
  const now = of();
  const there = now.filter((row) => row.file).length;
  const parts = STAGES.map((stage) => /** @type {const} */ ([stage, now.filter((row) => row.stage === stage && !row.excuse).length]));
  const counts = parts.filter(([, count]) => count).map(([stage, count]) => element("span", { class: `stage s${STAGES.indexOf(stage)}` }, `${stage} ${count}`));
  const units = place.dataset.units ? `${place.dataset.units} 个单位，` : "";
  place.replaceChildren(element("span", { class: "count" }, `${units}${there} 份`), ...counts);
}

/** @param {Row} row */
function line(row) {
  const state = element("span", { class: "state" });
  tellState(state, row);
  const name = row.subject ? [element("span", { class: "subject" }, row.subject), element("span", { class: "form" }, row.title)] : [element("span", { class: "subject" }, row.title)];
  if (!row.file) return element("li", { class: "missing" }, element("span", { class: "link" }, ...name), state, row.excuse ? null : begin(row));
  shown.set(row.file, { state });
  const link = element("a", { href: addressOf(row.file), class: "link", "data-key": row.key, title: row.file }, ...name);
  return element("li", {}, link, state, after(row));
}

/** @param {Row} row */
function after(row) {
  const form = all.forms.find((one) => one.form === row.form);
  if (!form || (!form.rolls && !form.next.length)) return null;
  const open = () => askForAfter(row.file, { title: form.title, year: row.year, rolls: form.rolls, next: form.next });
  const name = [row.unit, row.subject, row.title].filter(Boolean).join(" ");
  return element("button", { type: "button", "aria-haspopup": "dialog", "aria-label": `接着做… ${name}`, "data-key": `after:${row.key}`, onclick: open }, "接着做…");
}

/** What begins a file that is missing. @param {Row} row */
function begin(row) {
  const before = beforeOf(row);
  const trouble = element("span", { role: "alert", class: "trouble" });
  const name = `${row.unit} ${row.title}`;
  const act = before
    ? element("button", { type: "button", "aria-label": `从上年的续写 ${name}`, onclick: () => rollOver(before, trouble) }, "从上年的续写")
    : element("button", { type: "button", "aria-haspopup": "dialog", "aria-label": `新建… ${name}`, onclick: () => askForNew(all.forms, names(), row) }, "新建…");
  return element("span", {}, act, trouble);
}

/** The names of all units that are known. */
export function names() {
  return [...new Set([...all.units.map((one) => one.unit), ...all.files.map((file) => rowOf(file).unit)])];
}

/** @param {HTMLElement} place @param {Row} row */
function tellState(place, row) {
  const number = row.stage === UNKNOWN ? "x" : STAGES.indexOf(row.stage);
  const stage = row.excuse ? "不交" : row.stage === MISSING ? MISSING : row.stage;
  place.replaceChildren(element("span", { class: `stage s${row.excuse ? "x" : number}` }, stage), " ", row.said.join("；"));
}

/** Shows anew how some files stand, and the sums; nothing else of the page changes. @param {string[]} files */
export function refresh(files) {
  const wanted = new Set(files);
  for (const file of all.files) {
    const place = wanted.has(file.file) && shown.get(file.file);
    if (place) tellState(place.state, rowOf(file));
  }
  sums.forEach(tellSum);
}
