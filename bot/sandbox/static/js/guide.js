// The first minute: three things to try, ticked as the reader does them, put away for good on request.

import { onAct } from "./api.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";

const KEPT = "goshawk.guide";
const AWAY = "away";

const STEPS = [
  { id: "claim", isMet: isClaim, title: "Claim a card", text: "Press Claim below, or type /claim next." },
  { id: "reply", isMet: isSend, title: "Send a reply", text: "Press Reply, write two honest sentences, send." },
  { id: "resolve", isMet: isResolve, title: "Resolve it", text: "If they write again, it comes back." },
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

function isClaim(deed) {
  return (deed.act === "action" && /^claim$/i.test(deed.words)) || isTyped("claim", deed);
}

function isSend({ act, words }) {
  return act === "submit" && /^send( now)?$/i.test(words);
}

/** A window that merely opens resolves nothing: its own button does, or the box in the window that sends. */
function isResolve(deed) {
  const isPressed = deed.act === "submit" && /^resolve$/i.test(deed.words);
  const isAlong = isSend(deed) && deed.ticked.some((label) => /^resolve\b/i.test(label));
  return isPressed || isAlong || isTyped("resolve", deed);
}

/** As in: /claim next, /social claim 12; @goshawk claim only in a thread, for elsewhere it names no card. */
function isTyped(verb, { act, words, inThread }) {
  const isText = act === "command" || act === "message";
  return isText && new RegExp(`^(?:/|[/@]\\S+\\s+)${verb}\\b${inThread ? "" : "\\s+\\S"}`, "i").test(words);
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
  onAct((deed) => {
    const done = STEPS.filter((one) => !isDone(one) && one.isMet(deed)).map((one) => one.id);
    if (done.length && kept !== AWAY) keep([kept, ...done].join(" ").trim(), redraw);
  });
}
