// Faces: initials on a quiet colour that stays with the person, and the hawk for the app.

import { el } from "./dom.js";
import { hawk, icon } from "./icons.js";

const TONES = 8;

/** The face of a person or app. */
export function avatar(person, size = "") {
  const look = `avatar ${size}`.trim();
  if (person.is_bot) return el("span", { class: `${look} avatar-app`, "aria-hidden": "true" }, hawk());
  const name = person.real_name || person.name;
  return el("span", { class: `${look} tone-${tone(person.id)}`, "aria-hidden": "true", text: initials(name) });
}

/** The small sign before a channel's name. */
export function channelSign(channel) {
  if (channel.kind === "app") return avatar({ is_bot: true }, "avatar-tiny");
  return icon(channel.kind === "private" ? "lock" : "hash");
}

function initials(name) {
  const words = name.trim().split(/\s+/);
  return words
    .slice(0, 2)
    .map((word) => [...word][0] ?? "")
    .join("")
    .toUpperCase();
}

function tone(id) {
  let sum = 0;
  for (const sign of id) sum = (sum * 31 + sign.codePointAt(0)) % 9973;
  return sum % TONES;
}
