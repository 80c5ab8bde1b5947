// What hangs below a message: attachments as Slack folds them, and files.

import { drawBlocks } from "./blocks.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { link } from "./inline.js";
import { mrkdwn } from "./mrkdwn.js";

// Slack folds the text of an attachment from so many signs or line breaks on.
// Source: Slack docs, "Reference: secondary message attachments", read 2026-11-22.
const FOLD_SIGNS = 700;
const FOLD_BREAKS = 5;

const COLOURS = { good: "#2eb67d", warning: "#ecb22e", danger: "#e01e5a" };
const opened = new Set();

/** Draw one attachment; `key` names it while the page stands, so that an opened one stays open. */
export function attachment(one, surface, key) {
  const bar = el("div", { class: "attachment-bar" },
    one.title && el("div", { class: "attachment-title" }, ...title(one)),
    one.text && foldable(one.text, key),
    one.fields?.length > 0 && el("div", { class: "fields" }, ...one.fields.map(field)),
    one.blocks?.length > 0 && drawBlocks(one.blocks, surface),
    one.footer && el("p", { class: "attachment-foot" }, ...mrkdwn(one.footer)));
  const colour = COLOURS[one.color] ?? one.color?.match(/^#?([0-9a-f]{6})$/i)?.[1].replace(/^/, "#");
  if (colour) bar.style.setProperty("border-color", colour);
  return el("div", { class: "attachment", testid: "attachment" },
    one.pretext && el("div", { class: "words" }, ...mrkdwn(one.pretext)),
    bar.firstChild && bar);
}

function title({ title: label, title_link: url }) {
  return url ? [link(url, label)] : mrkdwn(label);
}

function field({ title, value, short }) {
  return el("div", { class: short ? "field-cell" : "field-cell is-wide" },
    title && el("strong", { text: title }), el("div", {}, ...mrkdwn(String(value ?? ""))));
}

function foldable(text, key) {
  const words = el("div", { class: "words" }, ...mrkdwn(text));
  if (text.length < FOLD_SIGNS && text.split("\n").length <= FOLD_BREAKS) return words;
  const button = el("button", { class: "link-button", type: "button", testid: "show-more", on: { click: turn } });
  const show = () => {
    words.classList.toggle("is-folded", !opened.has(key));
    button.textContent = opened.has(key) ? "Show less" : "Show more";
    button.setAttribute("aria-expanded", String(opened.has(key)));
  };
  function turn() {
    if (!opened.delete(key)) opened.add(key);
    show();
  }
  show();
  return el("div", {}, words, button);
}

/** Draw one file: a picture that this sandbox keeps as itself, everything else as a row to download. */
export function file(one) {
  const isOurs = one.url?.startsWith("/") && !one.url.startsWith("//");
  const name = one.title || one.name || "This file was deleted.";
  if (isOurs && /^image\/(png|jpeg|gif|webp)$/.test(one.mimetype)) {
    const picture = el("img", { class: "file-picture", src: one.url, alt: name, loading: "lazy" });
    return el("figure", { class: "file", testid: `file:${one.id}` }, el("figcaption", { text: name }), picture);
  }
  const note = [one.name !== name && one.name, one.size && sizeOf(one.size)].filter(Boolean).join(" · ");
  const props = { class: "file file-row", testid: `file:${one.id}` };
  const words = el("span", { class: "file-words" },
    el("span", { class: "file-name", text: name }), el("span", { class: "file-note", text: note }));
  if (!isOurs) return el("span", props, icon("file"), words);
  return el("a", { ...props, href: one.url, download: one.name }, icon("file"), words);
}

function sizeOf(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
