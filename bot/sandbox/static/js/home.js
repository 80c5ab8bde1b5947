// The app's own place: its Home tab, and the messages it sent to the reader.

import { drawBlocks } from "./blocks.js";
import { el, reconcile } from "./dom.js";
import { Form } from "./form.js";
import { markLinks } from "./inline.js";
import { attempt } from "./notices.js";
import { store } from "./store.js";

const form = new Form();

const surface = {
  id: "home",
  form,
  act: (payload, words) => attempt("action", { view_id: store.state.home?.id, ...payload }, { words }),
};

/** Say to the app that its Home tab was opened. */
export const openHome = () => attempt("home", {});

/** Draw the published Home, or what stands there before the first one. */
export function drawHome(parent) {
  const home = store.state.home;
  reconcile(parent, [home ?? { blocks: null }], {
    key: () => "home",
    sign: (view) => JSON.stringify(view.blocks),
    draw: (view) => (view.blocks ? drawn(view) : empty()),
  });
}

function drawn(view) {
  return el("div", { class: "home-page", testid: "home", tabindex: "-1" },
    markLinks(view.links, drawBlocks(view.blocks, surface)));
}

function empty() {
  return el("div", { class: "home-page home-empty", testid: "home-empty" },
    el("h2", { text: "Nothing here yet" }),
    el("p", { text: "The app draws its Home when you open it. If it stays empty, the app is not connected." }));
}
