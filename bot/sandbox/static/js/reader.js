// What a screen reader or a push notification would say of a message: its fallback text, and nothing else.

import { el, fill } from "./dom.js";
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
  const off = { class: "link-button", type: "button", testid: "reader-off", on: { click: () => setReading(false) } };
  fill(strip, "Fallback text only, as a screen reader reads it. ", el("button", off, "Show blocks"));
}

/** The spoken words of a message, or the warning that there are none. */
export function spoken(message) {
  const { text, attachments = [], files = [] } = message;
  const names = files.map((one) => one.title || one.name);
  const texts = [text, ...attachments.map((one) => one.fallback), ...names].filter(Boolean);
  if (!texts.length) return el("p", { class: "error", testid: "no-fallback", text: "Nothing: no fallback text." });
  return el("div", { class: "quote", testid: "spoken" }, ...texts.map((text) => el("p", { text: words(text) })));
}

/** Marked-up text as plain words: names instead of ids, no emphasis, no links. */
function words(text) {
  return el("div", {}, ...mrkdwn(text).map((node) => (node.nodeName === "BR" ? "\n" : node))).textContent;
}
