// What a screen reader or a push notification would say of a message: its fallback text, and nothing else.

import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { changed } from "./store.js";

const KEPT = "goshawk.reader";

/** Whether messages are shown as they would be read aloud; for this window only. */
export function isReading() {
  return sessionStorage.getItem(KEPT) === "on";
}

/** Show messages as read aloud, or as drawn. */
export function setReading(on) {
  sessionStorage.setItem(KEPT, on ? "on" : "");
  changed();
}

/** Say above the messages that they are not drawn, and the way back. */
export function drawReader(strip) {
  if (strip.hidden === !isReading()) return;
  strip.hidden = !isReading();
  fill(strip, icon("speaker"),
    el("span", { class: "reader-words", text: "As a screen reader or a push reads it: fallback text only." }),
    el("button", {
      class: "link-button",
      type: "button",
      testid: "reader-off",
      text: "Show blocks",
      on: { click: () => setReading(false) },
    }));
}

/** The spoken words of a message, or the warning that there are none. */
export function spoken(message) {
  const texts = [message.text, ...(message.attachments ?? []).map((one) => one.fallback)].filter(Boolean);
  if (!texts.length) {
    return el("p", { class: "mark-warning", testid: "no-fallback" },
      icon("warning"), "Nothing is read: this message has no fallback text.");
  }
  return el("div", { class: "spoken", testid: "spoken" }, ...texts.map((text) => el("p", { text: words(text) })));
}

/** Marked-up text as plain words: names instead of ids, no emphasis, no links. */
function words(text) {
  return el("div", {}, ...mrkdwn(text).map((node) => (node.nodeName === "BR" ? "\n" : node))).textContent;
}
