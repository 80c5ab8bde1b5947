// A small list to choose from, opened beside a button: selects, overflow menus, the user switcher.

import { el, fill } from "./dom.js";

const FILTER_FROM = 8;
let open = null;

/**
 * Open a list at `anchor`. Options: {label, value?, hint?, node?, side?, selected?, href?, testid?}.
 * Wishes: {choose?, role?, label?, placeholder?, look?}; `choose(option)` is called when one is picked,
 * `role` is "listbox" or "menu", `look` is "list" or "grid".
 */
export function openMenu(anchor, options, wishes) {
  closeMenu();
  const { choose, role = "listbox", label, placeholder = "Search", look = "list" } = wishes;
  const state = { anchor, options, choose, role, shown: options, at: firstAt(options) };
  const name = { "aria-label": label ?? "Choices", "aria-labelledby": label ? null : anchor.getAttribute("aria-labelledby") };
  state.list = el("div", { class: "menu-list", role, ...name, id: "menu-list", tabindex: "-1" });
  state.filter = options.length >= FILTER_FROM ? filterBox(state, placeholder) : null;
  state.box = el("div", { class: `menu menu-${look}`, popover: "auto", testid: "menu" }, state.filter, state.list);
  state.box.addEventListener("keydown", (event) => onKey(event, state));
  state.box.addEventListener("toggle", (event) => event.newState === "closed" && forget(state));
  (anchor.closest("dialog") ?? document.getElementById("main")).append(state.box);
  anchor.setAttribute("aria-expanded", "true");
  draw(state);
  state.box.showPopover();
  place(state.box, anchor);
  (state.filter ?? state.list).focus();
  open = state;
}

/** Close the list that is open, if one is. */
export function closeMenu() {
  if (open) forget(open);
}

function forget(state) {
  if (!state.box.isConnected) return;
  const hadFocus = state.box.contains(document.activeElement);
  state.box.remove();
  state.anchor.setAttribute("aria-expanded", "false");
  if (hadFocus) state.anchor.focus({ preventScroll: true });
  if (open === state) open = null;
}

function firstAt(options) {
  return Math.max(0, options.findIndex((option) => option.selected));
}

function filterBox(state, placeholder) {
  return el("input", {
    class: "menu-filter",
    type: "text",
    placeholder,
    "aria-label": placeholder,
    "aria-controls": "menu-list",
    autocomplete: "off",
    on: { input: (event) => narrow(state, event.target.value) },
  });
}

function narrow(state, typed) {
  const wanted = typed.trim().toLowerCase();
  state.shown = state.options.filter((option) => `${option.label} ${option.hint ?? ""}`.toLowerCase().includes(wanted));
  state.at = 0;
  draw(state);
}

function draw(state) {
  const rows = state.shown.map((option, i) => row(state, option, i));
  fill(state.list, rows.length ? rows : el("p", { class: "menu-empty", text: "Nothing fits." }));
  mark(state);
}

function row(state, option, i) {
  const role = state.role === "menu" ? "menuitem" : "option";
  const props = {
    class: "menu-row",
    role,
    id: `menu-row-${i}`,
    testid: option.testid ?? `option:${option.value}`,
    href: option.href,
    "aria-selected": role === "option" ? String(Boolean(option.selected)) : null,
    on: { click: () => pick(state, option), pointermove: () => hover(state, i) },
  };
  return el(option.href ? "a" : "div", props, option.node ?? words(option), option.side);
}

function words(option) {
  return el("span", { class: "menu-words" },
    el("span", { class: "menu-label", text: option.label }),
    option.hint && el("span", { class: "menu-hint", text: option.hint }));
}

function hover(state, i) {
  if (state.at === i) return;
  state.at = i;
  mark(state);
}

function mark(state) {
  const rows = [...state.list.querySelectorAll(".menu-row")];
  rows.forEach((one, i) => one.classList.toggle("is-at", i === state.at));
  rows[state.at]?.scrollIntoView({ block: "nearest" });
  const focused = state.filter ?? state.list;
  if (rows.length) focused.setAttribute("aria-activedescendant", `menu-row-${state.at}`);
  else focused.removeAttribute("aria-activedescendant");
}

function pick(state, option) {
  forget(state);
  state.choose?.(option);
}

function onKey(event, state) {
  const last = state.shown.length - 1;
  const moves = { ArrowDown: Math.min(state.at + 1, last), ArrowUp: Math.max(state.at - 1, 0), Home: 0, End: last };
  const isTyping = state.filter && (event.key === "Home" || event.key === "End");
  if (event.key in moves && !isTyping) {
    state.at = moves[event.key];
    mark(state);
  } else if (event.key === "Enter" || (event.key === " " && !state.filter)) {
    state.list.querySelectorAll(".menu-row")[state.at]?.click();
  } else if (event.key === "Tab") {
    forget(state);
    return;
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

/** Put a fixed box beside its anchor, inside the window. */
function place(box, anchor) {
  const at = anchor.getBoundingClientRect();
  if (anchor.matches(".select")) box.style.setProperty("min-width", `${at.width}px`);
  const { offsetWidth: width, offsetHeight: height } = box;
  const below = at.bottom + 6 + height <= window.innerHeight - 8;
  const top = below ? at.bottom + 6 : Math.max(8, at.top - height - 6);
  const left = Math.max(8, Math.min(at.left, window.innerWidth - width - 8));
  box.style.setProperty("top", `${Math.round(top)}px`);
  box.style.setProperty("left", `${Math.round(left)}px`);
}
