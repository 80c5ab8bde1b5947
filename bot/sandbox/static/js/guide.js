// The first minute: three things to try, put away by the reader and then remembered.

import { el, fill } from "./dom.js";
import { icon } from "./icons.js";

const KEPT = "goshawk.guide";

const STEPS = [
  ["Claim the first card", "Press Claim on a complaint below, or type /claim next."],
  ["Reply and send", "Press Reply, write two honest sentences, send them."],
  ["Resolve it", "Press Resolve. If the customer writes again, it comes back."],
];

/** Draw the guide unless the reader has put it away. */
export function drawGuide(parent) {
  parent.hidden = localStorage.getItem(KEPT) === "done";
  if (parent.hidden || parent.firstChild) return;
  fill(parent,
    el("div", { class: "guide-head" },
      el("h2", { text: "Welcome. Three things to try" }),
      el("button", { class: "icon-button", type: "button", testid: "guide-dismiss", "aria-label": "Put the guide away", on: { click: () => putAway(parent) } }, icon("close"))),
    el("ol", { class: "guide-steps" }, ...STEPS.map(step)));
  parent.dataset.testid = "guide";
}

function step([title, text], i) {
  return el("li", { class: "guide-step" },
    el("span", { class: "guide-number", "aria-hidden": "true", text: i + 1 }),
    el("div", {}, el("strong", { text: title }), el("p", { text })));
}

function putAway(parent) {
  localStorage.setItem(KEPT, "done");
  parent.hidden = true;
}
