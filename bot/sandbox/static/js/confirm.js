// The question that an app may put before a button, as a dialog of its own.

import { el } from "./dom.js";
import { textObject } from "./mrkdwn.js";

/** Ask; true when the person agrees. Esc and Cancel mean no. */
export function confirmed(question) {
  return new Promise((answer) => {
    const dialog = draw(question);
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

function draw(question) {
  const style = question.style === "danger" ? "button-danger" : "button-primary";
  const button = (value, look, words) =>
    el("button", { class: look, value, testid: `confirm-${value}` }, ...textObject(words));
  return el("dialog", { class: "confirm", role: "alertdialog", testid: "confirm", "aria-labelledby": "confirm-title" },
    el("form", { method: "dialog" },
      el("h2", { id: "confirm-title" }, ...textObject(question.title)),
      el("p", {}, ...textObject(question.text)),
      el("div", { class: "confirm-row" },
        button("no", "button", question.deny),
        button("yes", `button ${style}`, question.confirm))));
}
