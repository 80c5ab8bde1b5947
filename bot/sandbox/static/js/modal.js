// The stack of modals: the top one is shown, what was typed in each outlives every push.

import { post } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { el, fill, swap } from "./dom.js";
import { Form } from "./form.js";
import { iconButton } from "./icons.js";
import { markLinks } from "./inline.js";
import { closeMenu } from "./menu.js";
import { store } from "./store.js";

const TROUBLE = "We had some trouble connecting. Try again?";
/** What may be called invalid, see WAI-ARIA. */
const INVALID = "input:not([type=radio], [type=checkbox]), textarea, [role=radiogroup]";
const sheets = new Map();
let top = "";

/** Show the pushed stack of views in `dialog`. */
export function drawModals(dialog) {
  const views = store.state.views ?? [];
  const ids = new Set(views.map((view) => view.id));
  for (const id of sheets.keys()) if (!ids.has(id)) sheets.delete(id);
  for (const view of views) sheetOf(view).show(view, views.length);
  const id = views.at(-1)?.id ?? "";
  if (id !== top) raise(dialog, id);
}

function sheetOf(view) {
  if (!sheets.has(view.id)) sheets.set(view.id, new Sheet(view.id));
  return sheets.get(view.id);
}

/** Only the top sheet stands in the dialog; those below it wait outside the page with what was typed. */
function raise(dialog, id) {
  top = id;
  closeMenu();
  fill(dialog, sheets.get(id)?.node);
  if (!id) return dialog.close();
  if (!dialog.open) dialog.showModal();
  dialog.setAttribute("aria-labelledby", `${id}:title`);
  return sheets.get(id).focusFirst();
}

/** Esc closes the top view through the app; a browser that closes the dialog by itself is too early. */
export function watchEscape(dialog) {
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    sheets.get(top)?.close();
  });
  dialog.addEventListener("close", () => top && dialog.showModal());
}

/** One view of the stack. */
class Sheet {
  #form = new Form();
  #view = null;
  #drawn = "";
  #pending = false;
  #failure = "";
  #focusedErrors = "";

  constructor(id) {
    this.id = id;
    this.head = el("header", { class: "sheet-head" });
    this.content = el("div", { class: "sheet-body" });
    this.trouble = el("p", { class: "trouble", role: "alert", hidden: true, testid: "modal-failure" });
    this.foot = el("footer", { class: "sheet-foot" });
    const submit = (event) => this.#submit(event);
    this.node = el("form", { class: "sheet", novalidate: true, testid: `view:${id}`, on: { submit } },
      this.head, this.content, this.trouble, this.foot);
  }

  /** Take over a pushed view; its content is drawn again only when the app changed it. */
  show(view, depth) {
    this.#view = view;
    const sign = JSON.stringify([view.title, view.blocks, view.submit, view.close, depth]);
    if (sign !== this.#drawn) this.#draw(view, depth);
    this.#drawn = sign;
    this.#mark();
  }

  /** Back and Cancel close this view, the cross closes the whole stack. */
  close(extent = {}) {
    post("close", { view_id: this.id, ...extent });
  }

  focusFirst() {
    const field = this.content.querySelector("input, textarea, .select");
    if (field && matchMedia("(pointer: fine)").matches) field.focus();
    else this.head.querySelector("button")?.focus();
  }

  #draw(view, depth) {
    fill(this.head, depth > 1 && this.#closer("modal-back", "Back", "back", {}),
      el("h2", { class: "sheet-title", id: `${this.id}:title`, text: plain(view.title) }),
      this.#closer("modal-close", "Close", "close", { all: true }));
    const blocks = markLinks(view.links, drawBlocks(view.blocks, this.#surface()));
    if (this.content.firstChild) swap(this.content.firstChild, blocks);
    else this.content.append(blocks);
    fill(this.foot, this.#cancel(view), view.submit && this.#submitButton(view));
  }

  #closer(testid, label, sign, extent) {
    return iconButton(sign, label, { testid, on: { click: () => this.close(extent) } });
  }

  #cancel(view) {
    const text = plain(view.close) || (view.submit ? "Cancel" : "Close");
    const click = () => this.close();
    return el("button", { class: "button", type: "button", testid: "modal-cancel", text, on: { click } });
  }

  #submitButton(view) {
    return el("button", { class: "button button-primary", type: "submit", testid: "modal-submit" },
      el("span", { class: "button-text", text: plain(view.submit) }));
  }

  #surface() {
    return {
      id: this.id,
      form: this.#form,
      act: async (payload, words) => {
        const values = this.#form.collect(this.#view.blocks);
        const answer = await post("action", { view_id: this.id, values, ...payload }, { words });
        if (!answer.ok) this.#fail();
      },
    };
  }

  async #submit(event) {
    event.preventDefault();
    if (this.#pending || !this.#view.submit) return;
    this.#failure = "";
    this.#pending = true;
    this.#mark();
    const body = { view_id: this.id, values: this.#form.collect(this.#view.blocks) };
    const answer = await post("submit", body, { words: plain(this.#view.submit), ticked: tickedWords() });
    this.#pending = false;
    if (!answer.ok && !answer.errors) this.#fail();
    else this.#mark();
  }

  #fail() {
    this.#failure = TROUBLE;
    this.#mark();
  }

  /** Show what is wrong and whether the app is still thinking. */
  #mark() {
    const errors = this.#view.errors ?? {};
    for (const block of this.#view.blocks) this.#markField(block, errors[block.block_id] ?? "");
    const isBusy = this.#pending || Boolean(this.#view.busy);
    const failure = isBusy ? "" : this.#failure || this.#view.failure || "";
    this.trouble.hidden = !failure;
    this.trouble.textContent = failure ? TROUBLE : "";
    const submit = this.foot.querySelector("[data-testid=modal-submit]");
    submit?.setAttribute("aria-busy", String(isBusy));
    if (submit) submit.disabled = isBusy;
    this.#focusError(errors);
  }

  #markField(block, text) {
    const slot = this.content.querySelector(`[data-testid="${CSS.escape(`error:${block.block_id}`)}"]`);
    if (!slot) return;
    slot.hidden = !text;
    slot.textContent = text;
    slot.parentElement.classList.toggle("has-error", Boolean(text));
    slot.parentElement.querySelector(INVALID)?.setAttribute("aria-invalid", String(Boolean(text)));
  }

  #focusError(errors) {
    const sign = JSON.stringify(errors);
    if (sign === this.#focusedErrors) return;
    this.#focusedErrors = sign;
    this.content.querySelector(".has-error")?.querySelector("input, textarea, .select")?.focus();
  }
}

/** The labels of all boxes that are ticked in the stack. */
function tickedWords() {
  const boxes = [...sheets.values()].flatMap((sheet) => [...sheet.content.querySelectorAll("[type=checkbox]:checked")]);
  return boxes.map((box) => box.closest("label").textContent);
}

function plain(text) {
  return typeof text === "string" ? text : text?.text ?? "";
}
