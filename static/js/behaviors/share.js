// Opens the phone's own sheet for sending things on. The button shows itself only where there is one.

export default function share(button) {
  const { title, address: url } = button.dataset;
  if (!navigator.canShare?.({ title, url })) return;
  button.hidden = false;
  button.addEventListener("click", () => navigator.share({ title, url }).catch(() => {})); // Closed again: nothing to say.
}
