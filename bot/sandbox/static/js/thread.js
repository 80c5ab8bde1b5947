// The right pane: one message, its replies, and a box to answer inside.

import { Composer } from "./composer.js";
import { el, fill } from "./dom.js";
import { iconButton } from "./icons.js";
import { isInspecting } from "./inspector.js";
import { isDismissed } from "./notices.js";
import { currentChannel, go, messagesOf, store } from "./store.js";
import { Timeline } from "./timeline.js";

let shown = null;

/** Show the thread that the address names, or hide the pane. */
export function drawThread(pane) {
  const { channel, thread } = store.place;
  const isOpen = Boolean(thread) && currentChannel()?.kind !== "app" && !isInspecting();
  pane.hidden = !isOpen;
  document.getElementById("app").classList.toggle("has-thread", isOpen || isInspecting());
  if (!isOpen) {
    shown = null;
    return;
  }
  if (shown?.key !== `${channel}/${thread}`) shown = opened(pane, channel, thread);
  shown.timeline.show(messagesOf(channel).filter((message) => isPart(message, channel, thread)));
  shown.composer.show();
}

function isPart(message, channel, thread) {
  return (message.ts === thread || message.thread_ts === thread) && !isDismissed(channel, message.ts);
}

function opened(pane, channel, thread) {
  const timeline = new Timeline({ channel, isThread: true }, "Thread");
  const composer = new Composer({
    testid: "thread-composer",
    sent: () => timeline.toBottom(),
    target: () => ({ channel, thread_ts: thread, placeholder: "Note for the team (stays in Slack)" }),
  });
  const name = currentChannel()?.name;
  fill(pane,
    el("header", { class: "header" },
      el("div", { class: "header-words" },
        el("h2", { class: "header-title", text: "Thread" }),
        el("p", { class: "header-topic", text: `#${name}` })),
      iconButton("close", "Close thread", { testid: "thread-close", on: { click: () => go(channel) } })),
    timeline.node,
    composer.node);
  return { key: `${channel}/${thread}`, timeline, composer };
}
