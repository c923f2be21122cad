// The public page, in a frame that may do nothing, and the PDF as pictures of its pages.

import { get, root } from "./api.js";
import { file, now } from "./view.js";

const query = `file=${encodeURIComponent(file)}`;

/**
 * Says how far something is, above what is shown of it.
 * @param {HTMLElement} panel @param {string} text @param {boolean} isBusy
 */
export function say(panel, text, isBusy) {
  let line = panel.querySelector(".state");
  if (!line) {
    line = document.createElement("p");
    line.className = "state";
    line.setAttribute("role", "status");
    panel.prepend(line);
  }
  line.classList.toggle("busy", isBusy);
  line.textContent = text;
}

/** @param {HTMLElement} panel @param {string} name */
function body(panel, name) {
  const there = panel.querySelector(`.${name}`);
  if (there instanceof HTMLElement) return there;
  const made = document.createElement("div");
  made.className = name;
  panel.append(made);
  return made;
}

/** Asks for something that takes a moment; what was there stays, greyed. @param {HTMLElement} panel @param {string} address */
async function ask(panel, address) {
  say(panel, "正在做……", true);
  const found = await get(address);
  const time = new Date().toLocaleTimeString("zh-CN", { hour12: false });
  const isNow = found.version === now().version;
  say(panel, [found.said, isNow ? `${time} 做好。` : "做好以后文件又变了，会再做。"].filter(Boolean).join(" "), false);
  return found;
}

/** Shows the public page. @param {HTMLElement} panel */
export async function page(panel) {
  const found = await ask(panel, `api/page?${query}`);
  const here = body(panel, "framed");
  here.classList.toggle("stale", !found.address);
  if (!found.address) return say(panel, found.said, false);
  let frame = here.querySelector("iframe");
  if (!frame) {
    frame = document.createElement("iframe");
    frame.title = "公开的网页";
    frame.setAttribute("sandbox", "allow-scripts");
    frame.referrerPolicy = "no-referrer";
    here.append(frame);
  }
  const address = `${found.address}?${found.made.slice(0, 8)}`;
  if (frame.getAttribute("src") !== address) frame.src = address;
}

/** Shows the pages of the PDF, and lets the files be kept. @param {HTMLElement} panel */
export async function papers(panel) {
  const found = await ask(panel, `api/papers?${query}`);
  const here = body(panel, "papers");
  here.classList.toggle("stale", !found.files.length);
  if (!found.files.length) return say(panel, found.said, false);
  if (here.dataset.made === found.made) return undefined;
  here.dataset.made = found.made;
  here.replaceChildren(downloads(found.files), ...found.pages.map(sheet, found.made.slice(0, 8)));
  return undefined;
}

const TITLES = { pdf: "下载 PDF", docx: "下载 Word" };

/** @param {{suffix: "pdf" | "docx", name: string}[]} files */
function downloads(files) {
  const line = document.createElement("p");
  for (const { suffix, name } of files) {
    const link = document.createElement("a");
    link.href = `${root}paper/${suffix}?${query}`;
    link.download = name;
    link.textContent = TITLES[suffix] ?? name;
    line.append(link, " ");
  }
  return line;
}

/** @this {string} what tells it from the ones before @param {[number, number]} size @param {number} number @param {unknown[]} all */
function sheet([width, height], number, all) {
  const figure = document.createElement("figure");
  const link = document.createElement("a");
  const image = document.createElement("img");
  const caption = document.createElement("figcaption");
  image.src = link.href = `${root}paper/${number}.png?${query}&${this}`;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  image.alt = `PDF 第 ${number + 1} 页；内容和正式的表一样`;
  image.loading = "lazy";
  Object.assign(image, { width, height });
  caption.textContent = `第 ${number + 1} 页，共 ${all.length} 页`;
  link.append(image);
  figure.append(link, caption);
  return figure;
}
