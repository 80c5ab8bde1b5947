// The inspector: what went between the sandbox and the app, and whom the messages would have pinged, newest first.

import { el, fill, reconcile } from "./dom.js";
import { icon, iconButton } from "./icons.js";
import { isReading, setReading } from "./reader.js";
import { changed } from "./store.js";
import { tabRow } from "./tabs.js";
import { clockOf } from "./time.js";
import { READ, truths } from "./traces.js";

const KEPT = "goshawk.inspector";
const PACE_MS = 1000;
const SHOWN = 200;
const LIST = "inspector-list";
const CLEAN = "The app kept to the protocol so far.";
const TABS = ["all", "payloads", "calls", "errors", "pings"];

let tab = localStorage.getItem(KEPT) ?? "";
let traces = new Map();
let since = 0;
let called = 0;
let summary = "";
let isLooking = false;
let drawnTop = "";
const unfolded = new Set();

/** Whether the drawer stands open in this window. */
export function isInspecting() {
  return Boolean(tab);
}

/** Open the drawer at a tab, or close it with an empty name; the focus goes along. */
export function inspect(wanted) {
  const isSwitch = Boolean(tab) !== Boolean(wanted);
  turnTo(wanted);
  changed();
  const goal = tab ? "inspector-close" : "open-inspector";
  if (isSwitch) setTimeout(() => document.querySelector(`[data-testid=${goal}]`)?.focus(), 20);
}

/** Turn to a tab, to none to give way to a thread; the next window begins there as well. */
export function turnTo(wanted) {
  tab = wanted;
  localStorage.setItem(KEPT, tab);
}

/** Draw the drawer and keep it fresh while it is open; on a phone it covers the rest. */
export function drawInspector(pane) {
  const isOpen = isInspecting();
  const isSheet = isOpen && matchMedia("(max-width: 720px)").matches;
  for (const other of pane.parentElement.children) other.inert = isSheet && other !== pane;
  pane.hidden = !isOpen;
  if (!isOpen) return;
  if (!pane.firstChild) build(pane);
  drawRows(pane);
  if (!isLooking) look(pane);
}

async function look(pane) {
  isLooking = true;
  while (isInspecting()) {
    const answer = await fetch(`/page/inspector?since=${since}`).then((one) => one.json()).catch(() => null);
    if (answer) take(answer);
    drawRows(pane);
    await new Promise((wake) => setTimeout(wake, PACE_MS));
  }
  isLooking = false;
}

/** Take what is new; a sandbox that was started anew counts from the beginning. */
function take(answer) {
  const { calls, errors } = answer.counts;
  if (calls < called) [traces, since] = [new Map(), 0];
  else since = answer.seq;
  called = calls;
  for (const [name, read] of Object.entries(READ)) for (const one of answer[name].map(read)) traces.set(one.key, one);
  const newest = [...traces].sort(([, a], [, b]) => b.at - a.at);
  traces = new Map(newest.slice(0, SHOWN * TABS.length));
  const lines = answer.connections.map((one) => `${one.id ? `socket ${one.id}` : "HTTP"}: ${one.unacked} un-acked`);
  if (!lines.length) lines.push("not connected");
  summary = [...lines, `calls: ${calls}`, `protocol errors: ${errors}`].join(" · ");
}

function build(pane) {
  const close = { testid: "inspector-close", on: { click: () => inspect("") } };
  fill(pane,
    el("header", { class: "header" },
      el("h2", { class: "header-words header-title" }, icon("pulse"), "Inspector"),
      iconButton("close", "Close inspector", close)),
    el("div", {}),
    el("div", { class: "scroller", id: LIST, role: "tabpanel", tabindex: "0", "aria-label": "Traces" }));
}

function drawRows(pane) {
  const [, top, list] = pane.children;
  const all = tab === "pings" ? truths() : [...traces.values()].filter((one) => tab === "all" || one.kind === tab);
  const rows = all.length ? all.slice(0, SHOWN) : [null];
  drawTop(top);
  const none = () => el("p", { class: "timeline-empty", text: tab === "errors" ? CLEAN : "Nothing here yet." });
  const draw = (one) => (one ? row(one) : none());
  reconcile(list, rows, { key: (one) => one?.key ?? `none-${tab}`, sign: (one) => one?.words ?? "", draw });
}

function drawTop(top) {
  const sign = JSON.stringify([tab, summary, isReading()]);
  if (sign === drawnTop) return;
  drawnTop = sign;
  const focused = top.contains(document.activeElement) && document.activeElement.dataset.testid;
  const box = el("input", { type: "checkbox", testid: "reader-switch" });
  box.checked = isReading();
  box.addEventListener("change", () => setReading(box.checked));
  const tabs = TABS.map((id) => ({ id, label: id[0].toUpperCase() + id.slice(1), testid: `inspect:${id}` }));
  fill(top,
    el("div", { class: "inspector-top" },
      el("p", { testid: "inspector-counts", text: summary }),
      el("label", { class: "choice" }, box, "Screen reader view: fallback text only")),
    tabRow(tabs, { open: tab, label: "What to list", panel: LIST, choose: inspect }));
  if (focused) top.querySelector(`[data-testid="${focused}"]`).focus();
}

function row({ key, at, kind, sign, title, note, tone, words, raw }) {
  const look = "menu-row trace-head";
  const head = el("button", { class: look, type: "button", testid: `trace:${key}`, on: { click: turn } },
    icon(sign),
    el("span", { class: "menu-words" },
      el("strong", { text: title }),
      el("span", { class: "menu-hint", text: `${clockOf(at)} · ${note}` })),
    el("span", { class: `verdict alert-${tone}`, text: words }));
  const text = el("pre", { class: "pre trace-raw", tabindex: "0", testid: "trace-raw" });
  const show = () => {
    text.hidden = !unfolded.has(key);
    text.textContent = text.hidden ? "" : JSON.stringify(raw, null, 2);
    head.setAttribute("aria-expanded", String(!text.hidden));
  };
  function turn() {
    if (!unfolded.delete(key)) unfolded.add(key);
    show();
  }
  show();
  return el("div", { class: `trace trace-${kind}` }, head, text);
}
