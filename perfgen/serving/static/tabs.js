// The tabs beside the form: one panel at a time, made again when the files change while it is open.

import * as changes from "./changes.js";
import { Refused } from "./api.js";
import * as made from "./made.js";
import { bus, part } from "./view.js";

/** @typedef {{name: string, title: string, load: ((panel: HTMLElement) => Promise<void>) | null}} Tab */

/** @type {Tab[]} */
const TABS = [
  { name: "findings", title: "检查", load: null },
  { name: "changes", title: "改了什么", load: changes.load },
  { name: "page", title: "网页", load: made.page },
  { name: "papers", title: "PDF", load: made.papers },
];
const PAUSE = 300; // milliseconds without a change after which a panel is made again
const KEPT = "perfgen-tab";

/** @type {Tab} */
let open = TABS[0];
let waiting = 0;
let order = 0;

/** Lets the tabs be chosen. */
export function listen() {
  const list = part("tabs");
  for (const tab of TABS) list.append(button(tab));
  for (const tab of TABS.slice(1)) part("side").append(panel(tab));
  part("findings").setAttribute("aria-labelledby", "tab-findings");
  part("findings").tabIndex = -1;
  list.addEventListener("keydown", keyed);
  bus.addEventListener("changed", () => {
    clearTimeout(waiting);
    waiting = setTimeout(load, PAUSE);
  });
  choose(TABS.find((tab) => tab.name === sessionStorage.getItem(KEPT)) ?? TABS[0]);
}

/** @param {Tab} tab */
function button(tab) {
  const element = document.createElement("button");
  element.type = "button";
  element.id = `tab-${tab.name}`;
  element.textContent = tab.title;
  element.setAttribute("role", "tab");
  element.setAttribute("aria-controls", tab.name);
  element.addEventListener("click", () => choose(tab));
  return element;
}

/** @param {Tab} tab */
function panel(tab) {
  const element = document.createElement("section");
  element.id = tab.name;
  element.setAttribute("role", "tabpanel");
  element.setAttribute("aria-labelledby", `tab-${tab.name}`);
  element.hidden = true;
  return element;
}

/** Opens a tab. @param {Tab} chosen */
function choose(chosen) {
  open = chosen;
  sessionStorage.setItem(KEPT, chosen.name);
  document.body.dataset.tab = chosen.name;
  for (const tab of TABS) {
    const element = part(`tab-${tab.name}`);
    element.setAttribute("aria-selected", String(tab === chosen));
    element.tabIndex = tab === chosen ? 0 : -1;
    part(tab.name).hidden = tab !== chosen;
  }
  load();
}

/** The arrow keys go from tab to tab (ARIA Authoring Practices, tabs). @param {KeyboardEvent} event */
function keyed(event) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  choose(TABS[(TABS.indexOf(open) + by + TABS.length) % TABS.length]);
  part(`tab-${open.name}`).focus();
  event.preventDefault();
}

/** Makes what the open tab shows. */
async function load() {
  const tab = open;
  if (!tab.load) return;
  const mine = (order += 1);
  const element = part(tab.name);
  element.setAttribute("aria-busy", "true");
  try {
    await tab.load(element);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (mine === order && error.status === 409) waiting = setTimeout(load, PAUSE);
    else if (mine === order) made.say(element, error.message, false);
  } finally {
    if (mine === order) element.setAttribute("aria-busy", "false");
  }
}
