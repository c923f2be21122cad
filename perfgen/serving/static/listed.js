// All files with their states, as the server last told of them; what of them is looked for.

import { get } from "./api.js";
import { isMeant, plain } from "./searching.js";

/**
 * @typedef {{stage: string, said: string[], unit: string, group: string, subject: string, errors: number,
 *   warnings: number, holes: number}} State
 * @typedef {{file: string, year: string, form: string, title: string, unit: string, name: string, group: string}} File
 * @typedef {{year: string, unit: string, form: string, title: string, group: string, excuse: string,
 *   deadline: string}} Missing
 * @typedef {{states: Record<string, State>, gone?: string[], left: number | null, total: number, done: boolean,
 *   troubles: string[], missing: Missing[]}} Known
 * @typedef {{key: string, file: string, year: string, unit: string, group: string, form: string, title: string,
 *   subject: string, stage: string, said: string[], excuse: string}} Row
 */

export const MISSING = "没交";
export const UNKNOWN = "正在看";
/** The states in the order in which somebody has to do something about them. */
export const STAGES = [MISSING, "没填完", "有错误", "有警告", "可以批复", "已批复", "已公开"];

/** @type {{files: File[], forms: import("./making.js").Form[], units: {unit: string, group: string}[],
 *   troubles: string[], known: Known}} */
export let all = {
  files: [], forms: [], units: [], troubles: [],
  known: { states: {}, left: null, total: 0, done: false, troubles: [], missing: [] },
};
/** @type {Record<string, string>} */
let spelt = {};
let isAsked = false;
/** Whether it is known how the names are read. */
export let isSpelt = false;

/** Asks for all files. */
export async function load() {
  all = await get("api/files");
}

/** Asks how the names are read, once. */
export async function spell() {
  if (isAsked) return;
  isAsked = true;
  spelt = await get("api/spelt");
  isSpelt = true;
}

/** Takes what the server tells of states; gives whether files came or went. @param {Known} told */
export function take(told) {
  const { states, gone = [], ...rest } = told;
  const isOther = gone.length > 0 || Object.keys(states).some((file) => !all.files.some((one) => one.file === file));
  const kept = { ...all.known.states, ...states };
  for (const file of gone) delete kept[file];
  all.known = { states: kept, ...rest };
  return isOther;
}

/** The rows of all files, then those that are missing. @returns {Row[]} */
export function rows() {
  return [...all.files.map(rowOf), ...all.known.missing.map(missingRow)];
}

/** @param {File} file @returns {Row} */
export function rowOf(file) {
  const state = all.known.states[file.file];
  const unit = state?.unit || file.unit;
  const subject = state ? state.subject : file.name === unit ? "" : file.name;
  const title = file.title || "看不出是哪张表";
  const { stage = UNKNOWN, said = [], group = file.group } = state ?? {};
  return { ...file, key: file.file, title, unit, subject, group, stage, said, excuse: "" };
}

/** @param {Missing} missing @returns {Row} */
function missingRow(missing) {
  const { year, unit, form, title, group, excuse, deadline } = missing;
  const said = excuse ? [`今年不交：${excuse}`] : deadline ? [`截止 ${deadline}`] : [];
  const key = `${year}/${unit}/${form}`;
  return { key, file: "", year, unit, group, form, title: title || "应报哪张表没有写", subject: "", stage: MISSING, said, excuse };
}

/**
 * Whether a row is looked for.
 * @param {Row} row @param {{text: string, form: string, stage: string}} wanted
 */
export function isWanted(row, { text, form, stage }) {
  if (form && row.form !== form) return false;
  if (stage && (row.stage !== stage || (stage === MISSING && row.excuse))) return false;
  const typed = plain(text);
  return !typed || [row.unit, row.subject, row.title].some((name) => isMeant(name, spelt[name] ?? "", typed));
}

/** Last year's file of what is missing, where there is one. @param {Row} row */
export function beforeOf(row) {
  const year = String(Number(row.year) - 1);
  const found = all.files.map(rowOf).filter((one) => one.year === year && one.unit === row.unit && one.form === row.form);
  const rolls = all.forms.find((form) => form.form === row.form)?.rolls;
  return rolls && found.length === 1 ? found[0].file : "";
}
