// Who and what the ids mean: people, user groups, channels, and which person is reading.

const EMPTY = { team: { name: "" }, me: "", users: [], usergroups: [], channels: [] };

let known = EMPTY;
let users = new Map();
let groups = new Map();
let channels = new Map();

/** Take over the names of a pushed state. */
export function learn(state) {
  known = state;
  users = byId(state.users);
  groups = byId(state.usergroups);
  channels = byId(state.channels);
}

function byId(things) {
  return new Map(things.map((thing) => [thing.id, thing]));
}

/** The reader's id. */
export const me = () => known.me;

/** A person by id, or a stand-in that shows the id. */
export function user(id) {
  return users.get(id) ?? { id, name: id, real_name: id, is_bot: false, title: "", guest: false };
}

/** The name shown for a person. */
export function userName(id) {
  const found = user(id);
  return found.real_name || found.name;
}

/** The handle of a user group, without the sign. */
export function groupHandle(id) {
  return groups.get(id)?.handle ?? id;
}

/** Whether the reader belongs to the group. */
export function isInGroup(id) {
  return groups.get(id)?.users?.includes(known.me) ?? false;
}

/** A channel by id, or undefined. */
export const channel = (id) => channels.get(id);

/** All people, bots last, by name. */
export function people() {
  return [...users.values()].sort((a, b) => a.is_bot - b.is_bot || a.real_name.localeCompare(b.real_name));
}

/** All user groups. */
export const allGroups = () => known.usergroups;

/** All channels that have a name to point at. */
export const namedChannels = () => known.channels.filter((one) => one.kind === "public" || one.kind === "private");
