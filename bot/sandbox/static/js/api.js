// What the page tells the sandbox: one POST for each act of the person reading.

const witnesses = new Set();
let person = "";

/** Remember on whose behalf this window acts. */
export function actAs(user) {
  person = user;
}

/** Be told, in the words on the control, of each act that succeeded. */
export function onAct(witness) {
  witnesses.add(witness);
}

/**
 * POST /page/<act>; always answers an object with `ok`, also when the sandbox is gone.
 * `words` is what the person pressed or typed.
 */
export async function post(act, body, words = "") {
  const answer = await send(act, body);
  if (answer.ok && words) for (const witness of witnesses) witness(words);
  return answer;
}

async function send(act, body) {
  try {
    const response = await fetch(`/page/${act}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ user: person, ...body }),
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
  commands_do_not_work_in_threads: "Slash commands do not work in threads. Mention the app instead: @goshawk claim.",
};

/** An error code as a sentence for a person. */
export function sentence(error) {
  return REASONS[error] ?? `That did not work (${error}).`;
}
