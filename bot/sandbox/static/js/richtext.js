// rich_text blocks as nodes: strangers' words arrive here as text elements and stay text.

import { el } from "./dom.js";
import { emoji } from "./emoji.js";
import { broadcast, channelMention, date, groupMention, link, userMention } from "./inline.js";
import { lines } from "./mrkdwn.js";

const STYLES = { code: "code", strike: "s", italic: "em", bold: "strong", underline: "u" };

const INLINE = {
  text: (part) => lines(part.text),
  link: (part) => [link(part.url, ...(part.text ? [part.text] : []))],
  emoji: (part) => [emoji(part.name) ?? `:${part.name}:`],
  user: (part) => [userMention(part.user_id)],
  usergroup: (part) => [groupMention(part.usergroup_id)],
  channel: (part) => [channelMention(part.channel_id)],
  broadcast: (part) => [broadcast(part.range)],
  date: (part) => [date(part.timestamp, part.format, part.url)],
};

function inline(parts = []) {
  return parts.flatMap((part) => dressed(INLINE[part.type](part), part.style ?? {}));
}

function dressed(nodes, style) {
  return Object.entries(STYLES)
    .filter(([name]) => style[name])
    .reduce((inner, [name, tag]) => [el(tag, { class: name === "code" ? "code" : null }, ...inner)], nodes);
}

const SECTIONS = {
  rich_text_section: (part) => el("div", { class: "rich-line" }, ...inline(part.elements)),
  rich_text_quote: (part) => el("blockquote", { class: "quote" }, ...inline(part.elements)),
  rich_text_preformatted: (part) => el("pre", { class: "pre" }, ...inline(part.elements)),
  rich_text_list: list,
};

function list(part) {
  const ordered = part.style === "ordered";
  const props = { class: "rich-list", start: ordered && part.offset ? part.offset + 1 : null };
  const node = el(ordered ? "ol" : "ul", props, ...part.elements.map((one) => el("li", {}, ...inline(one.elements))));
  node.style.setProperty("margin-left", `${22 * Math.min(part.indent ?? 0, 8)}px`);
  return node;
}

/** A rich_text block. */
export function richText(block) {
  return el("div", { class: "rich" }, ...block.elements.map((part) => SECTIONS[part.type](part)));
}
