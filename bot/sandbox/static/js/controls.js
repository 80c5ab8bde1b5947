// Interactive elements: buttons, menus, pickers and text fields, drawn from what the app sent.

import { confirmed } from "./confirm.js";
import { namedChannels, people } from "./directory.js";
import { el, fill } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { icon } from "./icons.js";
import { safeUrl } from "./inline.js";
import { openMenu } from "./menu.js";
import { textObject } from "./mrkdwn.js";

/**
 * Draw one element. `seat` says where it sits: {block, surface, describedBy?, isInput?};
 * surface is {form, act(payload, words)}.
 */
export function control(element, seat) {
  return CONTROLS[element.type](element, seat);
}

const CONTROLS = {
  button,
  overflow,
  static_select: (e, seat) => select(e, seat, optionsOf(e)),
  users_select: (e, seat) => select(e, seat, peopleOptions()),
  conversations_select: (e, seat) => select(e, seat, channelOptions()),
  radio_buttons: (e, seat) => choices(e, seat, "radio"),
  checkboxes: (e, seat) => choices(e, seat, "checkbox"),
  plain_text_input: textInput,
  datepicker: (e, seat) => wired(el("input", { ...fieldProps(e, seat), type: "date" }), e, seat),
};

function testid(element) {
  return `action:${element.action_id}`;
}

/** Tell the app that an element was used, after its own question if it has one. */
async function use(node, element, seat, payload) {
  if (node.getAttribute("aria-busy") === "true") return;
  if (element.confirm && !(await confirmed(element.confirm))) return;
  const { words, ...chosen } = payload;
  const body = { action_id: element.action_id, block_id: seat.block.block_id, ...chosen };
  node.setAttribute("aria-busy", "true");
  await seat.surface.act(body, words ?? element.text?.text);
  node.removeAttribute("aria-busy");
}

function isSent({ isInput, block }) {
  return !isInput || block.dispatch_action === true;
}

function button(element, seat) {
  const href = element.url && safeUrl(element.url);
  const props = {
    class: `button ${element.style ? `button-${element.style}` : ""}`.trim(),
    testid: testid(element),
    "aria-label": element.accessibility_label,
    title: href || null,
    on: { click: () => use(node, element, seat, { value: element.value }) },
  };
  const link = { href, target: "_blank", rel: "noopener noreferrer" };
  const node = el(href ? "a" : "button", href ? { ...props, ...link } : { ...props, type: "button" },
    el("span", { class: "button-text" }, ...textObject(element.text)));
  return node;
}

function overflow(element, seat) {
  const node = el("button", {
    class: "button button-icon",
    type: "button",
    testid: testid(element),
    "aria-label": "More actions",
    "aria-haspopup": "menu",
    "aria-expanded": "false",
    on: { click: () => openMenu(node, optionsOf(element), { role: "menu", label: "More actions", choose }) },
  }, icon("more"));
  const choose = (option) => use(node, element, seat, { selected: option.value, words: option.label });
  return node;
}

function optionsOf(element) {
  const flat = element.options ?? (element.option_groups ?? []).flatMap((group) => group.options);
  return flat.map((option) => ({
    label: withEmoji(option.text.text),
    hint: option.description?.text,
    value: option.value,
  }));
}

function peopleOptions() {
  return people()
    .filter((person) => !person.is_bot)
    .map((person) => ({ label: person.real_name, hint: `@${person.name} · ${person.title}`, value: person.id }));
}

function channelOptions() {
  return namedChannels().map((one) => ({ label: `#${one.name}`, hint: one.topic, value: one.id }));
}

/** A button that opens a list; what is chosen stands on it. */
function select(element, seat, options) {
  const { form } = seat.surface;
  const label = el("span", { class: "select-label", id: valueId(element, seat) });
  const marked = () => options.map((one) => ({ ...one, selected: one.value === form.get(seat.block, element) }));
  const show = () => {
    const chosen = marked().find((one) => one.selected);
    label.classList.toggle("is-empty", !chosen);
    fill(label, chosen?.label ?? withEmoji(element.placeholder?.text ?? "Choose…"));
  };
  const choose = ({ value }) => {
    form.set(seat.block, element, value);
    show();
    if (isSent(seat)) use(node, element, seat, { selected: value });
  };
  const node = selectButton(element, seat, label, () =>
    openMenu(node, marked(), { label: element.placeholder?.text, choose }));
  show();
  return node;
}

function valueId(element, { block, surface }) {
  return `${surface.id}:${block.block_id}:${element.action_id}`.replace(/\s/g, "_");
}

/** Its name is what is asked and what is chosen. */
function selectButton(element, seat, label, open) {
  return el("button", {
    class: "select",
    type: "button",
    testid: testid(element),
    "aria-haspopup": "listbox",
    "aria-expanded": "false",
    "aria-labelledby": seat.labelledBy && `${seat.labelledBy} ${label.id}`,
    "aria-describedby": seat.describedBy,
    on: { click: open },
  }, label, icon("down"));
}

/** Radio buttons or checkboxes. */
function choices(element, seat, type) {
  const group = `${seat.block.block_id}:${element.action_id}`;
  const kept = [seat.surface.form.get(seat.block, element)].flat();
  const rows = element.options.map((option) => {
    const box = el("input", { type, name: group, value: option.value, testid: `option:${option.value}` });
    box.checked = kept.includes(option.value);
    const words = el("span", { class: "choice-words" },
      el("span", {}, ...textObject(option.text)),
      option.description && el("span", { class: "choice-hint" }, ...textObject(option.description)));
    return el("label", { class: "choice" }, box, words);
  });
  const role = type === "radio" ? "radiogroup" : "group";
  const props = { class: "choices", role, testid: testid(element), "aria-labelledby": seat.labelledBy };
  if (type === "radio") props["aria-required"] = isRequired(seat);
  const node = el("div", { ...props, "aria-describedby": seat.describedBy }, ...rows);
  node.addEventListener("change", () => {
    const values = [...node.querySelectorAll("input:checked")].map((box) => box.value);
    const value = type === "radio" ? values[0] ?? null : values;
    seat.surface.form.set(seat.block, element, value);
    if (isSent(seat)) use(node, element, seat, { selected: value });
  });
  return node;
}

function textInput(element, seat) {
  const props = {
    ...fieldProps(element, seat),
    rows: element.multiline ? 5 : null,
    type: element.multiline ? null : "text",
    autocomplete: "off",
  };
  return wired(el(element.multiline ? "textarea" : "input", props), element, seat);
}

function isRequired({ isInput, block }) {
  return isInput && !block.optional ? "true" : null;
}

function fieldProps(element, seat) {
  return {
    class: "field",
    testid: testid(element),
    placeholder: element.placeholder?.text,
    "aria-required": isRequired(seat),
    "aria-labelledby": seat.labelledBy,
    "aria-describedby": seat.describedBy,
  };
}

function wired(node, element, seat) {
  const { form } = seat.surface;
  node.value = form.get(seat.block, element) ?? "";
  node.addEventListener("input", () => form.set(seat.block, element, node.value || null));
  if (isSent(seat)) node.addEventListener("change", () => use(node, element, seat, { selected: node.value || null }));
  return node;
}
