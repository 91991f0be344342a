// Asks before a button does what cannot be undone. The safe answer comes first and has the focus.

let count = 0;

export default function confirm(button) {
  let agreed = false;
  button.addEventListener("click", (event) => {
    if (agreed) return void (agreed = false);
    event.preventDefault();
    event.stopImmediatePropagation();
    const dialog = question(button.dataset);
    dialog.addEventListener("close", () => {
      dialog.remove();
      agreed = dialog.returnValue === "yes";
      if (agreed) button.click();
      else button.focus();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

function question({ question: title, consequence, yes, no }) {
  const dialog = make("dialog", { className: "dialog" });
  const heading = make("h2", { className: "card__title", id: `confirm-${(count += 1)}`, textContent: title });
  const form = make("form", { method: "dialog", className: "dialog__actions" });
  form.append(make("button", { className: "button", value: "no", textContent: no, autofocus: true }), make("button", { className: "button button--danger", value: "yes", textContent: yes }));
  dialog.append(heading, ...(consequence ? [make("p", { textContent: consequence })] : []), form);
  dialog.setAttribute("aria-labelledby", heading.id);
  return dialog;
}

function make(name, properties) {
  return Object.assign(document.createElement(name), properties);
}
