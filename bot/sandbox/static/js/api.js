// What the page tells the sandbox: one POST for each act of the person reading.

/** This browser window: what it opens is shown here and nowhere else. */
export const WINDOW = Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("");

const witnesses = new Set();
let person = "";

/** Remember on whose behalf this window acts. */
export function actAs(user) {
  person = user;
}

/** Be told of each act that succeeded: {act, words, ticked, inThread}, see `post`. */
export function onAct(witness) {
  witnesses.add(witness);
}

/** Answers to a submission after which the window still asks for something. */
const UNFINISHED = new Set(["errors", "push"]);

/**
 * POST /page/<act>; always answers an object with `ok`, also when the sandbox is gone.
 * The deed, for those who watch: `words` is what the person pressed or typed, `ticked` the boxes of the window.
 */
export async function post(act, body, { words = "", ticked = [] } = {}) {
  const answer = await send(act, body);
  const isDone = answer.ok && !UNFINISHED.has(answer.response_action);
  if (isDone && words) for (const witness of witnesses) witness({ act, words, ticked, inThread: Boolean(body.thread_ts) });
  return answer;
}

async function send(act, body) {
  try {
    const response = await fetch(`/page/${act}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ user: person, window: WINDOW, ...body }),
    });
    const answer = await response.json();
    return { ok: response.ok, ...answer };
  } catch {
    return { ok: false, error: "sandbox_unreachable" };
  }
}

const REASONS = {
  operation_timeout: "The app did not answer within 3 seconds. It may still have happened: look before you try again.",
  sandbox_unreachable: "The sandbox could not be reached. Nothing was sent.",
  dispatch_failed: "The app is not connected. Nothing happened.",
  not_in_channel: "You are not in this channel.",
  not_enabled: "This app has no Home.",
  messages_tab_disabled: "Sending messages to this app has been turned off.",
  commands_do_not_work_in_threads: "Slash commands do not work in threads. Mention the app instead: @goshawk claim.",
};

/** Whether the sandbox itself tells the person that a command or a shortcut failed so. */
export function isTold(error) {
  return error !== "sandbox_unreachable" && !isSentence(error);
}

/** An error code as a sentence for a person; "Slack is down." and the like are sentences already. */
export function sentence(error) {
  return REASONS[error] ?? (isSentence(error) ? error : `That did not work (${error}).`);
}

function isSentence(error = "") {
  return error.includes(" ");
}
