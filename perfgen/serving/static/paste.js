// Pastes rows out of Word or Excel: shows what would go where before anything is changed.

import { Refused, post } from "./api.js";
import { begin, edited, finish, isComposing } from "./editing.js";
import { element, openDialog } from "./elements.js";
import { holding } from "./held.js";
import { GONE, idle, save } from "./saving.js";
import { elementOf, file, keyOf, tell, version } from "./view.js";

/** @typedef {import("./types.js").Step} Step */
/** @typedef {import("./held.js").Held} Held */
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
  holding(open.path, (held) => look(held, html, text)).catch((error) => tell(String(error)));
}

/** Puts a text where the caret stands, as typing does. @param {string} text */
function insert(text) {
  const open = edited();
  if (!open || open.slot.choices.length) return;
  document.execCommand("insertText", false, text.replace(/\r\n?/g, "\n").replace(/\n+$/, ""));
}

/** Asks what a table would do, and then the person. @param {Held} held @param {string} html @param {string} text */
async function look(held, html, text) {
  let plan;
  try {
    plan = /** @type {Plan} */ (await post("api/pasted", { file, version: version(), at: held.path, html, plain: text }));
  } catch (error) {
    if (error instanceof Refused) return tell(`没有贴上：${error.message}`);
    throw error;
  }
  if (plan.single) return same(held.path) ? insert(text) : undefined;
  const isText = !edited()?.slot.choices.length && !/\t/.test(text);
  const answer = await ask(plan, isText);
  const place = () => held.path && elementOf(held.path);
  if (answer === "text" && begin(place(), "end")) insert(text);
  if (answer === "rows" && finish()) {
    await idle();
    if (!held.path) return tell(GONE);
    if (await save("api/paste", { at: held.path, html, plain: text })) tell(`贴上了：${summary(plan)}。`);
  }
  if (answer !== "text") begin(place());
}

/** @param {Step[] | null} path */
const same = (path) => keyOf(edited()?.path ?? []) === keyOf(path ?? []);

/** @param {Plan} plan */
function summary({ cells, rows, left }) {
  const changed = cells.filter((cell) => cell.change && !cell.new).length;
  const parts = [rows.length && `新加 ${rows.length} 行`, changed && `改 ${changed} 格`, left.length && `${left.length} 格没有地方放`];
  return parts.filter(Boolean).join("，") || "没有要改的";
}

/** @param {Plan} plan @param {boolean} isText whether it can be pasted as one text @returns {Promise<string>} */
function ask(plan, isText) {
  return new Promise((resolve) => {
    let answer = "";
    const button = (/** @type {string} */ text, /** @type {string} */ value, main = false) =>
      element("button", { type: "button", class: main && "main", onclick: () => { answer = value; dialog.close(); } }, text);
    const first = plan.cells.some((cell) => cell.change) ? button("贴上", "rows", true) : button("不贴", "", true);
    const dialog = openDialog(
      `从剪贴板贴上：${summary(plan)}`,
      element("div", { class: "plan", tabindex: 0, role: "region", "aria-label": "哪些字贴到哪里" }, table(plan.cells), left(plan)),
      element(
        "div",
        { class: "buttons" },
        first,
        isText && button("全贴在这一格里", "text"),
        first.textContent === "贴上" && button("不贴", ""),
      ),
    );
    dialog.classList.add("paste");
    first.focus();
    dialog.addEventListener("close", () => resolve(answer));
  });
}

/** What goes where. @param {Cell[]} cells */
function table(cells) {
  const changes = cells.filter((cell) => cell.change);
  const head = ["哪里", "原来", "贴上以后"].map((name) => element("th", { scope: "col" }, name));
  const rows = changes.map(({ label, before, after, remarks, new: isNew }) =>
    element(
      "tr",
      {},
      element("td", {}, label),
      element("td", {}, isNew ? "（新的）" : before || "（空）"),
      element("td", {}, after || "（空）", ...remarks.map((remark) => element("small", {}, remark))),
    ),
  );
  return changes.length > 0 && element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows));
}

/** What goes nowhere. @param {Plan} plan */
function left({ left: over }) {
  const items = over.map(({ text, why }) => element("li", {}, `“${text}” `, element("small", {}, why)));
  return over.length > 0 && element("section", {}, element("h3", {}, "没有地方放的"), element("ul", {}, ...items));
}

/** Lets rows be pasted. */
export function listen() {
  document.querySelector("main")?.addEventListener("paste", (event) => pasted(/** @type {ClipboardEvent} */ (event)));
}
