// The reason for a finding is written beside it: what was typed is saved on leaving, and never lost to a new painting.

import { put } from "./saving.js";
import { bus, notWhile } from "./view.js";

/** What is typed and not saved, by where it goes. @type {Map<string, string>} */
const drafts = new Map();
/** Where somebody is writing. */
let writing = "";
let composing = false;

notWhile(() => composing);

/** @param {EventTarget | null} target @returns {HTMLTextAreaElement | null} */
const fieldOf = (target) => (target instanceof HTMLTextAreaElement && target.dataset.reason ? target : null);

/** @param {HTMLTextAreaElement} field */
function saved(field) {
  const [key, text, was] = [field.dataset.reason ?? "", field.value.trim(), field.dataset.was ?? ""];
  drafts.delete(key);
  if (!text) field.value = was;
  else if (text !== was) {
    put(JSON.parse(key), text).then((made) => {
      if (!made) drafts.set(key, text);
      else if (field.dataset.reason === key) field.dataset.was = text;
    });
  }
}

/** @param {KeyboardEvent} event */
function keyed(event) {
  const field = fieldOf(event.target);
  if (!field || event.isComposing || composing) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    saved(field);
  } else if (event.key === "Escape") {
    drafts.delete(field.dataset.reason ?? "");
    field.value = field.dataset.was ?? "";
  }
}

/** Puts into each field what belongs there, and the caret where it was. */
function restore() {
  for (const field of document.querySelectorAll("textarea[data-reason]")) {
    if (!(field instanceof HTMLTextAreaElement)) continue;
    const text = drafts.get(field.dataset.reason ?? "") ?? field.dataset.was ?? "";
    if (field.value !== text) field.value = text;
  }
  const now = fieldOf(document.activeElement);
  const fields = [...document.querySelectorAll("textarea[data-reason]")];
  const own = fields.find((one) => fieldOf(one)?.dataset.reason === writing);
  const isDraft = drafts.has(writing) && now?.dataset.reason !== writing;
  if (isDraft && own instanceof HTMLTextAreaElement && (now || document.activeElement === document.body)) own.focus();
  // what was written is settled: the next one stands in its place
  writing = fieldOf(document.activeElement)?.dataset.reason ?? "";
}

/** Lets reasons be written. */
export function listen() {
  document.addEventListener("input", (event) => {
    const field = fieldOf(event.target);
    if (field) drafts.set(field.dataset.reason ?? "", field.value);
  });
  document.addEventListener("focusin", (event) => { writing = fieldOf(event.target)?.dataset.reason ?? ""; });
  document.addEventListener("focusout", (event) => {
    const field = fieldOf(event.target);
    if (field && field.isConnected && field.dataset.reason === writing) saved(field);
  });
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[data-save]") : null;
    const field = fieldOf(button?.parentElement?.querySelector("textarea") ?? null);
    if (field) saved(field);
  });
  document.addEventListener("keydown", keyed);
  document.addEventListener("compositionstart", (event) => { composing = fieldOf(event.target) !== null; });
  document.addEventListener("compositionend", () => { composing = false; });
  bus.addEventListener("painted", restore);
}
