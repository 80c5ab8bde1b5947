// The top of the main column: where the reader is, and on a phone the way back to the list.

import { channelSign } from "./avatar.js";
import { el, fill } from "./dom.js";
import { icon, iconButton } from "./icons.js";
import { inspect, isInspecting } from "./inspector.js";
import { currentChannel } from "./store.js";

let last = "";

/** Draw the header; `openList` shows the sidebar on a phone. */
export function drawHeader(parent, openList) {
  const channel = currentChannel();
  const sign = JSON.stringify([channel?.id, channel?.name, channel?.topic, channel?.members?.length, isInspecting()]);
  if (sign === last) return;
  last = sign;
  fill(parent, listButton(openList), title(channel), members(channel), inspectorButton());
}

function title(channel) {
  return el("div", { class: "header-words" },
    el("h1", { class: "header-title" }, channelSign(channel), el("span", { text: channel.name })),
    channel.topic && el("p", { class: "header-topic", text: channel.topic, title: channel.topic }));
}

function members(channel) {
  const count = channel.members?.length ?? 0;
  if (!count || channel.kind === "app") return null;
  return el("span", { class: "members", title: `${count} members` }, icon("people"), el("span", { text: count }));
}

function listButton(openList) {
  const look = "icon-button list-button";
  return iconButton("menu", "Show channels", { class: look, testid: "open-sidebar", on: { click: openList } });
}

function inspectorButton() {
  return iconButton("pulse", "Inspector", {
    class: "icon-button header-button",
    testid: "open-inspector",
    title: "Inspector: what went to the app and came back",
    "aria-expanded": String(isInspecting()),
    "aria-controls": "inspector",
    on: { click: () => inspect(isInspecting() ? "" : "all") },
  });
}
