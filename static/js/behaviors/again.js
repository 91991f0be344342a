// Sends the form again by itself after some seconds: not all pages at the same moment, and later each time.

const FIRST = 4_000;
const KEY = "busy-again";

export default function again(form) {
  const tries = Number(sessionStorage.getItem(KEY)) || 0;
  if (tries >= 5) return sessionStorage.removeItem(KEY); // From here on the person decides.
  sessionStorage.setItem(KEY, tries + 1);
  const told = form.querySelector("[data-words]");
  told.textContent = told.dataset.words;
  const timer = setTimeout(() => form.requestSubmit(), FIRST * (1 + tries) * (1 + Math.random()));
  form.addEventListener("submit", () => clearTimeout(timer));
}
