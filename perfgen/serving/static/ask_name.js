// Asks what a new group is called: one of the names that the form has, or a name of one's own.

/**
 * Asks for a name; null where there is none after all.
 * @param {string} title @param {string[]} names @param {boolean} isOpen whether it may be a name of one's own
 * @returns {Promise<string | null>}
 */
export function askName(title, names, isOpen) {
  const dialog = document.createElement("dialog");
  dialog.className = "ask";
  const form = document.createElement("form");
  form.method = "dialog";
  const head = document.createElement("h2");
  head.id = "ask-title";
  head.textContent = title;
  dialog.setAttribute("aria-labelledby", head.id);
  const chosen = names.map((name) => button(name, name));
  const list = document.createElement("div");
  list.className = "names";
  list.append(...chosen);
  form.append(head, list);
  const input = document.createElement("input");
  if (isOpen) form.append(own(input, names.length > 0));
  form.append(button("不加了", ""));
  dialog.append(form);
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const name = dialog.returnValue === "own" ? input.value.trim() : names[Number(dialog.returnValue.slice(5))];
      dialog.remove();
      resolve(dialog.returnValue ? name || null : null);
    });
    form.addEventListener("submit", (event) => {
      if (document.activeElement !== input) return;
      event.preventDefault();
      if (input.value.trim()) dialog.close("own");
    });
    chosen.forEach((one, number) => { one.value = `name-${number}`; });
    dialog.showModal();
    (chosen[0] ?? input).focus();
  });
}

/** @param {HTMLInputElement} input @param {boolean} isElse */
function own(input, isElse) {
  const label = document.createElement("label");
  label.append(isElse ? "或者自己起一个名称：" : "名称：", input);
  input.autocomplete = "off";
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.preventDefault();
  });
  const add = button("加上", "own");
  const row = document.createElement("p");
  row.append(label, add);
  return row;
}

/** @param {string} text @param {string} value */
function button(text, value) {
  const made = document.createElement("button");
  made.textContent = text;
  made.value = value;
  return made;
}
