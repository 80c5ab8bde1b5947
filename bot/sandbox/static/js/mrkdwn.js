// Slack's own markup (mrkdwn) as nodes: a scanner whose every output is a text node or an element made here.

import { el } from "./dom.js";
import { emoji, withEmoji } from "./emoji.js";
import { broadcast, channelMention, date, groupMention, link, userMention } from "./inline.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

/** Undo Slack's three escapes, once. */
export function unescape(text) {
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);
}

/** A text object of either type as nodes. */
export function textObject(object) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text, { verbatim: object.verbatim });
  const text = unescape(object.text);
  return lines(object.emoji === false ? text : withEmoji(text));
}

/** Text with its line breaks, nothing else. */
export function lines(text) {
  return text.split("\n").flatMap((line, i) => (i ? [el("br"), line] : [line]));
}

/** Markup as a list of nodes. `verbatim` leaves bare addresses as text. */
export function mrkdwn(text, options = {}) {
  const parts = text.split(/```\n?([\s\S]*?)\n?```/);
  return parts.flatMap((part, i) => {
    if (i % 2) return [el("pre", { class: "pre", text: unescape(part) })];
    return paragraphs(i ? part.replace(/^\n/, "") : part, options);
  });
}

/** Lines that begin with > become one quote each run. */
function paragraphs(text, options) {
  const nodes = [];
  let run = [];
  let isQuote = false;
  const flush = () => {
    if (!run.length) return;
    const content = inline(run.join("\n"), options);
    nodes.push(...(isQuote ? [el("blockquote", { class: "quote" }, ...content)] : content));
    run = [];
  };
  for (const line of text.split("\n")) {
    const quoted = line.match(/^&gt;\s?(.*)$/);
    if (Boolean(quoted) !== isQuote) {
      flush();
      isQuote = Boolean(quoted);
    }
    run.push(quoted ? quoted[1] : line);
  }
  flush();
  return nodes;
}

// Every pattern is sticky and unambiguous, so that no text can make the scanner slow.
const RULES = [
  { at: "`", pattern: /`([^`\n]+)`/y, draw: ([, code]) => el("code", { class: "code", text: unescape(code) }) },
  { at: "<", pattern: /<([^<>\n]+)>/y, draw: ([, inside]) => control(inside) },
  { at: "*", pattern: /\*(?!\s)((?:<[^<>\n]*>|`[^`\n]*`|[^*\n<`])+)\*(?![A-Za-z0-9])/y, draw: styled("strong") },
  { at: "_", pattern: /_(?!\s)((?:<[^<>\n]*>|`[^`\n]*`|[^_\n<`])+)_(?![A-Za-z0-9])/y, draw: styled("em") },
  { at: "~", pattern: /~(?!\s)((?:<[^<>\n]*>|`[^`\n]*`|[^~\n<`])+)~(?![A-Za-z0-9])/y, draw: styled("s") },
  { at: ":", pattern: /:([a-z0-9_+'-]+)(?:::skin-tone-\d)?:/y, draw: ([, name]) => emoji(name) },
  { at: "\n", pattern: /\n/y, draw: () => el("br") },
  { at: "h", pattern: /https?:\/\/[^\s<>|]+[^\s<>|.,;:!?'")\]]/y, draw: bareLink },
];
const NEEDS_WORD_EDGE = new Set(["*", "_", "~", "h"]);

function styled(tag) {
  return ([, content], options) => (/\s$/.test(content) ? null : el(tag, {}, ...inline(content, options)));
}

function bareLink([url], options) {
  return options.verbatim ? null : link(unescape(url));
}

/** One run of text as nodes. */
function inline(text, options) {
  const nodes = [];
  let plain = "";
  let i = 0;
  while (i < text.length) {
    const hit = match(text, i, options);
    if (hit) {
      if (plain) nodes.push(unescape(plain));
      plain = "";
      nodes.push(hit.node);
      i += hit.length;
    } else plain += text[i++];
  }
  if (plain) nodes.push(unescape(plain));
  return nodes;
}

function match(text, i, options) {
  for (const rule of RULES) {
    if (text[i] !== rule.at) continue;
    if (NEEDS_WORD_EDGE.has(rule.at) && /[A-Za-z0-9]/.test(text[i - 1] ?? "")) continue;
    rule.pattern.lastIndex = i;
    const found = rule.pattern.exec(text);
    const node = found && rule.draw(found, options);
    if (node) return { node, length: found[0].length };
  }
  return null;
}

/** What stands between < and >: a person, a group, a channel, a moment, a broadcast or a link. */
function control(inside) {
  const bar = inside.indexOf("|");
  const target = unescape(bar < 0 ? inside : inside.slice(0, bar));
  const label = bar < 0 ? "" : unescape(inside.slice(bar + 1));
  if (target.startsWith("@")) return userMention(target.slice(1), label);
  if (target.startsWith("#")) return channelMention(target.slice(1), label);
  if (target.startsWith("!")) return special(target.slice(1), label);
  return link(target, ...(label ? [withEmoji(label)] : []));
}

function special(target, label) {
  const [kind, ...rest] = target.split("^");
  if (kind === "subteam") return groupMention(rest[0], label);
  if (kind === "date") return moment(rest, label);
  if (["here", "channel", "everyone"].includes(kind)) return broadcast(kind);
  return label || target;
}

function moment([seconds, template, url], label) {
  if (!/^\d{1,11}$/.test(seconds ?? "") || !template) return label;
  return date(Number(seconds), template, url);
}
