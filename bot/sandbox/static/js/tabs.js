// Rows of buttons that Tab reaches once and arrows walk through: tabs and toolbars.

import { el } from "./dom.js";

/** Draw tabs [{id, label, testid}]; `panel` is the id of what they change, `choose(id)` is called at each pick. */
export function tabRow(tabs, { open, label, panel, choose }) {
  const row = el("div", { class: "tabs", role: "tablist", "aria-label": label }, ...tabs.map((tab) =>
    el("button", {
      class: "tab",
      type: "button",
      role: "tab",
      testid: tab.testid,
      "aria-selected": String(tab.id === open),
      "aria-controls": panel,
      on: { click: () => choose(tab.id) },
    }, tab.label)));
  return walked(row, tabs.findIndex((tab) => tab.id === open), (tab) => tab.click());
}

/** Let arrows, Home and End walk through the buttons of a row, and Tab reach only the one at `start`. */
export function walked(row, start = 0, reached = () => {}) {
  const buttons = [...row.children];
  buttons.forEach((button, i) => (button.tabIndex = i === start ? 0 : -1));
  row.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement);
    const moves = { ArrowRight: at + 1, ArrowLeft: at - 1 + buttons.length, Home: 0, End: buttons.length - 1 };
    if (!(event.key in moves)) return;
    event.preventDefault();
    const next = buttons[moves[event.key] % buttons.length];
    next.focus();
    reached(next);
  });
  return row;
}
