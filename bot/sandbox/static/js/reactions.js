// Reactions under a message, and the small bar with which to add them or to open the thread.

import { me, userName } from "./directory.js";
import { el } from "./dom.js";
import { emoji, PICKER } from "./emoji.js";
import { iconButton } from "./icons.js";
import { openMenu } from "./menu.js";
import { attempt } from "./notices.js";
import { shortcut, shortcuts } from "./shortcuts.js";
import { go } from "./store.js";
import { walked } from "./tabs.js";

const MEANINGS = {
  eyes: "On a card: claim it",
  white_check_mark: "On a card: resolve it",
  rotating_light: "On a card: escalate it",
  zzz: "On a card: snooze it",
};

/** The row of reactions with their counts; null when there are none. */
export function reactions(message, where) {
  const all = message.reactions ?? [];
  if (!all.length) return null;
  return el("div", { class: "reactions" }, ...all.map((one) => chip(one, message, where)), adder(message, where));
}

function chip(reaction, message, where) {
  const isMine = reaction.users.includes(me());
  const names = reaction.users.map(userName).join(", ");
  return el("button", {
    class: isMine ? "chip is-mine" : "chip",
    type: "button",
    testid: `reaction:${message.ts}:${reaction.name}`,
    title: `${names} reacted with :${reaction.name}:`,
    "aria-label": `${reaction.name}, ${reaction.users.length}, by ${names}`,
    "aria-pressed": String(isMine),
    on: { click: () => react(message, where, reaction.name) },
  },
  el("span", { text: emoji(reaction.name) ?? `:${reaction.name}:` }),
  el("span", { text: reaction.users.length }));
}

/** Add a reaction; a second time takes it back. */
function react(message, where, name) {
  attempt("reaction", { channel: where.channel, message_ts: message.ts, name });
}

function adder(message, where) {
  return opener("chip chip-add", `react:${message.ts}`, "Add a reaction", "smile", (node) =>
    pick(node, message, where));
}

function pick(anchor, message, where) {
  const options = PICKER.map((name) => ({ label: name, value: name, side: emoji(name), testid: `emoji:${name}` }));
  openMenu(anchor, options, {
    label: "Reactions",
    placeholder: "Find an emoji",
    look: "grid",
    choose: (option) => react(message, where, option.value),
  });
}

/** The bar at the corner of a message: Goshawk's four reactions, the picker, reply in thread. */
export function tools(message, where) {
  return walked(el("div", { class: "tools", role: "toolbar", "aria-label": "Message actions" },
    ...PICKER.slice(0, 4).map((name) => quick(name, message, where)),
    opener("tool", `pick:${message.ts}`, "Another reaction", "smile", (node) => pick(node, message, where)),
    !where.isThread &&
      opener("tool", `thread:${message.ts}`, "Reply in thread", "chat", () =>
        go(where.channel, message.thread_ts || message.ts)),
    shortcuts("message").length > 0 && moreActions(message, where)));
}

function moreActions(message, where) {
  const node = opener("tool", `more:${message.ts}`, "More actions", "more", () => {
    const body = { channel: where.channel, message_ts: message.ts };
    const choose = ({ value, label }) => shortcut({ callback_id: value, ...body }, label);
    openMenu(node, shortcuts("message").map(optionOf), { role: "menu", label: "More actions", choose });
  });
  node.setAttribute("aria-haspopup", "menu");
  return node;
}

function optionOf(one) {
  return { label: one.name, hint: one.description, value: one.callback_id, testid: `shortcut:${one.callback_id}` };
}

function quick(name, message, where) {
  return el("button", {
    class: "tool",
    type: "button",
    testid: `quick:${message.ts}:${name}`,
    "aria-label": `React with ${name}`,
    title: MEANINGS[name],
    text: emoji(name),
    on: { click: () => react(message, where, name) },
  });
}

function opener(look, testid, label, sign, click) {
  const node = iconButton(sign, label, { class: look, testid, title: label });
  node.addEventListener("click", () => click(node));
  return node;
}
