// A scrolling list of messages that redraws only what changed and keeps the reader's place.

import { el, fill, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { authorOf, drawMessage } from "./message.js";
import { isReading } from "./reader.js";
import { changed } from "./store.js";
import { dayKey, dayName } from "./time.js";

const NEAR_BOTTOM_PX = 60;
const NEAR_TOP_PX = 300;
const SAME_BREATH_S = 300;

/** So many messages are drawn at first, and more each time the reader comes to the top. */
const PORTION = 60;

export class Timeline {
  #list;
  #earlier;
  #empty;
  #pill;
  #scroller;
  #pinned = true;
  #left = 0;
  #seen = new Set();
  #fresh = 0;
  #hasAnswer = false;
  #all = [];
  #oldest = "";

  /** `where` is {channel, isThread}; `label` names the log for screen readers, `empty` stands where nothing is yet. */
  constructor(where, label, empty = "") {
    this.where = where;
    this.#empty = el("p", { class: "timeline-empty", text: empty, hidden: true, testid: "timeline-empty" });
    this.#list = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": label });
    this.#earlier = el("button", {
      class: "earlier",
      type: "button",
      hidden: true,
      testid: "earlier-messages",
      text: "Earlier messages",
      on: { click: () => this.#showEarlier() },
    });
    this.#scroller = el("div", { class: "scroller", tabindex: "0" }, this.#empty, this.#earlier, this.#list);
    this.#pill = el("button", {
      class: "pill",
      type: "button",
      hidden: true,
      testid: "new-messages",
      on: { click: () => this.toBottom() },
    });
    this.node = el("div", { class: "timeline" }, this.#scroller, this.#pill);
    this.#scroller.addEventListener("scroll", () => this.#onScroll(), { passive: true });
    const resized = new ResizeObserver(() => this.#follow());
    resized.observe(this.#list);
    resized.observe(this.#scroller);
  }

  /** Show these messages, oldest first. */
  show(messages) {
    const fresh = messages.filter((message) => !this.#seen.has(message.ts));
    this.#all = messages;
    this.#empty.hidden = messages.length > 0;
    this.#noticeReader();
    if (this.#isHeld(fresh)) this.#pinned = false;
    if (this.#pinned) this.#keepLast(PORTION);
    this.#drawRows();
    this.#count(fresh);
    this.#settle();
  }

  /** Nothing moves under a pointer that is about to press; a private answer is shown at once all the same. */
  #isHeld(fresh) {
    const isAnswer = fresh.some((message) => message.ephemeral);
    return fresh.length > 0 && !isAnswer && this.#list.querySelector(".block-actions:hover") !== null;
  }

  /** Draw from the last `count` messages on; whoever reads further up is not disturbed. */
  #keepLast(count) {
    this.#oldest = this.#all.at(-count)?.ts ?? "";
  }

  #drawRows() {
    const from = Math.max(0, this.#all.findIndex((message) => message.ts === this.#oldest));
    const rows = rowsOf(this.#all.slice(from));
    this.#earlier.hidden = from === 0;
    reconcile(this.#list, rows, { key: (row) => row.key, sign: (row) => row.sign, draw: (row) => this.#draw(row) });
  }

  /** Draw a portion more, and leave what the reader sees where it is. */
  #showEarlier() {
    const fromBottom = this.#scroller.scrollHeight - this.#scroller.scrollTop;
    const drawn = this.#all.length - this.#all.findIndex((message) => message.ts === this.#oldest);
    this.#keepLast(drawn + PORTION);
    this.#drawRows();
    this.#scroller.scrollTop = this.#scroller.scrollHeight - fromBottom;
  }

  /** Go to the newest message and stay there. */
  toBottom() {
    this.#pinned = true;
    this.#settle();
  }

  /** Whether the newest message is in view. */
  get isAtBottom() {
    return this.#pinned;
  }

  #draw(row) {
    if (row.day) return el("div", { class: "day", role: "separator" }, el("span", { text: row.day }));
    return drawMessage(row.message, { ...this.where, isFollowing: row.isFollowing });
  }

  #count(fresh) {
    this.#fresh += fresh.length;
    this.#hasAnswer ||= fresh.some((message) => message.ephemeral);
    for (const message of fresh) this.#seen.add(message.ts);
  }

  #onScroll() {
    const { scrollTop } = this.#scroller;
    const wasPinned = this.#pinned;
    this.#readPlace();
    if (this.#pinned && !wasPinned) changed();
    if (scrollTop < NEAR_TOP_PX && !this.#pinned && !this.#earlier.hidden) this.#showEarlier();
    this.#drawPill();
  }

  /** The browser tells of scrolling at its next frame only; a push before that must not throw the reader back. */
  #noticeReader() {
    if (this.#scroller.scrollTop !== this.#left) this.#readPlace();
  }

  #readPlace() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    this.#pinned = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
    this.#left = scrollTop;
  }

  #follow() {
    this.#noticeReader();
    this.#settle();
  }

  #settle() {
    if (this.#pinned) this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#left = this.#scroller.scrollTop;
    this.#drawPill();
  }

  #drawPill() {
    if (this.#pinned) this.#fresh = 0;
    if (this.#pinned) this.#hasAnswer = false;
    this.#pill.hidden = this.#fresh === 0;
    const count = this.#fresh === 1 ? "1 new message" : `${this.#fresh} new messages`;
    if (this.#fresh) fill(this.#pill, icon("down"), this.#hasAnswer ? `${count}, one is only for you` : count);
  }
}

/** Messages with a line before each new day. */
function rowsOf(messages) {
  const rows = [];
  let before = null;
  for (const message of messages) {
    const isNewDay = !before || dayKey(before.ts) !== dayKey(message.ts);
    if (isNewDay) rows.push({ key: `day:${dayKey(message.ts)}`, day: dayName(message.ts), sign: dayName(message.ts) });
    const isFollowing = !isNewDay && follows(before, message);
    rows.push({ key: message.ts, message, isFollowing, sign: `${isFollowing}${isReading()}${JSON.stringify(message)}` });
    before = message;
  }
  return rows;
}

function follows(before, message) {
  const isPlain = (one) => !one.blocks?.length && !one.ephemeral;
  const isSame = authorOf(before).real_name === authorOf(message).real_name && before.user === message.user;
  return isSame && isPlain(before) && isPlain(message) && message.ts - before.ts < SAME_BREATH_S;
}
