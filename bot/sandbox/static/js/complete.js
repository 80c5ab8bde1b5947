// Suggestions while typing: commands after /, people after @, channels after #, emoji after a colon.

import { allGroups, namedChannels, people } from "./directory.js";
import { emoji, findEmoji } from "./emoji.js";
import { shortcuts } from "./shortcuts.js";
import { store } from "./store.js";

const MOST = 8;

const SOURCES = [
  { pattern: /^(\/\S*)$/, find: commands },
  { pattern: /(?:^|\s)(@[\w.-]*)$/, find: persons },
  { pattern: /(?:^|\s)(#[\w-]*)$/, find: channels },
  { pattern: /(?:^|\s)(:[a-z0-9_+-]{2,})$/, find: signs },
];

/** What fits the text before the caret: {from, options: [{insert, label, hint, detail, callback_id?}]} or null. */
export function suggestions(before) {
  for (const { pattern, find } of SOURCES) {
    const typed = before.match(pattern)?.[1];
    if (typed === undefined) continue;
    const options = find(typed.slice(1).toLowerCase()).slice(0, MOST);
    return options.length ? { from: before.length - typed.length, options } : null;
  }
  return null;
}

function commands(typed) {
  const own = (store.state?.commands ?? [])
    .filter((one) => one.command.slice(1).startsWith(typed))
    .map((one) => ({ insert: `${one.command} `, label: one.command, detail: one.usage_hint, hint: one.description }));
  const everywhere = shortcuts("global")
    .filter((one) => one.name.toLowerCase().includes(typed))
    .map((one) => ({ ...one, insert: "", label: one.name, detail: "shortcut", hint: one.description }));
  return [...own, ...everywhere];
}

function persons(typed) {
  const all = [
    ...people().map((one) => ({ handle: one.name, hint: one.real_name, detail: one.title })),
    ...allGroups().map((one) => ({ handle: one.handle, hint: `${one.users?.length ?? 0} people`, detail: "group" })),
  ];
  return all
    .filter((one) => one.handle.startsWith(typed) || one.hint.toLowerCase().includes(typed))
    .map((one) => ({ insert: `@${one.handle} `, label: `@${one.handle}`, hint: one.hint, detail: one.detail }));
}

function channels(typed) {
  return namedChannels()
    .filter((one) => one.name.includes(typed))
    .map((one) => ({ insert: `#${one.name} `, label: `#${one.name}`, hint: one.topic ?? "" }));
}

function signs(typed) {
  return findEmoji(typed).map((name) => ({ insert: `${emoji(name)} `, label: `${emoji(name)}  :${name}:`, hint: "" }));
}

/** The command that the text begins with, for its usage line. */
export function commandOf(text) {
  const word = text.match(/^(\/\S+)\s/)?.[1];
  return word ? store.state?.commands.find((one) => one.command === word) : undefined;
}
