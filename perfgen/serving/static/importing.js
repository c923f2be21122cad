// Takes Word files that are dropped or chosen: shows what was read, and writes only what was shown.

import { Refused, post, send } from "./api.js";
import { element, field, openDialog, troublePlace } from "./elements.js";
import { addressOf, say } from "./making.js";

/**
 * @typedef {{level: string, message: string, hint: string, place: string}} Note
 * @typedef {{id: string, file: string, change: boolean, different: boolean, form: string, words: string, said: string[],
 *   notes: Note[], judged: Note[]}} Read
 * @typedef {{forms?: {form: string, title: string}[], file?: string}} Context
 */

/** Lets files be dropped anywhere on the page. @param {() => Context} context */
export function listen(context) {
  let inside = 0;
  const show = () => document.body.classList.toggle("dropping", inside > 0);
  const isFiles = (/** @type {DragEvent} */ event) => !!event.dataTransfer?.types.includes("Files");
  addEventListener("dragenter", (event) => { if (isFiles(event)) { inside += 1; show(); } });
  addEventListener("dragleave", (event) => { if (isFiles(event)) { inside = Math.max(0, inside - 1); show(); } });
  addEventListener("dragover", (event) => { if (isFiles(event)) event.preventDefault(); });
  addEventListener("drop", (event) => {
    if (!isFiles(event)) return;
    event.preventDefault();
    inside = 0;
    show();
    take([...(event.dataTransfer?.files ?? [])], context());
  });
}

/** A button that lets somebody choose files. @param {() => Context} context */
export function chooser(context) {
  const input = element("input", { type: "file", accept: ".docx,.docm,.pdf", multiple: true, hidden: true });
  input.addEventListener("change", () => {
    take([...(input.files ?? [])], context());
    input.value = "";
  });
  const button = element("button", { type: "button", title: "也可以把 Word 文件拖到这一页上", onclick: () => input.click() }, "导入 Word…");
  return element("span", {}, button, input);
}

/** Takes files one after the other. @param {File[]} files @param {Context} context */
async function take(files, context) {
  for (const [number, file] of files.entries()) {
    const left = files.length > 1 ? `（第 ${number + 1} 个，共 ${files.length} 个）` : "";
    const address = await one(file, context, left);
    if (address && files.length === 1) location.assign(address);
  }
}

/**
 * Reads one file, shows it, and writes it where it is wanted; gives the address of the window, where it was.
 * @param {File} file @param {Context} context @param {string} left
 * @returns {Promise<string>}
 */
function one(file, context, left) {
  return new Promise((resolve) => {
    let written = "";
    const stop = new AbortController();
    const body = element("div", {});
    const dialog = openDialog(`导入 ${file.name}${left}`, body);
    dialog.addEventListener("close", () => {
      stop.abort();
      resolve(written);
    });
    const finish = (/** @type {string} */ name) => {
      written = addressOf(name);
      dialog.close();
    };
    const read = async (/** @type {Record<string, string>} */ more) => {
      body.replaceChildren(element("p", { role: "status" }, "正在读……"));
      try {
        const asked = new URLSearchParams({ name: file.name, file: context.file ?? "", ...more });
        const given = await send(`api/import?${asked}`, file, stop.signal);
        body.replaceChildren(...shown(given, finish, () => dialog.close()));
        body.querySelector("button")?.focus();
      } catch (error) {
        if (stop.signal.aborted) return;
        if (!(error instanceof Refused)) throw error;
        body.replaceChildren(...again(error.message, context, more, read));
      }
    };
    read({});
  });
}

/**
 * What was read, and what can be done with it.
 * @param {Read} read @param {(file: string) => void} finish @param {() => void} close
 */
function shown(read, finish, close) {
  const trouble = troublePlace();
  const write = async () => {
    try {
      finish((await post("api/import/write", { id: read.id })).file);
    } catch (error) {
      say(trouble, error);
    }
  };
  const what = !read.change
    ? `《${read.form}》，写成新文件 ${read.file}。`
    : read.different
      ? `《${read.form}》，${read.file} 已经有了，照表改它；现在还没有改。会改的：`
      : `《${read.form}》，${read.file} 里确定的地方和表一样，没有要改的。`;
  const act = read.change && !read.different
    ? element("button", { type: "button", class: "main", onclick: () => finish(read.file) }, "打开它")
    : element("button", { type: "button", class: "main", onclick: write }, read.change ? "确认，照表改" : "写入");
  return [
    element("p", {}, what),
    ...(read.said.length ? [element("ul", { class: "notes", tabindex: 0 }, ...read.said.map((said) => element("li", {}, said)))] : []),
    element("p", { class: "help" }, read.words),
    ...notes("读表时要看的", read.notes),
    ...notes(read.change ? "改了以后，检查会说的" : "写了以后，检查会说的", read.judged),
    trouble,
    element("p", { class: "buttons" }, act, element("button", { type: "button", onclick: close }, "不要")),
  ];
}

/** @param {string} heading @param {Note[]} all */
function notes(heading, all) {
  if (!all.length) return [];
  const items = all.map((note) =>
    element(
      "li",
      { class: note.level === "错误" ? "error" : "" },
      element("strong", {}, note.level),
      ` ${note.message}`,
      note.hint && element("span", { class: "help" }, ` ${note.hint}`),
      element("span", { class: "at" }, ` ${note.place}`),
    ),
  );
  return [element("h3", {}, `${heading}（${all.length}）`), element("ul", { class: "notes", tabindex: 0 }, ...items)];
}

/**
 * Why it could not be read, and what may be said beforehand.
 * @param {string} why @param {Context} context @param {Record<string, string>} before
 * @param {(more: Record<string, string>) => void} read
 */
function again(why, context, before, read) {
  const year = element("input", { inputmode: "numeric", pattern: "[12][0-9]{3}", size: 6 });
  year.value = before.year ?? "";
  const form = element("select");
  form.add(new Option("看表上的", ""));
  for (const one of context.forms ?? []) form.add(new Option(one.title, one.form, false, one.form === before.form));
  return [
    element("p", { role: "alert", class: "trouble" }, why),
    element("p", {}, "什么都没有写。要是看不出年度、是哪张表，在这里写明，再读一遍："),
    element(
      "form",
      {
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          read({ year: year.value.trim(), form: form.value });
        },
      },
      field("年度", year),
      context.forms?.length ? field("表", form) : null,
      element("p", { class: "buttons" }, element("button", { class: "main" }, "再读一遍")),
    ),
  ];
}
