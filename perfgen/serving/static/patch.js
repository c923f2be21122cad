// Puts new HTML in the place of what is painted; what is the same stays, with its focus, its selection and its editor.

/** Classes that a script gave an element for a while; new HTML does not take them away. */
const OURS = ["editing", "changed", "unsaved", "open"];

/**
 * @param {Element} target
 * @param {DocumentFragment} wanted whose nodes may be taken
 */
export function patch(target, wanted) {
  children(target, [...wanted.childNodes]);
}

/** @param {Node} now @param {Node} wanted */
function node(now, wanted) {
  if (!(now instanceof Element) || !(wanted instanceof Element)) {
    if (now.nodeValue !== wanted.nodeValue) now.nodeValue = wanted.nodeValue;
    return;
  }
  if (now.isEqualNode(wanted)) return;
  const edited = now.classList.contains("editing");
  attributes(now, wanted, edited ? ["data-slot"] : wanted.getAttributeNames());
  if (edited || now.hasAttribute("data-keep")) return;
  children(now, [...wanted.childNodes]);
}

/** @param {Element} now @param {Element} wanted @param {string[]} names */
function attributes(now, wanted, names) {
  const ours = OURS.filter((name) => now.classList.contains(name));
  for (const name of names) {
    const value = wanted.getAttribute(name) ?? "";
    if (now.getAttribute(name) !== value) now.setAttribute(name, value);
  }
  if (names.length > 1 || !now.classList.contains("editing")) {
    for (const name of now.getAttributeNames()) {
      if (!wanted.hasAttribute(name) && !(name === "open" && now.hasAttribute("data-keep"))) now.removeAttribute(name);
    }
  }
  if (ours.length) now.classList.add(...ours);
}

/** @param {Element} now @param {Node[]} wanted */
function children(now, wanted) {
  const old = [...now.childNodes];
  const head = count(old, wanted, (list, number) => list[number]);
  const most = Math.min(old.length, wanted.length) - head;
  const tail = Math.min(most, count(old, wanted, (list, number) => list[list.length - 1 - number]));
  const less = old.slice(head, old.length - tail);
  const more = wanted.slice(head, wanted.length - tail);
  const both = Math.min(less.length, more.length);
  const end = old[old.length - tail] ?? null;
  for (let number = 0; number < both; number += 1) {
    const [one, other] = [/** @type {Node} */ (less[number]), /** @type {Node} */ (more[number])];
    if (one.nodeName === other.nodeName) node(one, other);
    else now.replaceChild(other, one);
  }
  for (const one of less.slice(both)) now.removeChild(one);
  for (const one of more.slice(both)) now.insertBefore(one, end);
}

/**
 * How many nodes two lists have alike, counted from one end.
 * @param {Node[]} old @param {Node[]} wanted @param {(list: Node[], number: number) => Node | undefined} at
 */
function count(old, wanted, at) {
  let number = 0;
  for (;;) {
    const [one, other] = [at(old, number), at(wanted, number)];
    if (!one || !other || !(one === other || one.isEqualNode(other))) return number;
    number += 1;
  }
}
