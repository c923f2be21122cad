// Adds, deletes and moves rows and groups: by a handle at the left edge, by a menu, and by keys.

import { askName } from "./ask_name.js";
import * as catcher from "./catcher.js";
import { begin, edited, finish, isDirty } from "./editing.js";
import { holding } from "./held.js";
import { called, inside, levels, numbers } from "./levels.js";
import { isSame, located } from "./located.js";
import * as menu from "./menu.js";
import { GONE, edit, idle } from "./saving.js";
import { undo } from "./steps.js";
import { inTurn } from "./turns.js";
import { bus, elementOf, now, painting, part, slotOf, tell } from "./view.js";

/** @typedef {import("./types.js").Place} Place */
/** @typedef {import("./types.js").Step} Step */
/** @typedef {import("./types.js").Edit} Edit */
/** @typedef {import("./held.js").Held} Held */

const BLANK = "这一行还空着，直接填就行。";

/** The place that commands are about: the one that is edited, has the focus, or had it last. @type {Element | null} */
let about = null;

/** Adds a row or a group beside another, and begins to edit it. @param {Place} place @param {0 | 1} behind */
export async function add(place, behind) {
  if (place.blank) return tell(BLANK);
  const first = behind ? place.after : place.number;
  if (!place.group) return added({ kind: "add", rows: place.rows, at: first }, [...place.rows, first]);
  await holding(place.item, async (held) => {
    const name = await askName(`加一组，和${called(place)}并列`, place.names, place.open);
    finish(); // the dialog gave the focus back to where it came from
    const same = at(held);
    if (name && !same) tell(GONE);
    if (name && same) {
      const { rows, after, number } = same;
      await added({ kind: "add", rows, at: behind ? after : number, name }, [...rows, name]);
    }
  });
}

/** The row or group that is held. @param {Held} held @returns {Place | undefined} */
function at({ path }) {
  return path ? now().places.find((one) => isSame(one.item, path)) : undefined;
}

/** @param {Edit} change @param {Step[]} item */
async function added(change, item) {
  if (!(await edit(change))) return;
  await painting();
  const first = inside(item).find((element) => slotOf(element)?.editable && !isSame(slotOf(element)?.path ?? [], item));
  const only = inside(item).find((element) => slotOf(element)?.editable);
  const element = first ?? only ?? null;
  goTo(element);
}

/** Where the last change led to. @type {HTMLElement | null} */
let landed = null;

/** What catches the keys for the change that is being made. @type {HTMLTextAreaElement | null} */
let catching = null;

/** Begins to edit a place, unless somebody went to another one meanwhile. @param {HTMLElement | null} element */
function goTo(element) {
  landed = element;
  const { activeElement } = document;
  if (edited() || (activeElement !== catching && catcher.isCatcher(activeElement))) return;
  element?.scrollIntoView({ block: "nearest" });
  begin(element);
}

/** Deletes a row or a group, and says so. @param {Place} place @param {Step[]} path of the place where that was asked for */
export async function remove(place, path) {
  if (place.blank) return tell(BLANK);
  const name = called(place);
  const rows = now().places.filter((one) => !one.group && one.item.length > place.item.length && below(one, place));
  if (!(await edit({ kind: "remove", path: place.item }))) return;
  await painting();
  tell(`删掉了${name}${place.group && rows.length ? `，连同里面的 ${rows.length} 行` : ""}。`, { label: "撤销", run: undo });
  near(path, place);
}

/** @param {Place} one @param {Place} place */
const below = (one, place) => isSame(one.item.slice(0, place.item.length), place.item);

/** Goes to what stands where a row was, or to what stood before it. @param {Step[]} path @param {Place} place */
function near(path, place) {
  const before = [...path];
  const at = place.rows.length;
  if (typeof before[at] === "number") before[at] = Math.max(0, before[at] - 1);
  const other = now().places.find((one) => isSame(one.rows, place.rows));
  goTo(elementOf(path) ?? elementOf(before) ?? (other ? inside(other.item)[0] ?? null : null));
}

/** Moves a row or a group up or down among its likes. @param {Place} place @param {1 | -1} by @param {Step[]} path as for `remove` */
export async function move(place, by, path) {
  const to = place.number + by;
  if (!movable(place, by)) return tell(by < 0 ? "已经在最上面了。" : "已经在最下面了。");
  const before = now();
  /** @type {Edit} */
  const change = { kind: "move", path: place.item, to };
  if (!(await edit(change))) return;
  await painting();
  const moved = located(path, before, now(), { edit: change });
  const element = moved && (elementOf(moved) ?? inside(moved)[0]);
  if (!element) return;
  flash(element);
  goTo(element);
}

