// The first minute: three things to try, ticked as the reader does them, put away for good on request.

import { onAct } from "./api.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";

const KEPT = "goshawk.guide";
const AWAY = "away";

const STEPS = [
  { id: "claim", sign: /\bclaim\b/i, title: "Claim a card", text: "Press Claim below, or type /claim next." },
  { id: "reply", sign: /\bsend\b/i, title: "Send a reply", text: "Press Reply, write two honest sentences, send." },
  { id: "resolve", sign: /\bresolve\b/i, title: "Resolve it", text: "If they write again, it comes back." },
];

let kept = localStorage.getItem(KEPT) ?? "";

/** Draw the guide in channels, unless the reader has put it away. */
export function drawGuide(parent, isChannel) {
  parent.hidden = kept === AWAY || !isChannel;
  if (parent.hidden || parent.dataset.drawn === `drawn ${kept}`) return;
  parent.dataset.drawn = `drawn ${kept}`;
  parent.dataset.testid = "guide";
  fill(parent,
    el("h2", { text: STEPS.every(isDone) ? "Done, that is the whole loop" : "Three things to try" }),
    el("ol", { class: "guide-steps" }, ...STEPS.map(step)),
    el("button", {
      class: "icon-button",
      type: "button",
      testid: "guide-dismiss",
      "aria-label": "Put the guide away",
      title: "Put away",
      on: { click: () => keep(AWAY, () => (parent.hidden = true)) },
    }, icon("close")));
}

function isDone({ id }) {
  return kept.split(" ").includes(id);
}

function step(one, i) {
  const { id, title, text } = one;
  return el("li", { class: isDone(one) ? "guide-step is-done" : "guide-step", testid: `step:${id}` },
    el("span", { class: "guide-number", "aria-hidden": "true" }, isDone(one) ? icon("check") : String(i + 1)),
    el("div", {},
      el("strong", { text: title }),
      isDone(one) && el("span", { class: "sr-only", text: " (done)" }),
      el("p", { text })));
}

function keep(value, after) {
  kept = value;
  localStorage.setItem(KEPT, value);
  after();
}

/** Watch what the reader does; `redraw` is called when a step is done. */
export function watchSteps(redraw) {
  onAct((words) => {
    const done = STEPS.find((one) => one.sign.test(words) && !isDone(one));
    if (done && kept !== AWAY) keep(`${kept} ${done.id}`.trim(), redraw);
  });
}
