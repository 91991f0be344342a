// What is typed is kept in this browser until it was sent: a closed tab or a lost network loses no words.

const PREFIX = "haoren:draft:";
const NEVER = "[type=hidden], [type=file], [type=password], [autocomplete=one-time-code], [data-draft-skip]";

export default function draft(element) {
  if (element.dataset.draftDone) return forget(element.dataset.draftDone);
  const key = PREFIX + element.dataset.draftKey;
  const status = element.querySelector("[data-draft-status]");
  if (restore(element, read(key)) && status) status.textContent = status.dataset.draftRestored;
  let waiting;
  element.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => save(element, key, status), 400);
  });
  addEventListener("pagehide", () => waiting && save(element, key, status));
}

function save(form, key, status) {
  const words = {};
  for (const field of kept(form)) {
    if (/^(radio|checkbox)$/.test(field.type)) (words[field.name] ??= []).push(...(field.checked ? [field.value] : []));
    else words[field.name] = field.value;
  }
  try {
    localStorage.setItem(key, JSON.stringify(words));
  } catch {
    return; // Storage is full or forbidden: then the page is an ordinary form.
  }
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  if (status) status.textContent = status.dataset.draftSaved.replace("{time}", time.format(new Date()));
}

/** Fills only what the server left as it was; what it sent back is newer than any draft. */
function restore(form, words) {
  const untouched = !form.querySelector("[aria-invalid]");
  const fresh = kept(form).filter((field) => words?.[field.name] !== undefined && isFresh(field) && untouched);
  const changed = fresh.filter((field) => {
    if (/^(radio|checkbox)$/.test(field.type)) field.checked = words[field.name].includes(field.value);
    else field.value = words[field.name];
    return field.type === "select-one" ? false : field.value && (field.checked ?? true);
  });
  for (const field of changed) field.dispatchEvent(new Event("change", { bubbles: true }));
  return changed.length > 0;
}

function isFresh(field) {
  if (/^(radio|checkbox)$/.test(field.type)) return field.checked === field.defaultChecked;
  return field.options ? true : field.value === "";
}

function kept(form) {
  return [...form.elements].filter((field) => field.name && field.name !== "csrf_token" && !field.matches(`button, fieldset, ${NEVER}`));
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

function forget(key) {
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // Nothing was kept either.
  }
}
