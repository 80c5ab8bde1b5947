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
    one.title && el("strong", {}, ...title(one)),
    one.text && foldable(one.text, key),
    one.fields?.length > 0 && el("div", { class: "fields" }, ...one.fields.map(field)),
    one.blocks?.length > 0 && drawBlocks(one.blocks, surface),
    one.footer && el("p", { class: "block-context" }, ...mrkdwn(one.footer)));
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

/** Draw one file: a picture that this sandbox keeps as itself, anything else as a row to download. */
export function file({ id, url, name, title: given, mimetype, size }) {
  const words = given || name || "This file was deleted.";
  if (url && /^image\/(png|jpeg|gif|webp)$/.test(mimetype)) {
    return el("img", { class: "file-picture", testid: `file:${id}`, src: url, alt: words, loading: "lazy" });
  }
  const note = size ? ` · ${Math.ceil(size / 1000)} kB` : "";
  const props = { class: "picture file-row", testid: `file:${id}` };
  if (!url) return el("span", props, icon("file"), words);
  const label = el("span", { class: "link", text: words });
  return el("a", { ...props, href: url, download: name }, icon("file"), label, note);
}
