// The app's own entries in Slack's menus: on a message, and wherever somebody types.

import { isTold, post, sentence } from "./api.js";
import { say } from "./notices.js";
import { store } from "./store.js";

/** The shortcuts of one type, "message" or "global": [{name, callback_id, description}]. */
export function shortcuts(type) {
  return (store.state?.shortcuts ?? []).filter((one) => one.type === type);
}

/** Use one; `body` holds callback_id, and for a message where it stands. */
export async function shortcut(body, words) {
  const answer = await post("shortcut", body, { words });
  if (!answer.ok && !isTold(answer.error)) say(sentence(answer.error));
}
