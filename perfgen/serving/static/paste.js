// Pastes rows out of Word or Excel: shows what would go where before anything is changed.

import { Refused, post } from "./api.js";
import { begin, edited, finish, isComposing } from "./editing.js";
import { idle, save } from "./saving.js";
import { elementOf, file, keyOf, tell, version } from "./view.js";

/** @typedef {import("./types.js").Step} Step */
/** @typedef {{label: string, before: string, after: string, remarks: string[], new: boolean, change: boolean}} Cell */
/** @typedef {{single: boolean, cells: Cell[], rows: string[], left: {text: string, why: string}[]}} Plan */

/** @param {ClipboardEvent} event */
function pasted(event) {
  const open = edited();
  const data = event.clipboardData;
  if (!open || !data || isComposing()) return;
  const [html, text] = [data.getData("text/html"), data.getData("text/plain")];
  event.preventDefault();
  if (!/<table|\t|\n./i.test(html + text.trimEnd())) return insert(text);
  look(open.path, html, text).catch((error) => tell(String(error)));
}

/** Puts a text where the caret stands, as typing does. @param {string} text */
function insert(text) {
  const open = edited();
  if (!open || open.slot.choices.length) return;
  document.execCommand("insertText", false, text.replace(/\r\n?/g, "\n").replace(/\n+$/, ""));
}

/** Asks what a table would do, and then the person. @param {Step[]} path @param {string} html @param {string} text */
async function look(path, html, text) {
  let plan;
  try {
    plan = /** @type {Plan} */ (await post("api/pasted", { file, version: version(), at: path, html, plain: text }));
  } catch (error) {
    if (error instanceof Refused) return tell(`没有贴上：${error.message}`);
    throw error;
  }
  if (plan.single) return same(path) ? insert(text) : undefined;
  const isText = !edited()?.slot.choices.length && !/\t/.test(text);
  const answer = await ask(plan, isText);
  if (answer === "text" && begin(elementOf(path), "end")) insert(text);
  if (answer === "rows" && finish()) {
    await idle();
    if (await save("api/paste", { at: path, html, plain: text })) tell(`贴上了：${summary(plan)}。`);
  }
  if (answer !== "text") begin(elementOf(path));
}

/** @param {Step[]} path */
const same = (path) => keyOf(edited()?.path ?? []) === keyOf(path);

/** @param {Plan} plan */
function summary({ cells, rows, left }) {
  const changed = cells.filter((cell) => cell.change && !cell.new).length;
  const parts = [rows.length && `新加 ${rows.length} 行`, changed && `改 ${changed} 格`, left.length && `${left.length} 格没有地方放`];
  return parts.filter(Boolean).join("，") || "没有要改的";
}

/** @param {Plan} plan @param {boolean} isText whether it can be pasted as one text @returns {Promise<string>} */
function ask(plan, isText) {
  const dialog = document.createElement("dialog");
  dialog.className = "paste";
  const head = document.createElement("h2");
  head.id = "paste-title";
  head.textContent = `从剪贴板贴上：${summary(plan)}`;
  dialog.setAttribute("aria-labelledby", head.id);
  const form = document.createElement("form");
  form.method = "dialog";
  const something = plan.cells.some((cell) => cell.change);
  const buttons = [something ? button("贴上", "rows") : null, isText ? button("全贴在这一格里", "text") : null, button("不贴", "")];
  const foot = document.createElement("p");
  foot.className = "foot";
  foot.append(...buttons.filter((one) => one !== null));
  const body = document.createElement("div");
  body.className = "plan";
  body.tabIndex = 0;
  body.setAttribute("role", "region");
  body.setAttribute("aria-label", "哪些字贴到哪里");
  body.append(...table(plan.cells), ...left(plan));
  form.append(head, body, foot);
  dialog.append(form);
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
    dialog.showModal();
    foot.querySelector("button")?.focus();
  });
}

/** @param {string} text @param {string} value */
function button(text, value) {
  const made = document.createElement("button");
  made.textContent = text;
  made.value = value;
  return made;
}

/** What goes where. @param {Cell[]} cells */
function table(cells) {
  const changes = cells.filter((cell) => cell.change);
  if (!changes.length) return [];
  const made = document.createElement("table");
  const head = made.createTHead().insertRow();
  for (const name of ["哪里", "原来", "贴上以后"]) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = name;
    head.append(cell);
  }
  const body = made.createTBody();
  for (const { label, before, after, remarks, new: isNew } of changes) {
    const row = body.insertRow();
    row.insertCell().textContent = label;
    row.insertCell().textContent = isNew ? "（新的）" : before || "（空）";
    const cell = row.insertCell();
    cell.textContent = after || "（空）";
    for (const remark of remarks) cell.append(note(remark));
  }
  return [made];
}

/** @param {string} text */
function note(text) {
  const made = document.createElement("small");
  made.textContent = text;
  return made;
}

/** What goes nowhere. @param {Plan} plan */
function left(plan) {
  if (!plan.left.length) return [];
  const head = document.createElement("h3");
  head.textContent = "没有地方放的";
  const list = document.createElement("ul");
  for (const { text, why } of plan.left) {
    const item = document.createElement("li");
    item.append(`“${text}” `, note(why));
    list.append(item);
  }
  return [head, list];
}

/** Lets rows be pasted. */
export function listen() {
  document.querySelector("main")?.addEventListener("paste", (event) => pasted(/** @type {ClipboardEvent} */ (event)));
}
