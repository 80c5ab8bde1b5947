// "Connect your own Slack": three steps in a dialog, with the manifest to copy. Nothing is typed in here.

import { el, fill } from "./dom.js";
import { iconButton } from "./icons.js";

const COPIED = "Copied. Paste it on Slack's page.";
const MARKED = "It is marked: copy it with Ctrl+C or ⌘C.";
const COMMANDS = "export SLACK_APP_TOKEN=xapp-...\nexport SLACK_BOT_TOKEN=xoxb-...\n.venv/bin/goshawk run";
const LOST = "The manifest could not be read from the sandbox. Type: goshawk manifest";

/** A button that opens the dialog; focus comes back to it, or to the one that took its place. */
export function connectButton(look, testid) {
  const click = () => open(() => document.querySelector(`[data-testid="${testid}"]`)?.focus());
  return el("button", { class: look, type: "button", testid, "aria-haspopup": "dialog", on: { click } },
    el("span", { class: "button-text", text: "Connect your own Slack" }));
}

function open(closed) {
  const dialog = el("dialog", { class: "modal connect", testid: "connect-dialog", "aria-labelledby": "connect-title" });
  const close = () => dialog.close();
  fill(dialog, el("div", { class: "sheet" },
    el("header", { class: "sheet-head" },
      el("h2", { class: "sheet-title", id: "connect-title", text: "Connect your own Slack" }),
      iconButton("close", "Close", { testid: "connect-close", on: { click: close } })),
    el("div", { class: "sheet-body", tabindex: "0", role: "region", "aria-label": "Three steps" }, ...steps())));
  dialog.addEventListener("click", (event) => event.target === dialog && close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    closed();
  });
  document.body.append(dialog);
  dialog.showModal();
}

function steps() {
  return [
    el("p", {}, "Five minutes, no public address: Goshawk opens the connection to Slack itself (Socket Mode)."),
    el("ol", { class: "connect-steps" },
      step("Create the app",
        el("p", {}, "On Slack's page for apps, ", code("api.slack.com/apps"), ", press ", strong("Create New App"),
          ", ", strong("From a manifest"), ", choose the workspace, paste this, ", strong("Create"), "."),
        ...manifest()),
      step("Take two tokens",
        el("ul", { class: "connect-tokens" },
          el("li", {}, strong("The app's token"), " begins with ", code("xapp-"), ": ", em("Basic Information"), ", ",
            em("App-Level Tokens"), ", ", strong("Generate Token and Scopes"), ", add ", code("connections:write"),
            ", ", strong("Generate"), "."),
          el("li", {}, strong("The bot's token"), " begins with ", code("xoxb-"), ": ", em("Install App"), ", ",
            strong("Install to Workspace"), ", ", strong("Allow"), ".")),
        el("p", {}, "Tokens are never typed into this page: they go into your terminal, and Goshawk never logs them.")),
      step("Run it",
        el("p", {}, "Create ", code("#social-care"), ", type ", code("/invite @goshawk"), " in it. In a terminal:"),
        el("pre", { class: "connect-run", tabindex: "0", text: COMMANDS }))),
    el("p", {}, "People to call, something to listen to, and what to do when it does not work: ",
      code("docs/slack.md"), "."),
  ];
}

function step(title, ...parts) {
  return el("li", {}, el("h3", { text: title }), ...parts);
}

/** The box with the manifest, and the button that copies it. */
function manifest() {
  const looks = { class: "field connect-manifest", readonly: true, rows: 7, "aria-label": "The app's manifest" };
  const box = el("textarea", { ...looks, testid: "manifest" });
  const said = el("span", { class: "connect-said", role: "status", testid: "copied" });
  const copy = el("button", { class: "button", type: "button", testid: "copy", disabled: true, text: "Copy" });
  copy.addEventListener("click", async () => {
    box.select();
    try {
      await navigator.clipboard.writeText(box.value);
      said.textContent = COPIED;
    } catch {
      said.textContent = MARKED;
    }
  });
  fetch("/page/connect").then((answer) => answer.json()).then((told) => {
    box.value = told.manifest;
    copy.disabled = false;
  }).catch(() => (said.textContent = LOST));
  return [box, el("p", { class: "connect-copy" }, copy, said)];
}

const code = (text) => el("code", { text });
const em = (text) => el("em", { text });
const strong = (text) => el("strong", { text });
