// What the page tells the sandbox: one POST for each act of the person reading.

let person = "";

/** Remember on whose behalf this window acts. */
export function actAs(user) {
  person = user;
}

/** POST /page/<act>; always answers an object with `ok`, also when the sandbox is gone. */
export async function post(act, body) {
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
  operation_timeout: "Goshawk did not answer within 3 seconds. It may still have happened: look before you try again.",
  sandbox_unreachable: "The sandbox could not be reached. Nothing was sent.",
  dispatch_failed: "Goshawk is not connected. Nothing happened.",
  no_connection: "Goshawk is not connected. Nothing happened.",
};

/** An error code as a sentence for a person. */
export function sentence(error) {
  return REASONS[error] ?? `That did not work (${error}).`;
}
