// The small marks inside a line, shared by mrkdwn and rich_text: links, people, groups, channels, moments.

import { channel, groupHandle, isInGroup, me, userName } from "./directory.js";
import { el } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { formatDate, fullTime } from "./time.js";

const SAFE_SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);

/** The address if it may be opened from here, else null (javascript:, data: and the like never are). */
export function safeUrl(url) {
  try {
    const parsed = new URL(url);
    return SAFE_SCHEMES.has(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

/** A link that opens elsewhere and shows its real target; an unsafe address stays plain text. */
export function link(url, ...label) {
  const href = safeUrl(url);
  if (!href) return el("span", {}, ...(label.length ? label : [url]));
  const props = { href, title: href, target: "_blank", rel: "noopener noreferrer", class: "link" };
  return el("a", props, ...(label.length ? label : [url]));
}

/**
 * Write the host beside each link of `node` whose label does not say where it leads, and return `node`.
 * `links` are those that the sandbox found: [{label, url, host}].
 */
export function markLinks(links, node) {
  const hosts = new Map((links ?? []).map((one) => [`${withEmoji(one.label)}\n${safeUrl(one.url)}`, one]));
  for (const anchor of hosts.size ? node.querySelectorAll("a[target]") : []) {
    const found = hosts.get(`${anchor.textContent}\n${anchor.href}`);
    if (found) anchor.after(hostMark(found));
  }
  return node;
}

/** A label that looks like another address misleads, one of plain words only keeps quiet. */
function hostMark({ label, host, url }) {
  const misleads = /[\w-]\.[a-z]{2,}/i.test(label);
  return el("span", { class: misleads ? "link-host is-misleading" : "link-host", testid: "link-host", title: url },
    el("span", { class: misleads ? null : "sr-only", text: " leads to " }), host || url);
}

/** @Ana Ruiz */
export function userMention(id, fallback) {
  const name = userName(id);
  return mention(`@${name === id && fallback ? fallback : name}`, id === me());
}

/** @social-leads */
export function groupMention(id, fallback) {
  const handle = groupHandle(id);
  return mention(`@${handle === id && fallback ? fallback.replace(/^@/, "") : handle}`, isInGroup(id));
}

/** @here, @channel, @everyone */
export function broadcast(range) {
  return mention(`@${range}`, true);
}

function mention(text, isMine) {
  return el("span", { class: isMine ? "mention mention-me" : "mention", text });
}

/** #social-care, a link when the reader can go there. */
export function channelMention(id, fallback) {
  const found = channel(id);
  const text = `#${found?.name ?? fallback ?? id}`;
  return found ? el("a", { class: "mention", href: `#${id}`, text }) : el("span", { class: "mention", text });
}

/** A moment written in the reader's zone. */
export function date(seconds, template, url) {
  const shown = el("time", {
    datetime: new Date(seconds * 1000).toISOString(),
    title: fullTime(seconds),
    text: formatDate(seconds, template),
  });
  return url ? link(url, shown) : shown;
}
