// Sends the form by itself, once: whoever comes back to the page decides for themselves.

export default function goOn(form) {
  const [navigation] = performance.getEntriesByType("navigation");
  if (navigation?.type === "back_forward" || navigation?.type === "reload") return;
  form.requestSubmit();
}