/** @param {Place} place @param {number} by */
const movable = (place, by) => !place.blank && !place.fixed && place.number + by >= 0 && place.number + by < place.count;

/** @param {Element} element */
function flash(element) {
  for (const one of element.closest("p[data-turns], tr")?.querySelectorAll(".slot") ?? []) {
    one.classList.remove("changed");
    requestAnimationFrame(() => one.classList.add("changed"));
    setTimeout(() => one.classList.remove("changed"), 6000);
  }
}

/** What can be done with the rows and groups around an element. @param {Element} element @returns {menu.Group[]} */
function groups(element) {
  return levels(element).filter((place) => !place.fixed || place.names.length || place.open || !place.group).map((place, number) => ({
    title: called(place) + (place.blank ? "（还空着，直接填）" : ""),
    commands: place.blank ? [] : commands(place, number === 0),
  })).filter((group) => group.commands.length);
}

/** @param {Place} place @param {boolean} isFirst whether the keys are about it */
function commands(place, isFirst) {
  const keys = (/** @type {string} */ text) => (isFirst ? text : "");
  const made = [];
  if (!place.group || place.names.length || place.open) {
    const more = place.group ? "加一组…" : "加一行";
    made.push({ label: `在下面${more}`, keys: keys("Ctrl+Enter"), run: () => later(place, (one) => add(one, 1)) });
    if (!place.fixed) made.push({ label: `在上面${more}`, run: () => later(place, (one) => add(one, 0)) });
  }
  if (!place.fixed) {
    made.push({ label: "上移", keys: keys("Ctrl+Shift+↑"), off: !movable(place, -1), run: () => later(place, (one, path) => move(one, -1, path)) });
    made.push({ label: "下移", keys: keys("Ctrl+Shift+↓"), off: !movable(place, 1), run: () => later(place, (one, path) => move(one, 1, path)) });
  }
  made.push({ label: place.group ? "删除这一组" : "删除这一行", keys: keys("Ctrl+Delete"), run: () => later(place, remove) });
  return made;
}

/** @typedef {(place: Place, path: Step[]) => unknown} Work */

/** Does something with a row once all that was typed is saved. @param {Place} place @param {Work} work */
function later(place, work) {
  return holding(place.item, async (held) => {
    if (!finish()) return;
    await idle();
    await painting();
    const same = at(held);
    if (same) work(same, slotOf(about)?.path ?? same.item);
    else tell(GONE);
  });
}

/**
 * Does something with the innermost row around a place, or around the one that the change before this one leads to. What
 * is typed from now on belongs where it leads.
 * @param {Work} work @param {Step[] | null} path null where the place is still on its way
 */
function here(work, path) {
  if (!finish()) return;
  const field = catcher.start();
  const start = (/** @type {Held | null} */ held) => inTurn(() => withRow(work, held, field));
  if (path) holding(path, start);
  else start(null);
}

/** @param {Work} work @param {Held | null} held @param {HTMLTextAreaElement} field which catches what is typed meanwhile */
async function withRow(work, held, field) {
  catching = field;
  const before = landed;
  await idle();
  await painting();
  const element = held ? held.path && elementOf(held.path) : before;
  const place = levels(element)[0];
  if (held && !held.path) tell(GONE);
  else if (!place) tell("这一格不在能加行、删行的地方。");
  landed = element;
  try {
    if (place) await work(place, slotOf(element)?.path ?? place.item);
    if (landed) goTo(landed);
  } finally {
    landed = catcher.end(field, landed);
    catching = null;
  }
}

/** Opens the menu. @param {HTMLElement} owner @param {Element | null} element @param {Element} [at] what it stands below */
function openMenu(owner, element, at = owner) {
  if (now().broken) return tell("文件现在读不出来；改好以前，这里只能看。");
  const found = element ? groups(element) : [];
  const back = element instanceof HTMLElement ? element : null;
  about = element;
  if (found.length) menu.show(owner, at, found, back?.matches(".slot") ? back : owner);
  else tell(element ? "这里没有能加、能删的行。" : "先点一下表里的一格。");
}

