// Commits the file: what changed stands there in words, to be read and changed before it is said.

import { Refused, get, post } from "./api.js";
import { idle } from "./saving.js";
import { bus, file, now, part, tell } from "./view.js";

/** @typedef {{hindrance: string, branch: string, changed: boolean, staged: number}} State */

const QUIET = 800; // milliseconds without a change after which git is asked again
const query = `file=${encodeURIComponent(file)}`;
const button = document.createElement("button");
const dialog = document.createElement("dialog");
const words = document.createElement("textarea");
const about = document.createElement("p");
const answer = document.createElement("pre");
const yes = document.createElement("button");
/** @type {State} */
let state = { hindrance: "", branch: "", changed: false, staged: 0 };
let version = "";
let waiting = 0;

/** Asks what git says of the file. */
async function look() {
  try {
    state = await get(`api/commit?${query}`);
  } catch (error) {
    state = { hindrance: error instanceof Refused ? error.message : "", branch: "", changed: false, staged: 0 };
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
  about.textContent = `只提交 ${file}，到分支 ${state.branch}，不推送。${others}下面是改了什么，可以改这段话。`;
  show("", "");
  dialog.showModal();
  await propose();
  words.focus();
}

/** Puts in what changed, in words. */
async function propose() {
  words.value = "";
  busy(true, "正在看改了什么……");
  try {
    ({ message: words.value, version } = await get(`api/commit/message?${query}`));
    busy(false, "");
  } catch (error) {
    busy(false, error instanceof Refused ? error.message : "出了错。");
  }
}

async function send() {
  if (yes.disabled) return;
  busy(true, "正在提交；仓库的 hook 可能要一会儿……");
  try {
    const { done, said } = await post("api/commit", { file, version, message: words.value });
    dialog.close();
    tell(said.trim() ? `${done} ${said.trim().split("\n").at(-1)}` : done);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    busy(false, "");
    if (error.status === 409) await propose();
    show(error.message, error.answer?.said ?? "");
  }
  look();
}

/** @param {boolean} is @param {string} text */
function busy(is, text) {
  yes.disabled = words.readOnly = is;
  show(text, "");
}

const said = document.createElement("p");

/** @param {string} text @param {string} theirs What git and the hooks said. */
function show(text, theirs) {
  said.textContent = text;
  answer.textContent = theirs;
  answer.hidden = !theirs;
}

/** Lets the file be committed. */
export function listen() {
  button.type = yes.type = "button";
  button.id = "commit";
  button.textContent = "提交…";
  button.setAttribute("aria-disabled", "true");
  yes.textContent = "提交";
  yes.className = "primary";
  dialog.id = "committing";
  const title = document.createElement("h2");
  title.id = "committing-title";
  title.textContent = "提交这个文件";
  dialog.setAttribute("aria-labelledby", title.id);
  words.rows = 12;
  words.setAttribute("aria-label", "改了什么");
  said.setAttribute("role", "status");
  answer.tabIndex = 0;
  answer.setAttribute("aria-label", "git 的话");
  const no = document.createElement("button");
  no.type = "button";
  no.textContent = "不提交";
  const ways = document.createElement("p");
  ways.append(yes, " ", no);
  dialog.append(title, about, words, said, answer, ways);
  document.body.append(dialog);
  part("tools").append(button);
  button.addEventListener("click", open);
  yes.addEventListener("click", send);
  no.addEventListener("click", () => dialog.close());
  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
    event.stopPropagation();
  });
  bus.addEventListener("painted", lookSoon);
  addEventListener("focus", lookSoon);
  if (now()) look();
}
