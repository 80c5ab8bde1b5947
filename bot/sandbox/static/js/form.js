// What a person has chosen or typed in the controls of one surface; it outlives every redraw.

import { unescape } from "./mrkdwn.js";

const INITIAL = {
  plain_text_input: (e) => (e.initial_value ? unescape(e.initial_value) : null),
  static_select: (e) => e.initial_option?.value ?? null,
  users_select: (e) => e.initial_user ?? null,
  conversations_select: (e) => e.initial_conversation ?? null,
  radio_buttons: (e) => e.initial_option?.value ?? null,
  checkboxes: (e) => (e.initial_options ?? []).map((option) => option.value),
  datepicker: (e) => e.initial_date ?? null,
};

/** Values by block and action; a control asks for its value when it is drawn. */
export class Form {
  #values = new Map();

  get(block, element) {
    const kept = this.#values.get(key(block, element));
    return kept === undefined ? INITIAL[element.type](element) : kept;
  }

  set(block, element, value) {
    this.#values.set(key(block, element), value);
  }

  /** Every value of these blocks: {block_id: {action_id: value}}. */
  collect(blocks) {
    const values = {};
    for (const block of blocks) {
      for (const element of elementsOf(block)) {
        values[block.block_id] ??= {};
        values[block.block_id][element.action_id] = this.get(block, element);
      }
    }
    return values;
  }
}

function key(block, element) {
  return `${block.block_id}\n${element.action_id}`;
}

function elementsOf(block) {
  const found = [block.element, block.accessory, ...(block.type === "actions" ? block.elements : [])];
  return found.filter((element) => element && element.type in INITIAL);
}
