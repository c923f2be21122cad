// Sends changes to the server, one after the other, each made of the version that the one before it left.

import { Refused, post } from "./api.js";
import { moved, slotAt } from "./located.js";
import { bus, file, last as shown, refresh, show, tell, version } from "./view.js";

/** @typedef {import("./types.js").Step} Step */
/** @typedef {import("./types.js").Change} Change */
/** @typedef {import("./types.js").View} View */

/** @type {Promise<unknown>} */
let last = Promise.resolve();
/**
 * Changes that are not made yet, each as it now is to be: rows that come and go before it move it. It is null where what
 * it was about is gone.
 * @type {Map<Change, Change | null>}
 */
const queue = new Map();
/** How often a change is tried that others' changes got in the way of. */
const TRIES = 4;

/** Whether something is on its way. */
export let pending = 0;

/** When all that was asked for so far is made. */
export const idle = () => last;

/** The text that is on its way to a path, if any is. @param {Step[]} path @returns {string | undefined} */
export function onItsWay(path) {
  return [...queue.values()].findLast((change) => JSON.stringify(change?.path) === JSON.stringify(path))?.text;
}

/**
 * Makes a change when those before it are made; gives whether it was.
 * @param {string} address
 * @param {Change} change
 * @returns {Promise<boolean>}
 */
export function save(address, change) {
  pending += 1;
  queue.set(change, change);
  bus.dispatchEvent(new CustomEvent("saving"));
  const made = last.then(() => send(address, change));
  last = made.catch(() => undefined);
  return made;
}

/** @param {string} address @param {Change} change */
async function send(address, change) {
  try {
    await tried(address, change);
    return true;
  } catch (error) {
    const refused = error instanceof Refused ? error : new Refused(500, { trouble: String(error) });
    const asked = queue.get(change);
    const detail = { status: refused.status, change: asked ?? change, gone: asked === null, trouble: refused.message };
    bus.dispatchEvent(new CustomEvent("refused", { detail }));
    if (change.text === undefined) tell(why(refused, address));
    return false;
  } finally {
    queue.delete(change);
    pending -= 1;
    bus.dispatchEvent(new CustomEvent("saved"));
  }
}

/** @param {Refused} refused @param {string} address */
function why({ status, message }, address) {
  if (status !== 409 || message === GONE) return message;
  return /do$/.test(address) ? LATER : CHANGED;
}

const CHANGED = "文件刚刚被别处改了，没有动它；表上现在是新的样子，看一看再做一次。";
export const GONE = "原来的那一行找不到了，可能刚刚去掉了；别的没有动。";
const LATER = "文件后来在别处改过，撤销、重做会盖掉那里的改动，没有动它。";

/** Makes a change; a typed value is tried again where others changed only other things. @param {string} address @param {Change} change */
async function tried(address, change) {
  for (let number = 1; ; number += 1) {
    const asked = queue.get(change);
    if (!asked) throw new Refused(409, { trouble: GONE });
    const before = shown();
    try {
      const given = await post(address, { file, version: version(), ...asked });
      show(given, given.version === before.version ? {} : asked);
      for (const remark of given.remarks ?? []) tell(remark);
      return;
    } catch (error) {
      if (!(error instanceof Refused) || !error.answer?.slots) throw error;
      const after = /** @type {View} */ (error.answer);
      show(after, after.version === before.version ? {} : null);
      if (error.status !== 409 || after.broken || number === TRIES || !isFree(asked, queue.get(change), before, after)) throw error;
    }
  }
}

/**
 * Whether others have left alone what a typed value is to stand for.
 * @param {Change} was @param {Change | null | undefined} is @param {View} before @param {View} after
 */
function isFree(was, is, before, after) {
  if (was.text === undefined || !was.path || !is?.path) return false;
  return slotAt(after, is.path)?.typed === slotAt(before, was.path)?.typed;
}

/** Lets what waits go along with what it is about. @param {Event} event */
function follow(event) {
  const { before, view, change } = /** @type {CustomEvent} */ (event).detail;
  for (const [one, asked] of queue) if (asked && asked !== change) queue.set(one, moved(asked, before, view, change));
}

/** @param {Step[]} path @param {string} text */
export const put = (path, text) => save("api/put", { path, text });

/** @param {import("./types.js").Edit} edit */
export const edit = (edit) => save("api/edit", { edit });

bus.addEventListener("given", follow);

export { refresh };
