// A form is sent once, however often it is pressed. Coming back to the page makes it ready again.

export default function submitOnce(form) {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (form.ariaBusy === "true") return event.preventDefault();
    form.ariaBusy = "true";
    // Marked, not disabled: a disabled button would not send its own name and value.
    if (event.submitter) showBusy(event.submitter);
  });
  addEventListener("pageshow", () => {
    form.ariaBusy = "false";
    for (const button of form.querySelectorAll("[data-words]")) showReady(button);
  });
}

function showBusy(button) {
  const words = [...button.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  button.ariaBusy = "true";
  button.dataset.words = words?.data ?? "";
  if (words && button.dataset.busy) words.data = button.dataset.busy;
}

function showReady(button) {
  const words = [...button.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  if (words && button.dataset.words) words.data = button.dataset.words;
  button.removeAttribute("aria-busy");
  delete button.dataset.words;
}
