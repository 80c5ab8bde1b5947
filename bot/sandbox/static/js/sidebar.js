// The left side: the workspace, its channels with what is unread, the app, and who is reading.

import { avatar, channelSign } from "./avatar.js";
import { connectButton } from "./connect.js";
import { people, user } from "./directory.js";
import { el, fill } from "./dom.js";
import { guideButton, isAway } from "./guide.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { currentChannel, isGuided, store } from "./store.js";

let last = "";

/** Draw the sidebar when something in it changed. */
export function drawSidebar(parent) {
  const { team, channels, me, users, connections } = store.state;
  const sign = JSON.stringify([team, channels, me, users, connections, store.place.channel, store.online, isAway()]);
  if (sign === last) return;
  last = sign;
  const scroll = parent.querySelector(".sidebar-lists")?.scrollTop ?? 0;
  const focused = document.activeElement?.closest("#sidebar [data-testid]")?.dataset.testid;
  fill(parent, workspace(team), lists(channels), links(), switcher(user(me)));
  parent.querySelector(".sidebar-lists").scrollTop = scroll;
  if (focused) parent.querySelector(`[data-testid="${CSS.escape(focused)}"]`)?.focus();
}

function workspace(team) {
  return el("div", { class: "workspace" },
    el("span", { class: "workspace-mark", "aria-hidden": "true", text: [...team.name][0] }),
    el("span", { class: "workspace-words" },
      el("strong", { class: "workspace-name", text: team.name }),
      el("span", { class: "workspace-note", text: "Practice workspace" })));
}

function lists(channels) {
  const of = (...kinds) => channels.filter((channel) => kinds.includes(channel.kind));
  return el("div", { class: "sidebar-lists" },
    list("Channels", of("public", "private")),
    list("Apps", of("app")));
}

function list(title, channels) {
  if (!channels.length) return null;
  const id = `list-${title.toLowerCase().replace(/\s/g, "-")}`;
  return el("div", { class: "channel-group" },
    el("h2", { class: "channel-title", id, text: title }),
    el("ul", { "aria-labelledby": id }, ...channels.map((channel) => el("li", {}, row(channel)))));
}

function row(channel) {
  const isHere = channel.id === currentChannel()?.id;
  return el("a", {
    class: ["channel", isHere && "is-here", channel.unread && "is-unread"].filter(Boolean).join(" "),
    href: `#${channel.id}`,
    testid: `channel:${channel.id}`,
    "aria-current": isHere ? "page" : null,
  }, channelSign(channel), el("span", { class: "channel-name", text: channel.name }), appState(channel), badge(channel));
}

function appState(channel) {
  if (channel.kind !== "app") return null;
  const isOn = store.online && store.state.connections > 0;
  const words = isOn ? "connected" : "not connected";
  return el("span", { class: isOn ? "presence is-on" : "presence", title: `${channel.name} is ${words}` },
    el("span", { class: "sr-only", text: words }));
}

function badge(channel) {
  if (channel.mentions) {
    return el("span", { class: "badge badge-mention", testid: `mentions:${channel.id}`, text: channel.mentions },
      el("span", { class: "sr-only", text: " mentions" }));
  }
  if (!channel.unread) return null;
  const count = channel.unread > 99 ? "99+" : channel.unread;
  return el("span", { class: "badge", testid: `unread:${channel.id}`, text: count },
    el("span", { class: "sr-only", text: " unread" }));
}

function links() {
  return el("div", { class: "sidebar-links" },
    guideButton("sidebar-link"), isGuided() && connectButton("sidebar-link", "connect-link"));
}

/* Who is reading */

function switcher(reader) {
  const node = el("button", {
    class: "switcher",
    type: "button",
    testid: "user-switcher",
    "aria-haspopup": "menu",
    "aria-expanded": "false",
    on: { click: () => openMenu(node, choices(), { role: "menu", label: "Be somebody else" }) },
  },
  avatar(reader),
  el("span", { class: "switcher-words" },
    el("span", { class: "switcher-name", text: `You are ${reader.real_name}` }),
    el("span", { class: "switcher-note", text: standing(reader) })),
  icon("down"));
  return node;
}

/** Title, and whether somebody is only visiting. */
function standing(person) {
  const words = [person.title, person.guest && "Guest"].filter(Boolean);
  return [...new Set(words)].join(" · ");
}

function choices() {
  return people()
    .filter((person) => !person.is_bot)
    .map((person) => ({
      label: person.real_name,
      href: `?user=${encodeURIComponent(person.id)}${location.hash}`,
      testid: `be:${person.id}`,
      selected: person.id === store.state.me,
      node: el("span", { class: "person" }, avatar(person, "avatar-small"), el("span", { class: "menu-words" },
        el("span", { class: "menu-label", text: person.real_name }),
        el("span", { class: "menu-hint", text: standing(person) }))),
      side: person.id === store.state.me ? icon("check") : null,
    }));
}
