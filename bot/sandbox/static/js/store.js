// The one state of the page: what the sandbox pushed, and the place that the address bar names.

import { learn } from "./directory.js";

const listeners = new Set();
let isQueued = false;

/** `place` is {channel, thread}; `state` is null until the first push. */
export const store = { state: null, online: false, place: { channel: "", thread: "" } };

/** Call `listener` after each change, many changes at once as one. */
export function watch(listener) {
  listeners.add(listener);
}

/** Say that something changed. */
export function changed() {
  if (isQueued) return;
  isQueued = true;
  setTimeout(() => {
    isQueued = false;
    if (store.state) for (const listener of listeners) listener();
  }, 0);
}

/** Whether the guide and the way to a Slack of one's own fit: they are written for an app with /claim. */
export function isGuided() {
  return store.state.commands.some(({ command }) => command === "/claim");
}

/** Take a pushed state. */
export function take(state) {
  store.state = state;
  learn(state);
  if (!currentChannel()) readAddress();
  changed();
}

/** The channel that is open, or undefined. */
export function currentChannel() {
  return store.state?.channels.find((channel) => channel.id === store.place.channel);
}

/** The messages of a channel, oldest first; a deleted one stays while it has replies. */
export function messagesOf(channel) {
  return (store.state?.messages[channel] ?? []).filter((message) => !message.deleted || message.reply_count);
}

/** Follow the address bar: #C0CARE0001 or #C0CARE0001/1700000000.000100 for a thread. */
export function readAddress() {
  const [channel, thread = ""] = location.hash.slice(1).split("/");
  const known = store.state?.channels.some((one) => one.id === channel);
  store.place = known ? { channel, thread } : { channel: firstChannel(), thread: "" };
  changed();
}

/** Where a reader begins: the channel where the cards are. */
export function firstChannel() {
  const channels = store.state?.channels ?? [];
  return (channels.find((one) => one.name === "social-care") ?? channels[0])?.id ?? "";
}

/** Go to a channel, or to a thread in it. */
export function go(channel, thread = "") {
  location.hash = thread ? `${channel}/${thread}` : channel;
}
