// Starts the page and joins its parts: sidebar, place, thread, modals, message box.

import { actAs } from "./api.js";
import { Composer } from "./composer.js";
import { drawGuide, watchSteps } from "./guide.js";
import { drawHeader } from "./header.js";
import { drawInspector, inspect, isInspecting, turnTo } from "./inspector.js";
import { connect } from "./live.js";
import { drawModals, watchEscape } from "./modal.js";
import { drawNotices } from "./notices.js";
import { drawPlace, isHome, showNewest } from "./place.js";
import { drawReader } from "./reader.js";
import { drawSidebar } from "./sidebar.js";
import { changed, currentChannel, firstChannel, go, readAddress, store, watch } from "./store.js";
import { drawThread } from "./thread.js";

const FIRST_USER = "U0ANA00001";
const part = (id) => document.getElementById(id);

function start() {
  const user = new URLSearchParams(location.search).get("user") || FIRST_USER;
  actAs(user);
  const composer = new Composer({ testid: "composer", target: messageTarget, sent: showNewest });
  part("composer").append(composer.node);
  watch(() => draw(composer));
  watchSteps();
  listen(composer);
  connect(user, showBanner);
}

function draw(composer) {
  const app = part("app");
  delete app.dataset.loading;
  drawSidebar(part("sidebar"));
  drawHeader(part("header"), () => app.classList.add("is-listing"));
  drawGuide(part("guide"), currentChannel().id === firstChannel());
  drawReader(part("reader"));
  drawPlace(part("place"));
  drawThread(part("thread"));
  drawInspector(part("inspector"));
  drawNotices(part("notices"));
  drawModals(part("modal"));
  part("composer").hidden = isHome() || (currentChannel().kind === "app" && !store.state.bot.hears);
  composer.show();
  document.title = titleOf();
}

function messageTarget() {
  const channel = currentChannel();
  const name = channel?.kind === "app" ? channel.name : `#${channel?.name}`;
  const hint = matchMedia("(max-width: 720px)").matches ? "" : ", or type / for commands";
  return { channel: channel?.id, placeholder: `Message ${name}${hint}` };
}

function titleOf() {
  const { channels, team } = store.state;
  const mentions = channels.reduce((sum, channel) => sum + channel.mentions, 0);
  const here = currentChannel();
  const name = here.kind === "app" ? here.name : `#${here.name}`;
  return `${mentions ? `(${mentions}) ` : ""}${name} · ${team.name}`;
}

function showBanner(text) {
  const banner = part("banner");
  banner.hidden = !text;
  if (banner.textContent !== text) banner.textContent = text;
}

function listen(composer) {
  const app = part("app");
  window.addEventListener("hashchange", () => {
    app.classList.remove("is-listing");
    readAddress();
    if (store.place.thread) turnTo("");
  });
  app.addEventListener("click", (event) => {
    const isOutside = !event.target.closest("#sidebar, .list-button");
    if (isOutside || event.target.closest("a.channel")) app.classList.remove("is-listing");
  });
  watchEscape(part("modal"));
  part("skip").addEventListener("click", (event) => {
    event.preventDefault();
    composer.focus();
  });
  document.addEventListener("visibilitychange", changed);
  document.addEventListener("keydown", (event) => event.altKey && neighbour({ ArrowDown: 1, ArrowUp: -1 }[event.key]));
  document.addEventListener("keydown", (event) => {
    const isFree = event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open], .menu");
    if (isFree && app.classList.contains("is-listing")) app.classList.remove("is-listing");
    else if (isFree && isInspecting()) inspect("");
    else if (isFree && store.place.thread) go(store.place.channel);
  });
}

/** Alt and an arrow go to the channel below or above, as in Slack. */
function neighbour(step) {
  const links = [...document.querySelectorAll("#sidebar a.channel")];
  const here = links.findIndex((link) => link.hasAttribute("aria-current"));
  if (step && !document.querySelector("dialog[open]")) links[here + step]?.click();
}

start();
