// Makes new files: an empty one, next year's, that of the next form; then opens its window.

import { Refused, post, root } from "./api.js";
import { element, field, freshId, openDialog, troublePlace } from "./elements.js";

/**
 * @typedef {{form: string, title: string, unit: string, about: {name: string, help: string}[], rolls: boolean,
 *   next: {form: string, title: string}[], from: string[]}} Form
 * @typedef {{form: string, year: string, unit: string}} Wanted
 * @typedef {{title: string, year: string, rolls: boolean, next: {form: string, title: string}[]}} After
 * @typedef {{file: string, holes: number, remarks: string[]}} Made
 */

/** The address of a file's window. @param {string} file */
export const addressOf = (file) => `${root}file/${file.split("/").map(encodeURIComponent).join("/")}`;

/**
 * Asks for what a new, empty file needs, and makes it.
 * @param {Form[]} forms
 * @param {string[]} units the names that are known
 * @param {Partial<Wanted>} wanted what is known already
 */
export function askForNew(forms, units, wanted) {
  const trouble = troublePlace();
  const form = element("select", { required: true });
  form.add(new Option("选一张表", ""));
  for (const one of forms) form.add(new Option(one.title, one.form, false, one.form === wanted.form));
  if (forms.length === 1) form.selectedIndex = 1;
  const year = element("input", { inputmode: "numeric", pattern: "[12][0-9]{3}", required: true, size: 6 });
  year.value = wanted.year ?? String(new Date().getFullYear());
  const known = element("datalist", { id: freshId() }, ...units.map((unit) => element("option", { value: unit })));
  const unit = element("input", { required: true, list: known.id, autocomplete: "off" });
  unit.value = wanted.unit ?? "";
  const hint = element("p", { class: "help" });
  const about = element("div");
  const chosen = () => forms.find((one) => one.form === form.value);
  const show = () => {
    const fields = chosen()?.about ?? [];
    about.replaceChildren(...fields.map((one) => field(one.name, element("input", { required: true, name: one.name }), one.help)));
    const from = chosen()?.rolls === false ? (chosen()?.from ?? []) : [];
    hint.textContent = from.length ? `这张表多半从《${from.join("》《")}》的文件做：打开那一份，按“接着做”，要填的少得多。` : "";
  };
  form.addEventListener("change", show);
  show();
  const make = async (anyway = false) => {
    trouble.textContent = "";
    const typed = Object.fromEntries([...about.querySelectorAll("input")].map((one) => [one.name, one.value]));
    try {
      const made = await post("api/new", { form: form.value, year: year.value.trim(), unit: unit.value, about: typed, anyway });
      if (made.before) askWhich(made, () => make(true));
      else done(made);
    } catch (error) {
      say(trouble, error);
    }
  };
  const made = element(
    "form",
    { onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); make(); } },
    field("表", form),
    hint,
    field("年度", year),
    field("单位", unit),
    about,
    known,
    trouble,
    element("p", { class: "buttons" }, element("button", { class: "main" }, "新建")),
  );
  openDialog("新建一份空的表", made);
  (wanted.form ? unit : form).focus();
}

/**
 * Last year's file is there: going on from it leaves less to fill in.
 * @param {{before: string, year: string}} found
 * @param {() => void} anyway
 */
function askWhich(found, anyway) {
  const trouble = troublePlace();
  openDialog(
    `有 ${found.year} 年的`,
    element("p", {}, `${found.before} 在。从它续写，上年、前年的数都带过来，要填的少得多。`),
    trouble,
    element(
      "p",
      { class: "buttons" },
      element("button", { type: "button", class: "main", onclick: () => rollOver(found.before, trouble) }, "从它续写"),
      element("button", { type: "button", onclick: anyway }, "还是做空的"),
    ),
  );
}

/**
 * Asks which file is to be made from one.
 * @param {string} file
 * @param {After} after
 */
export function askForAfter(file, after) {
  const trouble = troublePlace();
  const next = Number(after.year) + 1;
  const choices = after.next.map((step) => choice(`做《${step.title}》`, () => follow(file, step.form, trouble)));
  if (after.rolls) choices.unshift(choice(`续写到 ${next} 年`, () => rollOver(file, trouble)));
  openDialog(
    `接着《${after.title}》做`,
    element("p", { class: "help" }, file),
    choices.length
      ? element("ul", { class: "choices" }, ...choices)
      : element("p", {}, "这张表后面没有接着做的：不逐年续写，也没有哪张表从它做起。"),
    trouble,
  );
}

/** @param {string} words @param {() => void} act */
const choice = (words, act) => element("li", {}, element("button", { type: "button", onclick: act }, words));

/** Makes next year's file. @param {string} file @param {HTMLElement} trouble */
export const rollOver = (file, trouble) => makeFrom("api/rollover", { file }, trouble);

/** @param {string} file @param {string} form @param {HTMLElement} trouble */
const follow = (file, form, trouble) => makeFrom("api/next", { file, form }, trouble);

/** @param {string} address @param {object} asked @param {HTMLElement} trouble */
async function makeFrom(address, asked, trouble) {
  trouble.textContent = "";
  try {
    done(await post(address, asked));
  } catch (error) {
    say(trouble, error);
  }
}

/** Opens the window of a file that was made, after what its author should know of it. @param {Made} made */
function done(made) {
  if (!made.remarks.length) {
    location.assign(addressOf(made.file));
    return;
  }
  openDialog(
    "做好了",
    element("p", {}, `${made.file}，${made.holes} 处要填。`),
    element("ul", {}, ...made.remarks.map((remark) => element("li", {}, remark))),
    element("p", { class: "buttons" }, element("a", { class: "button main", href: addressOf(made.file) }, "打开")),
  );
}

/** Says why something was not done. @param {HTMLElement} place @param {unknown} error */
export function say(place, error) {
  if (!(error instanceof Refused)) throw error;
  place.textContent = error.message;
}
