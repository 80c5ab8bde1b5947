// What the inspector lists, read from the sandbox's ledger and from the messages: one trace a row.

import { channel, userName } from "./directory.js";
import { store } from "./store.js";

/** A trace is {key, at, kind, icon, title, note, verdict: [tone, words], raw}. */
export const READ = { deliveries: payload, calls: call, errors: breach };

function payload(entry) {
  return {
    key: `payload-${entry.id}-${entry.attempt}-${entry.connection}`,
    at: entry.at,
    kind: "payloads",
    icon: "out",
    title: purpose(entry.payload),
    note: [
      entry.payload.type && entry.payload.event ? "event" : entry.payload.type ?? "command",
      entry.connection ? `socket ${entry.connection}` : "HTTP",
      entry.attempt > 0 && `attempt ${entry.attempt + 1}`,
    ].filter(Boolean).join(" · "),
    verdict: verdictOf(entry),
    raw: { payload: entry.payload, ack: entry.ack },
  };
}

/** What the app is told: the command, the button, the window or the event. */
function purpose(body) {
  return body.command
    ?? body.actions?.[0]?.action_id
    ?? body.event?.type
    ?? (body.callback_id || body.view?.callback_id || body.type || "payload");
}

const ACKS = {
  waiting: () => ["warm", "waiting for its ack"],
  acked: (ms) => ["good", `${ms} ms, in time`],
  late: () => ["danger", "late: no ack in 3 s"],
  failed: (ms, failure) => ["danger", `no ack: ${failure || "given up"}`],
};

function verdictOf({ state, ms, failure }) {
  return ACKS[state]?.(ms, failure) ?? ["warm", state];
}

function call(entry) {
  const isLimit = entry.error === "ratelimited";
  const words = isLimit ? "429, rate limited" : entry.error || "ok";
  return {
    key: `call-${entry.seq}`,
    at: entry.at,
    kind: "calls",
    icon: "in",
    title: entry.method,
    note: `${Math.round(entry.ms)} ms`,
    verdict: [entry.ok ? "good" : isLimit ? "warm" : "danger", words],
    raw: { arguments: entry.args, answer: entry.answer },
  };
}

function breach({ seq, seen_at: at, kind, ...details }) {
  return {
    key: `error-${seq}`,
    at,
    kind: "errors",
    icon: "warning",
    title: kind,
    note: [details.type, details.ms && `${details.ms} ms`].filter(Boolean).join(" · ") || "the app broke the protocol",
    verdict: ["danger", "protocol error"],
    raw: details,
  };
}

/** Whom the messages that this person sees would have pinged, and what else they hide; newest first. */
export function truths() {
  const all = Object.values(store.state.messages).flat();
  return all.flatMap((message) => [...calling(message), ...hiding(message)]).sort((a, b) => b.at - a.at);
}

function calling(message) {
  const told = message.pings ?? [];
  const untold = (message.named ?? []).filter((id) => !told.includes(id));
  const bell = (sign, people, verb, verdict) => people.length > 0 && {
    ...truth(message, sign), icon: "bell", title: `${verb} ${people.map(userName).join(", ")}`, verdict };
  return [
    bell("ping", told, "Pings", ["warm", told.length === 1 ? "1 person" : `${told.length} people`]),
    bell("named", untold, "Names", ["good", "pings nobody"]),
  ].filter(Boolean);
}

function hiding(message) {
  const brackets = (message.warnings ?? []).map((text, i) => (
    { ...truth(message, `raw-${i}`), icon: "warning", title: `Raw < in “${text}”`, verdict: ["danger", "not escaped"] }));
  const links = (message.links ?? []).map(({ label, host }, i) => (
    { ...truth(message, `link-${i}`), icon: "link", title: `“${label}”`, verdict: ["warm", `leads to ${host}`] }));
  return [...brackets, ...links];
}

function truth(message, sign) {
  const room = channel(message.channel);
  const place = room?.kind === "app" ? room.name : `#${room?.name}`;
  const note = `${place} · ${(message.text || "no text").slice(0, 60)}`;
  return { key: `${sign}-${message.channel}-${message.ts}`, at: Number(message.ts), kind: "pings", note, raw: message };
}