/** @param {KeyboardEvent} event */
function keyed(event) {
  const target = event.target instanceof Element ? event.target : null;
  const isOnItsWay = catcher.isCatcher(target);
  const slot = isOnItsWay ? about : target?.closest(".slot");
  if (!slot || event.isComposing || event.keyCode === 229 || now().broken) return;
  const path = isOnItsWay ? null : edited()?.path ?? slotOf(slot)?.path ?? null;
  const control = (event.ctrlKey || event.metaKey) && !event.altKey;
  if (control && !event.shiftKey && event.key === "Enter") here((place) => add(place, 1), path);
  else if (control && event.shiftKey && event.key === "ArrowUp") here((place, at) => move(place, -1, at), path);
  else if (control && event.shiftKey && event.key === "ArrowDown") here((place, at) => move(place, 1, at), path);
  else if (control && event.key === "Delete" && !isDirty()) here(remove, path);
  else if (event.key === "ContextMenu" || (event.shiftKey && event.key === "F10")) openMenu(part("row-menu"), slot, slot);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** The handle at the left edge of the row that the pointer or the focus is in. */
const handle = document.createElement("button");
/** @type {Element | null} */
let handled = null;

function makeHandle() {
  handle.type = "button";
  handle.id = "handle";
  handle.tabIndex = -1; // by keyboard it is the button of the tools, or the menu key
  handle.setAttribute("aria-haspopup", "menu");
  handle.setAttribute("aria-label", "这一行：加、删、移");
  handle.title = "这一行：加、删、移";
  handle.textContent = "⋮";
  handle.hidden = true;
  handle.addEventListener("mousedown", (event) => event.preventDefault());
  handle.addEventListener("click", () => {
    openMenu(handle, innermost());
  });
}

/** The place in the row of the handle that is meant: what is edited, what the pointer was on, else the innermost. */
function innermost() {
  const inRow = [edited()?.element, pointed].find((one) => one && handled?.contains(one));
  const depth = (/** @type {Element} */ one) => slotOf(one)?.path.length ?? 0;
  return inRow ?? [...handled?.querySelectorAll(".slot") ?? []].sort((one, other) => depth(other) - depth(one))[0] ?? handled;
}

/** @type {Element | null} */
let pointed = null;

/** @param {Element | null} row */
function showHandle(row) {
  handled = row;
  const sheet = row?.closest(".sheet");
  handle.hidden = !row || !sheet || now().broken;
  if (!row || !sheet) return;
  if (!handle.isConnected) part("main").append(handle);
  const box = row.getBoundingClientRect();
  const frame = part("main").getBoundingClientRect();
  const edge = sheet.querySelector("table")?.getBoundingClientRect() ?? box;
  const at = row.tagName === "TR" ? box.top + Math.min(box.height / 2, 20) - 13 : box.top + Math.min(box.height, 26) / 2 - 13;
  handle.style.top = `${at - frame.top}px`;
  handle.style.left = `${Math.max(edge.left - 28, frame.left) - frame.left}px`;
}

/** The line or the row of an element that can be added to. @param {EventTarget | null} target */
function rowOf(target) {
  if (!(target instanceof Element) || target === handle) return handled;
  const row = target.closest("#form p[data-turns], #form tr[data-turns]");
  return row && numbers(row).length ? row : null;
}

/** Lets rows be added, deleted and moved. */
export function listen() {
  const main = document.querySelector("main");
  makeHandle();
  main?.addEventListener("keydown", (event) => keyed(/** @type {KeyboardEvent} */ (event)), true);
  main?.addEventListener("mouseover", (event) => {
    if (event.target === handle) return;
    pointed = event.target instanceof Element ? event.target.closest(".slot") : null;
    showHandle(rowOf(event.target) ?? focused());
  });
  main?.addEventListener("mouseleave", () => showHandle(focused()));
  main?.addEventListener("focusin", (event) => {
    if (event.target instanceof Element && event.target.matches(".slot")) about = event.target;
    showHandle(rowOf(event.target));
  });
  part("form").addEventListener("scroll", () => showHandle(handled), { passive: true });
  const again = () => showHandle(handled?.isConnected ? handled : focused());
  bus.addEventListener("painted", again);
  new ResizeObserver(again).observe(part("form")); // the side beside it may get wider
  const button = part("row-menu");
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => openMenu(button, edited()?.element ?? (about?.isConnected ? about : null)));
}

const focused = () => rowOf(edited()?.element ?? null);
