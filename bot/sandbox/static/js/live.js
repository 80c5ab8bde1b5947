// The live connection to the sandbox: pushes come in, a lost line is shown and mended.

import { changed, store, take } from "./store.js";

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 5000;

/** Stay connected on behalf of `user`; `show(text)` draws the banner, empty text hides it. */
export function connect(user, show) {
  let wait = FIRST_WAIT_MS;
  const open = () => {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/page/live?user=${encodeURIComponent(user)}`);
    socket.addEventListener("message", (event) => {
      wait = FIRST_WAIT_MS;
      show("");
      receive(JSON.parse(event.data));
    });
    socket.addEventListener("close", () => {
      show("The connection to the sandbox is lost. Trying again…");
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
