// The first minute: three things to try, ticked as the reader does them, then tricks; put away on request.

import { onAct } from "./api.js";
import { el, fill } from "./dom.js";
import { icon, iconButton } from "./icons.js";
import { changed, isGuided } from "./store.js";
import { trickRow } from "./tricks.js";

const KEPT = "goshawk.guide";
const AWAY = "away";

const STEPS = [
  { id: "claim", isMet: isClaim, title: "Claim a card", text: "Press Claim below, or type /claim next." },
  { id: "reply", isMet: isSend, title: "Send a reply", text: "Press Reply, write two honest sentences, send." },
  { id: "resolve", isMet: isResolve, title: "Resolve it", text: "If they write again, it comes back." },
];

const more = trickRow();
let kept = localStorage.getItem(KEPT) ?? "";

/** Draw the guide where the reader begins and the cards are, if it fits the app and is not put away. */
export function drawGuide(parent, isBegin) {
  parent.hidden = isAway() || !isBegin || !isGuided();
  if (parent.hidden) return;
  more.draw();
  if (parent.dataset.drawn === `drawn ${kept}`) return;
  parent.dataset.drawn = `drawn ${kept}`;
  parent.dataset.testid = "guide";
  fill(parent,
    el("h2", { text: STEPS.every(isDone) ? "Done, that is the whole loop" : "Three things to try" }),
    el("ol", { class: "guide-steps" }, ...STEPS.map(step)),
    iconButton("close", "Put the guide away", {
      testid: "guide-dismiss", on: { click: () => keep(`${kept} ${AWAY}`) },
    }),
    ...more.nodes);
}

/** Whether the reader has put the guide away. */
export function isAway() {
  return isDone({ id: AWAY });
}

/** The way back to the guide, once it is away. */
export function guideButton(look) {
  if (!isAway() || !isGuided()) return null;
  const click = () => keep(kept.replace(AWAY, ""));
  return el("button", { class: look, type: "button", testid: "guide-back", text: "First steps", on: { click } });
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

function keep(value) {
  kept = value.trim();
  localStorage.setItem(KEPT, kept);
  changed();
}

/** Watch what the reader does, and tick it off. */
export function watchSteps() {
  onAct((deed) => {
    const done = STEPS.filter((one) => !isDone(one) && one.isMet(deed)).map((one) => one.id);
    if (done.length && !isAway()) keep([kept, ...done].join(" "));
  });
}
