// Builds page elements: whatever people wrote only ever becomes text nodes or inert attributes.

const SVG = "http://www.w3.org/2000/svg";

/** Make an element; `on` holds listeners, `text` its text, `testid` its test handle. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProp(node, name, value);
  node.append(...children.flat().filter(isShown));
  return node;
}

function isShown(child) {
  return child !== null && child !== undefined && child !== false && child !== "";
}

function setProp(node, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name === "on") return listen(node, value);
  if (name === "class") node.className = value;
  else if (name === "text") node.textContent = value;
  else if (name === "testid") node.dataset.testid = value;
  else node.setAttribute(name, value === true ? "" : String(value));
}

function listen(node, listeners) {
  for (const [event, listener] of Object.entries(listeners)) node.addEventListener(event, listener);
}

/** Make an SVG icon from path data on a 24-unit canvas. */
export function svg(paths, { filled = false } = {}) {
  const node = document.createElementNS(SVG, "svg");
  node.setAttribute("viewBox", "0 0 24 24");
  node.setAttribute("aria-hidden", "true");
  node.setAttribute("class", filled ? "icon icon-filled" : "icon");
  for (const data of paths) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", data);
    node.append(path);
  }
  return node;
}

const drawn = new WeakMap();

/**
 * Make the children of `parent` show `items` in order, drawing only what is new or changed.
 * `key` names an item, `sign` is a string that changes when its looks change, `draw` makes its node.
 */
export function reconcile(parent, items, { key, sign, draw }) {
  const known = drawn.get(parent) ?? new Map();
  const keys = new Set(items.map(key));
  for (const [id, entry] of known) if (!keys.has(id)) entry.node.remove();
  const next = new Map();
  let cursor = parent.firstChild;
  for (const item of items) {
    const id = key(item);
    const before = known.get(id);
    const isNext = before !== undefined && before.node === cursor;
    const entry = renewed(before, sign(item), () => draw(item));
    next.set(id, entry);
    if (isNext) cursor = entry.node.nextSibling;
    else parent.insertBefore(entry.node, cursor);
  }
  drawn.set(parent, next);
}

function renewed(entry, signature, draw) {
  if (entry?.signature === signature) return entry;
  const node = draw();
  if (entry) swap(entry.node, node);
  return { node, signature };
}

/** Put `node` where `old` stands; focus and caret stay in the control of the same name, or else on the node. */
export function swap(old, node) {
  const active = document.activeElement;
  const testid = old.contains(active) ? active.dataset.testid : null;
  const caret = typeof active?.selectionStart === "number" ? [active.selectionStart, active.selectionEnd] : null;
  old.replaceWith(node);
  const heir = testid ? node.querySelector(`[data-testid="${CSS.escape(testid)}"]`) ?? node : null;
  heir?.focus({ preventScroll: true });
  if (caret) heir?.setSelectionRange?.(...caret);
}

/** Replace all children. */
export function fill(parent, ...children) {
  parent.replaceChildren(...children.flat().filter(isShown));
  return parent;
}
