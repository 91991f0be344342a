// Staff work with the keyboard: a letter presses the button that shows it; arrows walk the queue.

export default function keys(element) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const target = step ? beside(element, step) : element.querySelector(`[data-key="${CSS.escape(event.key.toUpperCase())}"]`);
    if (!target) return;
    event.preventDefault();
    target.click();
  });
}

function beside(element, step) {
  const rows = [...element.querySelectorAll(".queue__row")];
  const now = rows.findIndex((row) => row.ariaCurrent === "true");
  return now < 0 ? null : rows[now + step];
}
