// Makes elements of the page; what is put in is text, never markup.

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * An element with attributes, properties that begin with `on` as listeners, and what is in it.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, String(value));
  }
  made.append(...children.filter(/** @returns {child is Node | string} */ (child) => !!child));
  return made;
}

let count = 0;

/** A name for an element that others point to. */
export const freshId = () => `made-${(count += 1)}`;

/**
 * Opens a dialog over the page; the keyboard goes back to where it was when it is closed.
 * @param {string} title
 * @param {...Child} children
 * @returns {HTMLDialogElement}
 */
export function openDialog(title, ...children) {
  const id = freshId();
  const before = document.activeElement;
  const close = element("button", { type: "button", class: "close", "aria-label": "关上", onclick: () => made.close() }, "×");
  const made = element(
    "dialog",
    { "aria-labelledby": id, class: "asking" },
    element("header", {}, element("h2", { id }, title), close),
    ...children,
  );
  made.addEventListener("close", () => {
    made.remove();
    if (before instanceof HTMLElement) before.focus();
  });
  document.body.append(made);
  made.showModal();
  return made;
}

/** A place in a dialog where what went wrong is said. */
export const troublePlace = () => element("p", { role: "alert", class: "trouble" });

/**
 * A field with its label.
 * @param {string} label
 * @param {HTMLElement} control
 * @param {string} [help]
 */
export function field(label, control, help = "") {
  control.id = freshId();
  const line = element("p", { class: "field" }, element("label", { for: control.id }, label), control);
  if (help) {
    const told = element("span", { class: "help", id: freshId() }, help);
    control.setAttribute("aria-describedby", told.id);
    line.append(told);
  }
  return line;
}
