// What the inspector lists, read from the sandbox's ledger and from the messages: one trace a row.

import { channel, userName } from "./directory.js";
import { store } from "./store.js";

/** How each kind of entry becomes a trace: {key, at, kind, sign, title, note, tone, words, raw}. */
export const READ = { deliveries: payload, calls: call, errors: breach };

const ACKS = {
  waiting: () => ["warning", "waiting for its ack"],
  acked: ({ ms }) => ["success", `${ms} ms, in time`],
  late: () => ["error", "late: no ack in 3 s"],
  failed: ({ failure }) => ["error", `no ack: ${failure || "given up"}`],
};

function payload(entry) {
  const { id, at, payload: body, ack, attempt, connection } = entry;
  const [tone, words] = ACKS[entry.state](entry);
  const way = connection ? `socket ${connection}` : "HTTP";
  const note = [body.event ? "event" : body.type ?? "command", way, attempt && `attempt ${attempt + 1}`];
  const looks = { kind: "payloads", sign: "out", tone, words };
  return { key: `sent-${id}`, at, ...looks, title: purpose(body), note: joined(note), raw: { payload: body, ack } };
}

/** What the app is told: the command, the button, the event or the window. */
function purpose(body) {
  const id = body.actions?.[0]?.action_id ?? body.callback_id ?? body.view?.callback_id;
  return body.command ?? body.event?.type ?? (id || body.type);
}

function call({ seq, at, method, ok, error, ms, args, answer }) {
  const isLimit = error === "ratelimited";
  const [tone, words] = ok ? ["success", "ok"] : isLimit ? ["warning", "429, rate limited"] : ["error", error];
  const looks = { kind: "calls", sign: "in", tone, words };
  const raw = { arguments: args, answer };
  const note = joined([`${Math.round(ms)} ms`, channel(args.channel)?.name]);
  return { key: `call-${seq}`, at, ...looks, title: method, note, raw };
}

function breach({ seq, seen_at: at, kind: title, ...raw }) {
  const note = joined([raw.type, raw.ms && `${raw.ms} ms`]) || "the app broke the protocol";
  const looks = { kind: "errors", sign: "warning", tone: "error", words: "protocol error" };
  return { key: `error-${seq}`, at, ...looks, title, note, raw };
}

function joined(parts) {
  return parts.filter(Boolean).join(" · ");
}

/** Whom the messages that this person sees would have pinged, and what else they hide; newest first. */
export function truths() {
  return Object.values(store.state.messages).flat().flatMap(truthsOf).sort((a, b) => b.at - a.at);
}

function truthsOf(message) {
  const { channel: id, ts, text, pings = [], named = [], warnings = [], links = [] } = message;
  const note = `${channel(id)?.name} · ${text.slice(0, 60) || "no text"}`;
  const truth = (sign, title, tone, words) => {
    const key = `${sign}-${title}-${id}-${ts}`;
    return { key, at: Number(ts), kind: "pings", sign, title, note, tone, words, raw: message };
  };
  const untold = named.filter((one) => !pings.includes(one));
  const names = (people) => people.map(userName).join(", ");
  return [
    ...(pings.length ? [truth("bell", `Pings ${names(pings)}`, "warning", "would ping")] : []),
    ...(untold.length ? [truth("bell", `Names ${names(untold)}`, "success", "pings nobody")] : []),
    ...warnings.map((rest) => truth("warning", `Raw < in “${rest}”`, "error", "not escaped")),
    ...links.map(({ label, host }) => truth("link", `“${label}”`, "warning", `leads to ${host}`)),
  ];
}
