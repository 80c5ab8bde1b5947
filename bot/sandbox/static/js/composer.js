// The message box: text, slash commands, suggestions; one for the channel and one for the thread.

import { isTold, post, sentence } from "./api.js";
import { commandOf, suggestions } from "./complete.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { say } from "./notices.js";
import { shortcut } from "./shortcuts.js";

const drafts = new Map();

export class Composer {
  #input;
  #menu;
  #usage;
  #found = null;
  #at = 0;

  /** `testid` names the box; `target()` answers {channel, thread_ts?, placeholder}; `sent()` is called at each send. */
  constructor({ testid, target, sent }) {
    this.target = target;
    this.sent = sent;
    this.id = testid;
    this.#input = this.#drawInput(testid);
    this.#usage = el("div", { class: "usage", hidden: true, testid: `${testid}-usage` });
    this.#menu = el("div", {
      class: "suggest",
      role: "listbox",
      id: `${testid}-list`,
      hidden: true,
      "aria-label": "Suggestions",
      testid: `${testid}-menu`,
    });
    const looks = { class: "send", type: "submit", "aria-label": "Send", title: "Send (Enter)" };
    const send = el("button", { ...looks, testid: `${testid}-send` }, icon("send"));
    this.node = el("form", { class: "composer", on: { submit: (event) => this.#submit(event) } },
      this.#menu, this.#usage, el("div", { class: "composer-box" }, this.#input, send));
  }

  /** Take over the place's own draft and placeholder. */
  show() {
    const { channel, thread_ts: thread = "", placeholder } = this.target();
    const key = `${channel}/${thread}`;
    this.#input.placeholder = placeholder;
    this.#input.setAttribute("aria-label", placeholder);
    if (key === this.key) return;
    this.key = key;
    this.#input.value = drafts.get(key) ?? "";
    this.#onInput();
  }

  focus() {
    this.#input.focus();
  }

  #drawInput(testid) {
    return el("textarea", {
      class: "composer-input",
      id: `${testid}-input`,
      rows: "1",
      testid,
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      "aria-controls": `${testid}-list`,
      on: {
        input: () => this.#onInput(),
        keydown: (event) => this.#onKey(event),
        click: () => this.#suggest(),
        blur: () => this.#hide(),
      },
    });
  }

  #onInput() {
    drafts.set(this.key, this.#input.value);
    this.#grow();
    this.#suggest();
    this.#showUsage();
  }

  #grow() {
    this.#input.style.setProperty("height", "auto");
    this.#input.style.setProperty("height", `${Math.min(this.#input.scrollHeight, 180)}px`);
  }

  #showUsage() {
    const command = commandOf(this.#input.value);
    this.#usage.hidden = !command;
    if (!command) return;
    fill(this.#usage, el("code", { text: command.command }), el("span", { text: command.usage_hint ?? "" }));
  }

  /* Suggestions */

  #suggest() {
    this.#found = suggestions(this.#input.value.slice(0, this.#input.selectionStart));
    this.#at = 0;
    if (this.#found) this.#drawMenu();
    else this.#hide();
  }

  #drawMenu() {
    const rows = this.#found.options.map((option, i) => this.#row(option, i));
    fill(this.#menu, rows);
    this.#menu.hidden = false;
    this.#input.setAttribute("aria-activedescendant", `${this.id}-row-${this.#at}`);
    rows[this.#at].scrollIntoView({ block: "nearest" });
  }

  #row(option, i) {
    return el("div", {
      class: i === this.#at ? "suggest-row is-at" : "suggest-row",
      role: "option",
      id: `${this.id}-row-${i}`,
      "aria-selected": String(i === this.#at),
      testid: `suggest:${option.label}`,
      on: { mousedown: (event) => event.preventDefault(), click: () => this.#take(i) },
    },
    el("span", { class: "suggest-head" },
      el("strong", { text: option.label }),
      option.detail && el("span", { class: "suggest-detail", text: option.detail })),
    option.hint && el("span", { class: "suggest-hint", text: option.hint }));
  }

  #hide() {
    this.#found = null;
    this.#menu.hidden = true;
    this.#input.removeAttribute("aria-activedescendant");
  }

  #take(i) {
    const { insert, label, callback_id } = this.#found.options[i];
    this.#input.setRangeText(insert, this.#found.from, this.#input.selectionStart, "end");
    this.#input.focus();
    this.#onInput();
    if (callback_id) shortcut({ callback_id }, label);
  }

  #onKey(event) {
    if (event.isComposing) return;
    if (this.#found && this.#onMenuKey(event)) event.preventDefault();
    else if (event.key === "Enter" && !event.shiftKey) this.#submit(event);
  }

  #onMenuKey(event) {
    const { options } = this.#found;
    if (event.key === "ArrowDown") this.#at = (this.#at + 1) % options.length;
    else if (event.key === "ArrowUp") this.#at = (this.#at + options.length - 1) % options.length;
    else return this.#onPickKey(event);
    this.#drawMenu();
    return true;
  }

  #onPickKey(event) {
    if (event.key === "Escape") this.#hide();
    else if (event.key === "Tab" || (event.key === "Enter" && !this.#isComplete())) this.#take(this.#at);
    else return false;
    return true;
  }

  /** What is typed to its end is sent by Enter, not completed once more. */
  #isComplete() {
    const typed = this.#input.value.slice(this.#found.from, this.#input.selectionStart);
    const { insert, callback_id } = this.#found.options[this.#at];
    return !callback_id && insert.trim() === typed;
  }

  /* Sending */

  async #submit(event) {
    event.preventDefault();
    const text = this.#input.value.trim();
    if (!text) return;
    this.#input.value = "";
    this.#onInput();
    this.sent();
    const answer = await this.#send(text);
    if (answer.ok) return;
    if (!answer.isTold) say(sentence(answer.error));
    if (!this.#input.value) this.#restore(text);
  }

  #restore(text) {
    this.#input.value = text;
    this.#onInput();
  }

  #send(text) {
    const { channel, thread_ts } = this.target();
    const command = text.match(/^(\/[^\s/]+)(?:\s+([\s\S]*))?$/);
    if (!command) return post("message", { channel, text, ...(thread_ts ? { thread_ts } : {}) }, { words: text });
    if (thread_ts) return { ok: false, error: "commands_do_not_work_in_threads" };
    return this.#command(channel, command[1], command[2] ?? "");
  }

  async #command(channel, command, text) {
    const answer = await post("command", { channel, command, text }, { words: `${command} ${text}` });
    return { ...answer, isTold: isTold(answer.error) };
  }
}
