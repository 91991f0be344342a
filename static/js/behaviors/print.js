// Prints the page. The button shows itself only where it works.

export default function print(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
