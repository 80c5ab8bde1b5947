// One message: who, when, the blocks or the text, reactions, the way into its thread.

import { attachment, file } from "./attachments.js";
import { avatar } from "./avatar.js";
import { drawBlocks } from "./blocks.js";
import { me, user } from "./directory.js";
import { el } from "./dom.js";
import { Form } from "./form.js";
import { icon } from "./icons.js";
import { markLinks } from "./inline.js";
import { mrkdwn } from "./mrkdwn.js";
import { attempt, dismiss } from "./notices.js";
import { isReading, spoken } from "./reader.js";
import { reactions, tools } from "./reactions.js";
import { go } from "./store.js";
import { fullTime, timeOf } from "./time.js";

const forms = new Map();

/** Draw a message. `where` is {channel, isThread, isFollowing}; following = same author just before. */
export function drawMessage(message, where) {
  const author = authorOf(message);
  const props = {
    class: looks(message, where).join(" "),
    testid: `message:${message.ts}`,
    role: "article",
    "aria-label": `${author.real_name}, ${timeOf(message.ts)}`,
    tabindex: "-1",
  };
  return el("div", props,
    el("div", { class: "gutter" }, where.isFollowing ? stamp(message) : avatar(author)),
    el("div", { class: "message-main" },
      message.ephemeral && privateLine(message, where),
      !where.isFollowing && heading(message, author),
      body(message, where),
      !message.ephemeral && reactions(message, where),
      !where.isThread && message.reply_count > 0 && threadLink(message, where)),
    !message.ephemeral && tools(message, where));
}

function looks(message, where) {
  const isCard = (message.blocks ?? []).some((block) => block.type === "actions") && !message.ephemeral;
  return [
    "message",
    isCard && "is-card",
    where.isFollowing && "is-following",
    message.ephemeral && "is-private",
    message.named?.includes(me()) && "is-ping",
  ].filter(Boolean);
}

/** Who speaks: a person, or the app under the name it gave itself. */
export function authorOf(message) {
  const known = user(message.user);
  const isApp = Boolean(message.bot_id) || known.is_bot;
  return { ...known, is_bot: isApp, real_name: message.username || known.real_name || "App" };
}

function stamp(message) {
  return el("time", { class: "stamp stamp-side", title: fullTime(message.ts), text: timeOf(message.ts) });
}

function heading(message, author) {
  return el("div", { class: "heading" },
    el("span", { class: "author", text: author.real_name }),
    author.is_bot && el("span", { class: "badge-app", text: "App" }),
    el("time", { class: "stamp", title: fullTime(message.ts), text: timeOf(message.ts) }),
    message.edited && hasBlocks(message) && edited());
}

function hasBlocks(message) {
  return message.blocks?.length > 0;
}

function edited() {
  return el("span", { class: "edited", text: "(edited)" });
}

function body(message, where) {
  if (isReading()) return el("div", { class: "body" }, spoken(message));
  const surface = surfaceOf(message, where);
  const key = (i) => `${surface.id}:${i}`;
  return markLinks(message.links, el("div", { class: "body" },
    hasBlocks(message) ? drawBlocks(message.blocks, surface) : words(message),
    ...(message.attachments ?? []).map((one, i) => attachment(one, surface, key(i))),
    ...(message.files ?? []).map(file),
    strayBrackets(message)));
}

function words(message) {
  const mark = message.edited ? [" ", edited()] : [];
  if (!message.text && (message.attachments?.length || message.files?.length)) return null;
  return el("div", { class: "words" }, ...mrkdwn(message.text ?? ""), ...mark);
}

/** What Slack would not say by itself: text that somebody forgot to escape. */
function strayBrackets({ warnings = [] }) {
  if (!warnings.length) return null;
  const count = warnings.length > 1 ? `${warnings.length} raw <` : "A raw <";
  return el("p", { class: "error", testid: "raw-bracket", text: `${count} that nobody escaped: ${warnings[0]}` });
}

function surfaceOf(message, where) {
  const key = `${where.channel}/${message.ts}`;
  if (!forms.has(key)) forms.set(key, new Form());
  return {
    id: `message:${message.ts}`,
    form: forms.get(key),
    act: (payload, words) =>
      attempt("action", { channel: where.channel, message_ts: message.ts, ...payload }, { words }),
  };
}

function privateLine(message, where) {
  return el("div", { class: "private-line" },
    icon("eye"),
    el("span", { text: "Only visible to you" }),
    el("button", {
      class: "link-button",
      type: "button",
      testid: `dismiss:${message.ts}`,
      text: "Dismiss",
      on: { click: () => dismiss(where.channel, message.ts) },
    }));
}

function threadLink(message, where) {
  const count = message.reply_count;
  return el("button", {
    class: "thread-link",
    type: "button",
    testid: `replies:${message.ts}`,
    on: { click: () => go(where.channel, message.ts) },
  }, icon("chat"), el("span", { text: count === 1 ? "1 reply" : `${count} replies` }));
}
