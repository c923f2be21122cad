// Commits the file: what changed stands there in words, to be read and changed before it is said.

import { Refused, get, post } from "./api.js";
import { idle } from "./saving.js";
import { bus, file, part, tell } from "./view.js";

/** @typedef {{hindrance: string, branch: string, changed: boolean, staged: number}} State */

const QUIET = 800; // milliseconds without a change after which git is asked again
const query = `file=${encodeURIComponent(file)}`;
const button = document.createElement("button");
const dialog = /** @type {HTMLDialogElement} */ (part("committing"));
const words = /** @type {HTMLTextAreaElement} */ (part("committing-words"));
const yes = /** @type {HTMLButtonElement} */ (part("committing-yes"));
/** @type {State} */
let state = { hindrance: "", branch: "", changed: false, staged: 0 };
let version = "";
let waiting = 0;

/** Asks what git says of the file. */
async function look() {
  try {
    state = await get(`api/commit?${query}`);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    state = { hindrance: error.message, branch: "", changed: false, staged: 0 };
  }
  const why = state.hindrance || (state.changed ? "" : "没有要提交的：文件和上一次提交的一样。");
  button.setAttribute("aria-disabled", String(!!why));
  button.title = why || `提交到分支 ${state.branch}`;
}

function lookSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(look, QUIET);
}

/** Shows what would be committed. */
async function open() {
  await idle();
  await look();
  if (button.getAttribute("aria-disabled") === "true") return tell(button.title);
  const others = state.staged ? `另外 ${state.staged} 个已经暂存的文件不提交，照旧暂存着。` : "";
  part("committing-about").textContent =
    `只提交 ${file}，到分支 ${state.branch}，不推送。${others}下面是改了什么，可以改这段话。`;
  dialog.showModal();
  await propose();
  words.focus();
}

/** Puts in what changed, in words. */
async function propose() {
  words.value = "";
  show("正在看改了什么……", "", true);
  try {
    ({ message: words.value, version } = await get(`api/commit/message?${query}`));
    show("");
  } catch (error) {
    show(error instanceof Refused ? error.message : "出了错。");
  }
}

async function send() {
  if (yes.disabled) return;
  show("正在提交；仓库的 hook 可能要一会儿……", "", true);
  try {
    const { done, said } = await post("api/commit", { file, version, message: words.value });
    dialog.close();
    tell(said.trim() ? `${done} ${said.trim().split("\n").at(-1)}` : done);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.status === 409) await propose();
    show(error.message, error.answer?.said ?? "");
  }
  look();
}

/** @param {string} text @param {string} [theirs] What git and the hooks said. @param {boolean} [busy] */
function show(text, theirs = "", busy = false) {
  yes.disabled = words.readOnly = busy;
  part("committing-said").textContent = text;
  part("committing-theirs").textContent = theirs;
  part("committing-theirs").hidden = !theirs;
}

/** Lets the file be committed. */
export function listen() {
  Object.assign(button, { type: "button", id: "commit", textContent: "提交…", ariaDisabled: "true" });
  part("tools").append(button);
  button.addEventListener("click", open);
  yes.addEventListener("click", send);
  part("committing-no").addEventListener("click", () => dialog.close());
  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
    event.stopPropagation();
  });
  bus.addEventListener("painted", lookSoon);
  addEventListener("focus", lookSoon);
  look();
}
