// How many characters are written. It never cuts: what is too long is said, and can be shortened.

export default function counter(element) {
  const field = document.getElementById(element.dataset.counterFor);
  const shown = element.querySelector("[data-count]");
  if (!field || !shown) return;
  const count = () => {
    // By character, not by code unit: rare Han characters and emoji are two units.
    const written = [...field.value.trim()].length;
    shown.textContent = written;
    element.dataset.state = written > Number(element.dataset.limit) ? "over" : "";
  };
  field.addEventListener("input", count);
  field.addEventListener("change", count);
  count();
}
