// The live connection to the sandbox: pushes come in, a lost line is shown and mended.

import { WINDOW } from "./api.js";
import { changed, store, take } from "./store.js";

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 4000;
const LOST = "The sandbox does not answer. Trying again…";

/** Stay connected on behalf of `user`; `show(text)` draws the banner, empty text hides it. */
export function connect(user, show) {
  let wait = FIRST_WAIT_MS;
  const open = () => {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const query = new URLSearchParams({ user, window: WINDOW });
    const socket = new WebSocket(`${scheme}://${location.host}/page/live?${query}`);
    socket.addEventListener("message", (event) => {
      wait = FIRST_WAIT_MS;
      show("");
      receive(JSON.parse(event.data));
    });
    socket.addEventListener("close", () => {
      show(store.state ? LOST : `${LOST} If it does run, nobody here has the id ${user}.`);
      setOnline(false);
      setTimeout(open, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    });
  };
  open();
}

function receive(push) {
  if (push.kind === "state") {
    setOnline(true);
    take(push.state);
  }
}

function setOnline(online) {
  store.online = online;
  changed();
}
