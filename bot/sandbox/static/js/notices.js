// Short lines above the message box: failures of commands and buttons; and what the reader has put away.

import { post, sentence } from "./api.js";
import { el, reconcile } from "./dom.js";
import { icon, iconButton } from "./icons.js";
import { changed, store } from "./store.js";

const KEPT = "goshawk.dismissed";
const SHOWN = 3;

let own = [];
let old = null;
let count = 0;
const put = new Set(JSON.parse(sessionStorage.getItem(KEPT) ?? "[]"));

/** What each kind of line looks like, and how it is called for who cannot see that. */
const KINDS = { failed: ["warning", "That failed: "], info: ["info", "Good to know: "] };

/** Show a line that this page itself has to say. */
export function say(text) {
  own = [...own, { id: `own-${++count}`, text, kind: "failed" }].slice(-SHOWN);
  changed();
}

/** Do what `post` does, and say it when it fails. */
export async function attempt(act, body, deed) {
  const answer = await post(act, body, deed);
  if (!answer.ok) say(answer.message ?? sentence(answer.error));
}

/** Put an ephemeral note or a notice away, for this window. */
export function dismiss(place, ts) {
  put.add(`${place}/${ts}`);
  sessionStorage.setItem(KEPT, JSON.stringify([...put].slice(-500)));
  own = own.filter((one) => one.id !== ts);
  changed();
}

/** Whether the reader has put it away. */
export function isDismissed(place, ts) {
  return put.has(`${place}/${ts}`);
}

/** Draw the newest lines; those from before this window was opened are old news. */
export function drawNotices(parent) {
  const pushed = (store.state.notices ?? []).map((one) => ({ ...one, id: one.ts }));
  old ??= new Set(pushed.map((one) => one.id));
  const disk = store.state.keep_failure;
  if (disk) pushed.push({ id: `disk-${disk}`, text: `The sandbox cannot write to its file: ${disk}`, kind: "failed" });
  const all = [...pushed, ...own].filter((one) => !old.has(one.id) && !isDismissed("notice", one.id)).slice(-SHOWN);
  reconcile(parent, all, { key: (one) => one.id, sign: (one) => one.text, draw });
}

function draw(notice) {
  const [sign, lead] = KINDS[notice.kind] ?? KINDS.failed;
  return el("div", { class: `notice notice-${notice.kind}`, testid: "notice" },
    icon(sign),
    el("span", { class: "notice-text" }, el("span", { class: "sr-only", text: lead }), notice.text),
    iconButton("close", `Dismiss: ${notice.text}`, { on: { click: () => dismiss("notice", notice.id) } }));
}
