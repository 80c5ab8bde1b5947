// "Then try": what this workspace can play on the world outside, and the way to a Slack of the reader's own.

import { connectButton } from "./connect.js";
import { el, reconcile } from "./dom.js";
import { attempt } from "./notices.js";
import { store } from "./store.js";

const CONNECT = { name: "connect", hint: "Two tokens and one command." };

/** Make the row once; what plays is said below it, where screen readers hear it. */
export function trickRow() {
  const buttons = el("ul", { class: "tricks" });
  const said = el("p", { class: "tricks-said", role: "status", testid: "tricks-said" });
  return { nodes: [el("h3", { text: "Then try" }), buttons, said], draw: () => drawTricks(buttons, said) };
}

function drawTricks(buttons, said) {
  const tricks = store.state.tricks ?? [];
  reconcile(buttons, [...tricks, CONNECT], { key: (one) => one.name, sign: JSON.stringify, draw: item });
  const words = tricks.map((one) => one.playing).filter(Boolean).join(" ");
  if (said.textContent !== words) said.textContent = words;
}

function item(one) {
  const hint = `hint-${one.name}`;
  const button = one === CONNECT ? connectButton("button", "connect") : trickButton(one);
  button.setAttribute("aria-describedby", hint);
  return el("li", { class: `${one.name}-item` }, button, el("p", { id: hint, text: one.playing ? "Under way." : one.hint }));
}

/** A trick that plays can still be pressed: then the answer says why nothing happens. */
function trickButton({ name, label, playing }) {
  return el("button", {
    class: "button",
    type: "button",
    testid: `trick:${name}`,
    "aria-disabled": playing ? "true" : null,
    on: { click: () => attempt("trick", { name }) },
  }, el("span", { class: "button-text", text: label }));
}
