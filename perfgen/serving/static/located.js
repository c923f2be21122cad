// Where a value lies after a change: rows that come and go give those after them another number.

/** @typedef {import("./types.js").Step} Step */
/** @typedef {import("./types.js").View} View */
/** @typedef {import("./types.js").Change} Change */
/** @typedef {import("./types.js").Edit} Edit */

/** @param {Step[]} path @param {Step[]} start */
export const isBelow = (path, start) => start.every((step, number) => path[number] === step);

/** @param {Step[]} one @param {Step[]} other */
export const isSame = (one, other) => one.length === other.length && isBelow(one, other);

/** @param {View} view @param {Step[]} path */
export const slotAt = (view, path) => view.slots.find((slot) => isSame(slot.path, path)) ?? null;

/**
 * The path of a value in the form as it is after a change; null where nobody can say.
 * @param {Step[]} path @param {View} before @param {View} after @param {Change | null} change null for one made elsewhere
 * @returns {Step[] | null}
 */
export function located(path, before, after, change) {
  if (change?.edit) return shifted(path, change.edit);
  if (change?.path && change.text !== undefined) return named(path, change.path, change.text, after);
  if (after.version === before.version) return path;
  const same = (/** @type {Step[]} */ other) =>
    slotAt(after, other)?.typed === slotAt(before, path)?.typed && signature(after, other) === signature(before, path);
  if (slotAt(after, path) && same(path)) return path;
  const found = after.slots.filter((slot) => shape(slot.path) === shape(path) && same(slot.path));
  if (found.length === 1 && found[0]) return found[0].path;
  // the row is the same one, only this value was changed there
  return slotAt(after, path) && signature(after, path) === signature(before, path) ? path : null;
}

/**
 * The same of any path: of a row, or of what is not in the form yet; it stands where other values of its row stand.
 * @param {Step[]} path @param {View} before @param {View} after @param {Change | null} change
 * @returns {Step[] | null}
 */
export function whereabouts(path, before, after, change) {
  const found = located(path, before, after, change);
  if (found || change?.edit || slotAt(before, path)) return found;
  const length = path.findLastIndex((step) => typeof step === "number") + 1;
  if (!length) return path; // names do not get other numbers
  for (const slot of before.slots) {
    const at = isBelow(slot.path, path.slice(0, length)) && located(slot.path, before, after, change);
    if (at) return [...at.slice(0, length), ...path.slice(length)];
  }
  return null;
}

/**
 * What a change that waits is to be after another one was made; null where what it is about is gone, or nobody can say.
 * @param {Change} waiting @param {View} before @param {View} after @param {Change | null} change
 * @returns {Change | null}
 */
export function moved(waiting, before, after, change) {
  const at = (/** @type {Step[]} */ path) => whereabouts(path, before, after, change);
  if (waiting.edit) {
    const edit = movedEdit(waiting.edit, at);
    return edit && { ...waiting, edit };
  }
  const name = waiting.path ? "path" : "at"; // the latter of what is pasted
  const old = waiting[name];
  if (!old) return waiting;
  const found = at(old);
  return found && { ...waiting, [name]: found };
}

/** @param {Edit} edit @param {(path: Step[]) => Step[] | null} at @returns {Edit | null} */
function movedEdit(edit, at) {
  if (edit.kind === "many") {
    const edits = edit.edits.flatMap((one) => movedEdit(one, at) ?? []);
    return edits.length ? { ...edit, edits } : null;
  }
  if (edit.kind === "add") {
    const rows = at(edit.rows);
    if (!rows || edit.name !== undefined || edit.at === 0) return rows && { ...edit, rows };
    const last = at([...edit.rows, edit.at - 1]); // the new row comes behind it
    return { ...edit, rows, at: last ? Number(last.at(-1)) + 1 : edit.at - 1 };
  }
  const path = at(edit.path);
  if (!path || edit.kind !== "move") return path && { ...edit, path };
  return { ...edit, path, to: edit.to + Number(path.at(-1)) - Number(edit.path.at(-1)) };
}

/** After a row came, went or moved. @param {Step[]} path @param {Edit} edit @returns {Step[] | null} */
function shifted(path, edit) {
  if (edit.kind === "many") {
    return edit.edits.reduce((/** @type {Step[] | null} */ at, one) => at && shifted(at, one), path);
  }
  if (edit.kind === "drop") return typeof edit.path.at(-1) === "number" ? shifted(path, { ...edit, kind: "remove" }) : path;
  if (edit.kind === "rename" && isBelow(path, edit.path)) return put(path, edit.path.length - 1, edit.name);
  const rows = edit.kind === "add" ? edit.rows : edit.path?.slice(0, -1);
  const number = rows ? path[rows.length] : undefined;
  if (!rows || !isBelow(path, rows)) return path;
  if (edit.kind === "remove" && isBelow(path, edit.path)) return null;
  if (typeof number !== "number") return path;
  let to = number;
  const from = edit.kind === "add" ? edit.at : Number(edit.path[rows.length]);
  if (edit.kind === "add") to += Number(number >= from);
  if (edit.kind === "remove") to -= Number(number > from);
  if (edit.kind === "move") {
    if (number === from) to = edit.to;
    else to += Number(number - Number(number > from) >= edit.to) - Number(number > from);
  }
  return put(path, rows.length, to);
}

/** After a value was typed, which may have been the name of a group. @param {Step[]} path @param {Step[]} typed @param {string} text @param {View} after */
function named(path, typed, text, after) {
  if (!isBelow(path, typed) || slotAt(after, path)) return path;
  return put(path, typed.length - 1, text.trim());
}

/** @param {Step[]} path @param {number} at @param {Step} step */
function put(path, at, step) {
  const made = [...path];
  made[at] = step;
  return made;
}

/** @param {Step[]} path */
const shape = (path) => JSON.stringify(path.map((step) => (typeof step === "number" ? 0 : step)));

/** What stands in the row of a value, beside it. @param {View} view @param {Step[]} path */
function signature(view, path) {
  const rows = view.places.filter((place) => isBelow(path, place.item));
  const row = rows.reduce((/** @type {Step[]} */ longest, { item }) => (item.length > longest.length ? item : longest), []);
  if (!row.length) return "";
  const beside = view.slots.filter((slot) => isBelow(slot.path, row) && !isSame(slot.path, path));
  return JSON.stringify(beside.map((slot) => slot.typed));
}
