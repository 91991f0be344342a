// Live counts: listens to the figures and writes them into the cards. Where nothing can be listened to it asks once a
// minute. A page that nobody looks at does neither.

const EVERY = 60_000;

export default function counts(part) {
  const url = part.dataset.countsUrl;
  let source = null;
  let timer = 0;

  const listen = () => {
    source = new EventSource(url);
    source.onmessage = ({ data }) => show(part, JSON.parse(data));
    source.onerror = () => {
      if (source?.readyState !== EventSource.CLOSED) return; // The browser tries again by itself.
      source = null;
      ask();
    };
  };
  const ask = async () => {
    clearTimeout(timer);
    const answer = await fetch(url, { headers: { accept: "application/json" } }).catch(() => null);
    if (answer?.ok) show(part, await answer.json());
    if (answer?.status === 404 || document.hidden) return; // No counts to be shown, or nobody to see them.
    timer = setTimeout(ask, EVERY * (1 + Math.random() / 4));
  };
  const rest = () => {
    source?.close();
    source = null;
    clearTimeout(timer);
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : source ?? listen()));
  if (!document.hidden) listen();
}

function show(part, { candidates }) {
  const written = new Intl.NumberFormat(document.documentElement.lang);
  let moved = false;
  for (const { number, votes } of candidates) {
    const count = part.querySelector(`.candidate[data-number="${number}"] .candidate__count b`);
    const text = written.format(votes);
    if (!count || count.textContent === text) continue;
    count.textContent = text;
    if (votes !== 1) count.nextSibling.data = ` ${part.dataset.unit}`;
    moved = true;
  }
  const told = part.querySelector("[data-counts-told]");
  if (!moved || !told) return;
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
  told.textContent = told.dataset.words.replace("{time}", time.format(new Date()));
}
