// A row of tabs: arrows move between them, Tab leaves the row.

import { el } from "./dom.js";

/** Draw tabs [{id, label, testid}]; `panel` is the id of what they change, `choose(id)` is called at each pick. */
export function tabRow(tabs, { open, label, panel, choose }) {
  return el("div", { class: "tabs", role: "tablist", "aria-label": label }, ...tabs.map((tab) =>
    el("button", {
      class: "tab",
      type: "button",
      role: "tab",
      testid: tab.testid,
      tabindex: tab.id === open ? "0" : "-1",
      "aria-selected": String(tab.id === open),
      "aria-controls": panel,
      on: { click: () => choose(tab.id), keydown: step },
    }, tab.label)));
}

function step(event) {
  const row = [...event.currentTarget.parentElement.children];
  const at = row.indexOf(event.currentTarget);
  const moves = { ArrowRight: at + 1, ArrowLeft: at - 1 + row.length, Home: 0, End: row.length - 1 };
  if (!(event.key in moves)) return;
  event.preventDefault();
  const next = row[moves[event.key] % row.length];
  next.focus();
  next.click();
}
