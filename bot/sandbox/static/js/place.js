// The middle: the channel that is open with its messages, or the app with its two tabs.

import { post } from "./api.js";
import { el, reconcile } from "./dom.js";
import { drawHome, openHome } from "./home.js";
import { isDismissed } from "./notices.js";
import { currentChannel, go, messagesOf, store } from "./store.js";
import { tabRow } from "./tabs.js";
import { Timeline } from "./timeline.js";

const timelines = new Map();
const home = el("div", { class: "scroller home-scroller", tabindex: "0" });
let openedTab = "";

/** Whether the address names the app's Home tab. */
export function isHome() {
  return hasHome() && currentChannel().kind === "app" && store.place.thread !== "messages";
}

function hasHome() {
  return store.state.bot?.home !== false;
}

/** Go to the newest message of the channel that is open. */
export function showNewest() {
  timelines.get(currentChannel().id)?.toBottom();
}

/** Draw what the address names. */
export function drawPlace(parent) {
  const channel = currentChannel();
  const row = isHome() ? { key: "home", node: home } : { key: channel.id, node: timelineOf(channel).node };
  const rows = channel.kind === "app" && hasHome() ? [tabsRow(channel), row] : [row];
  reconcile(parent, rows, { key: (one) => one.key, sign: (one) => one.sign ?? "", draw: (one) => one.node });
  if (isHome()) showHome();
  else showMessages(channel);
}

function tabsRow(channel) {
  const open = isHome() ? "home" : "messages";
  const tabs = [
    { id: "home", label: "Home", testid: "tab:home" },
    { id: "messages", label: "Messages", testid: "tab:messages" },
  ];
  const choose = (id) => go(channel.id, id === "home" ? "" : id);
  return { key: "tabs", sign: open, node: tabRow(tabs, { open, label: channel.name, panel: "place", choose }) };
}

function showHome() {
  if (openedTab !== "home") openHome();
  openedTab = "home";
  drawHome(home);
}

function showMessages(channel) {
  openedTab = channel.id;
  const shown = messagesOf(channel.id).filter((message) => isShown(channel.id, message));
  timelines.get(channel.id).show(shown);
  markRead(channel);
}

/** Replies stay in their thread; a private note in one is shown here while that thread is closed. */
function isShown(channel, message) {
  const isReply = message.thread_ts && message.thread_ts !== message.ts;
  const isUnseen = message.ephemeral && store.place.thread !== message.thread_ts;
  return (!isReply || isUnseen) && !isDismissed(channel, message.ts);
}

function timelineOf(channel) {
  if (!timelines.has(channel.id)) {
    const { label, empty } = wordsOf(channel);
    timelines.set(channel.id, new Timeline({ channel: channel.id, isThread: false }, label, empty));
  }
  return timelines.get(channel.id);
}

function wordsOf({ kind, name }) {
  if (kind !== "app") return { label: `Messages in #${name}`, empty: `Nobody has written in #${name} yet.` };
  return { label: `Messages from ${name}`, empty: `No messages yet. What ${name} has to tell you alone comes here.` };
}

function markRead(channel) {
  const isSeen = document.visibilityState === "visible" && timelines.get(channel.id).isAtBottom;
  if (isSeen && (channel.unread || channel.mentions)) post("read", { channel: channel.id });
}
