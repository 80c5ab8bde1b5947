// The inspector: what went between the sandbox and the app, and whom the messages would have pinged, newest first.

import { el, fill, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { isReading, setReading } from "./reader.js";
import { changed } from "./store.js";
import { tabRow } from "./tabs.js";
import { clockOf } from "./time.js";
import { READ, truths } from "./traces.js";

const KEPT = "goshawk.inspector";
const PACE_MS = 1000;
const SHOWN = 200;
const KEPT_TRACES = 600;

const TABS = [
  { id: "all", label: "All", empty: "Nothing has gone to the app or come from it yet." },
  { id: "payloads", label: "Payloads", empty: "The app has been told nothing yet." },
  { id: "calls", label: "Calls", empty: "The app has called nothing yet." },
  { id: "errors", label: "Errors", empty: "The app kept to the protocol so far." },
  { id: "pings", label: "Pings", empty: "No message here pings anybody or hides what it is." },
];

let traces = new Map();
let since = 0;
let totals = { calls: 0, errors: 0 };
let connections = [];
let isLooking = false;
let drawn = "";
const unfolded = new Set();

/** Whether the drawer stands open. */
export function isInspecting() {
  return Boolean(localStorage.getItem(KEPT));
}

/** Open the drawer at a tab, or close it with an empty name; whoever opened or closed it keeps the focus. */
export function inspect(tab) {
  const wasOpen = isInspecting();
  localStorage.setItem(KEPT, tab);
  drawn = "";
  changed();
  const goal = tab ? "inspector-close" : "open-inspector";
  if (wasOpen !== Boolean(tab)) setTimeout(() => document.querySelector(`[data-testid=${goal}]`)?.focus(), 20);
}

/** Give way to the thread that is being opened, unless both find room. */
export function makeRoom() {
  if (matchMedia("(min-width: 1500px)").matches) return;
  localStorage.setItem(KEPT, "");
}

/** Draw the drawer and keep it fresh while it is open; on a phone it covers the rest. */
export function drawInspector(pane) {
  const isOpen = isInspecting();
  const isSheet = isOpen && matchMedia("(max-width: 720px)").matches;
  pane.hidden = !isOpen;
  document.getElementById("app").classList.toggle("has-inspector", isOpen);
  for (const other of pane.parentElement.children) other.inert = isSheet && other !== pane;
  if (!isOpen) return;
  if (!pane.firstChild) build(pane);
  draw(pane);
  if (!isLooking) look(pane);
}

async function look(pane) {
  isLooking = true;
  while (isInspecting()) {
    const answer = await fetch(`/page/inspector?since=${since}`).then((one) => one.json()).catch(() => null);
    if (answer?.ok) take(answer);
    draw(pane);
    await new Promise((wake) => setTimeout(wake, PACE_MS));
  }
  isLooking = false;
}

function take(answer) {
  if (answer.counts.calls < totals.calls) [traces, since] = [new Map(), 0];
  else since = answer.seq;
  ({ counts: totals, connections } = answer);
  for (const [name, read] of Object.entries(READ)) {
    for (const trace of answer[name].map(read)) traces.set(trace.key, trace);
  }
  const newest = [...traces].sort(([, a], [, b]) => b.at - a.at);
  traces = new Map(newest.slice(0, KEPT_TRACES));
}

function build(pane) {
  fill(pane,
    el("header", { class: "header" },
      el("h2", { class: "header-words header-title" }, icon("pulse"), "Inspector"),
      el("button", {
        class: "icon-button",
        type: "button",
        testid: "inspector-close",
        "aria-label": "Close inspector",
        on: { click: () => inspect("") },
      }, icon("close"))),
    el("div", { class: "inspector-top" }),
    el("div", { class: "inspector-list", id: "inspector-list", role: "tabpanel", tabindex: "0" }));
}

function draw(pane) {
  const tab = TABS.find((one) => one.id === localStorage.getItem(KEPT)) ?? TABS[0];
  const rows = rowsOf(tab);
  const [, top, list] = pane.children;
  drawTop(top, tab);
  list.setAttribute("aria-label", `${tab.label}, newest first`);
  const items = rows.length ? rows : [{ key: "empty", empty: tab.empty }];
  reconcile(list, items, { key: (one) => one.key, sign: signOf, draw: (one) => (one.empty ? nothing(one) : row(one)) });
}

function rowsOf({ id }) {
  if (id === "pings") return truths().slice(0, SHOWN);
  return [...traces.values()].filter((one) => id === "all" || one.kind === id).slice(0, SHOWN);
}

function drawTop(top, tab) {
  const sign = JSON.stringify([tab.id, totals, connections, isReading()]);
  if (sign === drawn) return;
  drawn = sign;
  const focused = document.activeElement?.closest(".inspector-top [data-testid]")?.dataset.testid;
  fill(top, el("p", { class: "inspector-counts", testid: "inspector-counts", text: counted() }), readerSwitch(), tabRow(
    TABS.map((one) => ({ ...one, testid: `inspect:${one.id}` })),
    { open: tab.id, label: "What to list", panel: "inspector-list", choose: inspect }));
  if (focused) top.querySelector(`[data-testid="${CSS.escape(focused)}"]`)?.focus();
}

function counted() {
  const lines = connections.map((one) => `${one.id ? `socket ${one.id}` : "HTTP"}: ${one.unacked} un-acked`);
  if (!lines.length) lines.push("no connection");
  return [...lines, count(totals.calls, "call"), count(totals.errors, "protocol error")].join(" · ");
}

function count(number, word) {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

function readerSwitch() {
  const box = el("input", { type: "checkbox", role: "switch", testid: "reader-switch" });
  box.checked = isReading();
  box.addEventListener("change", () => setReading(box.checked));
  return el("label", { class: "reader-switch" }, box, "Screen reader view: fallback text only");
}

function signOf(trace) {
  return trace.empty ?? JSON.stringify([trace.verdict, trace.note]);
}

function nothing({ empty }) {
  return el("p", { class: "inspector-empty", text: empty });
}

function row(trace) {
  const [tone, words] = trace.verdict;
  const raw = el("pre", { class: "pre trace-raw", tabindex: "0", hidden: true, testid: "trace-raw" });
  const head = el("button", {
    class: "trace-head",
    type: "button",
    testid: `trace:${trace.key}`,
    "aria-expanded": "false",
    on: { click: () => unfold(trace, head, raw) },
  },
  icon(trace.icon),
  el("span", { class: "trace-words" },
    el("span", { class: "trace-title", text: trace.title }),
    el("span", { class: "trace-note", text: `${clockOf(trace.at)} · ${trace.note}` })),
  el("span", { class: `verdict verdict-${tone}`, text: words }));
  if (unfolded.has(trace.key)) show(trace, head, raw);
  return el("div", { class: `trace trace-${trace.kind}` }, head, raw);
}

function unfold(trace, head, raw) {
  if (unfolded.delete(trace.key)) {
    raw.hidden = true;
    head.setAttribute("aria-expanded", "false");
  } else {
    unfolded.add(trace.key);
    show(trace, head, raw);
  }
}

function show(trace, head, raw) {
  raw.textContent = JSON.stringify(trace.raw, null, 2);
  raw.hidden = false;
  head.setAttribute("aria-expanded", "true");
}
