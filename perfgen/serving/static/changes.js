// What changed in the file, in words, and the reasons for it.

import { get } from "./api.js";
import { bus, file } from "./view.js";

const SINCE = [
  ["base", "这次改的"],
  ["year", "和去年比"],
];
let since = "base";
/** @type {HTMLElement | null} */
let list = null;

/** Shows what changed. @param {HTMLElement} panel */
export async function load(panel) {
  list ??= begin(panel);
  const asked = since;
  if (!list.childNodes.length) list.textContent = "正在比较……";
  const found = await get(`api/changes?file=${encodeURIComponent(file)}&since=${asked}`);
  if (asked !== since || isTyping(list)) return;
  list.innerHTML = found.html;
}

/** Whether somebody is writing a reason, which must not be lost. @param {HTMLElement} here */
function isTyping(here) {
  return [...here.querySelectorAll("textarea")].some((area) => area.value !== area.dataset.was);
}

/** @param {HTMLElement} panel */
function begin(panel) {
  const made = document.createElement("div");
  panel.append(choice(), made);
  return made;
}

function choice() {
  const set = document.createElement("fieldset");
  const legend = document.createElement("legend");
  legend.textContent = "和什么比";
  legend.className = "hidden";
  set.className = "since";
  set.append(legend);
  for (const [name, title] of SINCE) {
    const label = document.createElement("label");
    const input = document.createElement("input");
    Object.assign(input, { type: "radio", name: "since", value: name, checked: name === since });
    input.addEventListener("change", () => {
      since = name;
      list?.replaceChildren("正在比较……");
      bus.dispatchEvent(new CustomEvent("changed"));
    });
    label.append(input, title);
    set.append(label);
  }
  return set;
}
