// Moments as people read them, in the zone of the reader's browser.

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const clockSeconds = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const dayLong = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const dayMedium = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });
const dayShort = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const full = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "medium" });

/** The moment of a message timestamp or of seconds since 1970. */
function moment(seconds) {
  return new Date(Number(seconds) * 1000);
}

/** 14:02 */
export function timeOf(seconds) {
  return clock.format(moment(seconds));
}

/** 14:02:11 */
export function clockOf(seconds) {
  return clockSeconds.format(moment(seconds));
}

/** Saturday 21 November 2026 at 14:02:11, for a tooltip. */
export function fullTime(seconds) {
  return full.format(moment(seconds));
}

/** A key that is the same for all moments of one local day. */
export function dayKey(seconds) {
  const date = moment(seconds);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** Today, Yesterday or the written day. */
export function dayName(seconds) {
  return nearDay(seconds) ?? dayLong.format(moment(seconds));
}

function nearDay(seconds) {
  const now = Date.now() / 1000;
  if (dayKey(seconds) === dayKey(now)) return "Today";
  if (dayKey(seconds) === dayKey(now - 86400)) return "Yesterday";
  if (dayKey(seconds) === dayKey(now + 86400)) return "Tomorrow";
  return null;
}

function pretty(seconds, format) {
  const near = nearDay(seconds);
  return near ? near.toLowerCase() : format.format(moment(seconds));
}

function ago(seconds) {
  const minutes = Math.round((Date.now() / 1000 - seconds) / 60);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} h ago`;
  return `${Math.round(minutes / 1440)} days ago`;
}

const TOKENS = {
  date_num: (s) => moment(s).toISOString().slice(0, 10),
  date: (s) => dayMedium.format(moment(s)),
  date_short: (s) => dayShort.format(moment(s)),
  date_long: (s) => dayLong.format(moment(s)),
  date_pretty: (s) => pretty(s, dayMedium),
  date_short_pretty: (s) => pretty(s, dayShort),
  date_long_pretty: (s) => pretty(s, dayLong),
  time: (s) => timeOf(s),
  time_secs: (s) => clockOf(s),
  ago: (s) => ago(s),
};

/** Fill a template such as "{date_short} at {time}"; unknown tokens stay as written. */
export function formatDate(seconds, template) {
  return template.replace(/\{(\w+)\}/g, (whole, token) => TOKENS[token]?.(seconds) ?? whole);
}
