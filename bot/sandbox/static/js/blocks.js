// Block Kit blocks as nodes, one small function a type.

import { control } from "./controls.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { mrkdwn, textObject } from "./mrkdwn.js";
import { richText } from "./richtext.js";

const DRAW = {
  section,
  rich_text: richText,
  context,
  actions,
  divider: () => el("hr", { class: "divider" }),
  header: (block) => el("h2", { class: "block-header" }, ...textObject(block.text)),
  image: (block) => picture(block, "picture"),
  markdown: (block) => el("div", { class: "block-text" }, ...mrkdwn(block.text)),
  input,
  alert,
};

/** All blocks of one surface: {form, act, errors?}. */
export function drawBlocks(blocks, surface) {
  return el("div", { class: "blocks" }, ...blocks.map((block, i) => drawBlock(block, surface, i)));
}

function drawBlock(block, surface, i) {
  const node = DRAW[block.type](block, surface);
  node.classList.add("block", `block-${block.type}`);
  node.dataset.testid = `block:${block.block_id ?? i}`;
  return node;
}

function section(block, surface) {
  const seat = { block, surface };
  return el("div", { class: block.accessory ? "has-accessory" : null },
    el("div", { class: "section-words" },
      block.text && el("div", { class: "block-text" }, ...textObject(block.text)),
      block.fields && el("div", { class: "fields" }, ...block.fields.map(fieldOf))),
    block.accessory && el("div", { class: "accessory" }, accessory(block.accessory, seat)));
}

function fieldOf(field) {
  return el("div", { class: "field-cell" }, ...textObject(field));
}

function accessory(element, seat) {
  return element.type === "image" ? picture(element, "thumb") : control(element, seat);
}

/** Pictures are never fetched: their text stands in their place. */
function picture(image, look) {
  return el("figure", { class: `picture picture-${look}`, role: "img", "aria-label": image.alt_text },
    icon("picture"),
    el("figcaption", {}, image.title ? `${image.title.text}: ${image.alt_text}` : image.alt_text));
}

function context(block) {
  return el("div", {}, ...block.elements.map((part) => {
    if (part.type === "image") return picture(part, "small");
    return el("span", {}, ...textObject(part));
  }));
}

function actions(block, surface) {
  const seat = { block, surface };
  return el("div", { role: "group" }, ...block.elements.map((element) => control(element, seat)));
}

function alert(block) {
  const level = block.level ?? "info";
  const sign = level === "warning" || level === "error" ? "warning" : level === "success" ? "check" : "info";
  return el("div", { class: `alert alert-${level}`, role: "note" },
    icon(sign), el("div", { class: "block-text" }, ...textObject(block.text)));
}

/** A labelled field of a modal, with its hint and the place for its error. */
function input(block, surface) {
  const id = `${surface.id}:${block.block_id}`.replace(/\s/g, "_");
  const seat = { block, surface, isInput: true, labelledBy: `${id}:label`, describedBy: `${id}:hint ${id}:error` };
  return el("div", {},
    el("div", { class: "label", id: `${id}:label` },
      ...textObject(block.label),
      block.optional && el("span", { class: "optional", text: " (optional)" })),
    control(block.element, seat),
    el("p", { class: "error", id: `${id}:error`, testid: `error:${block.block_id}`, hidden: true }),
    block.hint && el("p", { class: "hint", id: `${id}:hint` }, ...textObject(block.hint)));
}
