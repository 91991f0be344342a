// Keeps the days and hours true on a page that was cached or left open. No seconds: nothing hurries.

const PARTS = { day: 86_400, hour: 3_600, minute: 60 };

export default function countdown(element) {
  const until = Date.parse(element.dataset.until);
  const update = () => {
    const left = Math.floor((until - Date.now()) / 1000);
    if (left <= 0) return element.remove();
    const day = Math.floor(left / PARTS.day);
    const hour = Math.floor((left % PARTS.day) / PARTS.hour);
    const minute = Math.floor((left % PARTS.hour) / PARTS.minute);
    show(element, "day", day, day > 0);
    show(element, "hour", hour, day > 0 || hour > 0);
    show(element, "minute", minute, day === 0 && hour === 0);
    if (day === 0) element.dataset.state = "last-day";
    setTimeout(update, 60_000);
  };
  update();
}

function show(element, unit, count, isShown) {
  const part = element.querySelector(`[data-part="${unit}"]`);
  const words = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, unitDisplay: "long" });
  part.hidden = !isShown;
  part.querySelector("b").textContent = count;
  part.lastChild.data = words.formatToParts(count).filter(({ type }) => type !== "integer").map(({ value }) => value).join("");
}
