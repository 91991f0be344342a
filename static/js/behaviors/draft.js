// What is typed is kept in this browser until it was sent: a closed tab or a lost network loses no words.

const PREFIX = "haoren:draft:";
const NEVER = "button, fieldset, [name=''], [name=csrf_token], [type=hidden], [type=file], [type=password], [autocomplete=one-time-code], [data-draft-skip]";

export default function draft(element) {
  if (element.dataset.draftDone) return forget(PREFIX + element.dataset.draftDone);
  const key = PREFIX + element.dataset.draftKey;
  const status = element.querySelector("[data-draft-status]");
  for (const promise of document.querySelectorAll("[data-draft-promise]")) promise.hidden = !canKeep();
  if (restore(element, read(key)) && status) status.textContent = status.dataset.draftRestored;
  let waiting;
  const keep = () => {
    clearTimeout(waiting);
    waiting = undefined;
    if (write(key, words(element)) && status) status.textContent = status.dataset.draftSaved.replace("{time}", clock());
  };
  element.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, 400);
  });
  addEventListener("pagehide", () => waiting && keep());
}

/** Of each name: what stands in it now, and what the server had written there. */
function words(form) {
  const kept = {};
  for (const field of form.elements) {
    if (field.matches(NEVER)) continue;
    const { now, from } = (kept[field.name] ??= { now: [], from: [] });
    if (field.options) {
      for (const option of field.options) {
        if (option.selected) now.push(option.value);
        if (option.defaultSelected) from.push(option.value);
      }
    } else if (/^(radio|checkbox)$/.test(field.type)) {
      if (field.checked) now.push(field.value);
      if (field.defaultChecked) from.push(field.value);
    } else {
      now.push(field.value);
      from.push(field.defaultValue);
    }
  }
  return kept;
}

/** Fills a name only if the server still says what it said then: what it sends back is newer than any draft. */
function restore(form, draft) {
  const here = words(form);
  const back = Object.keys(draft ?? {}).filter(
    (name) => here[name] && String(here[name].from) === String(draft[name].from) && String(here[name].now) !== String(draft[name].now),
  );
  for (const name of back) {
    const values = [...draft[name].now];
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.options) for (const option of field.options) option.selected = values.includes(option.value);
      else if (/^(radio|checkbox)$/.test(field.type)) field.checked = values.includes(field.value);
      else field.value = values.shift() ?? "";
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
  return back.length > 0;
}

function clock() {
  return new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format();
}

/** Whether this browser keeps anything at all; only then may the page promise it. */
function canKeep() {
  const kept = write(`${PREFIX}probe`, 1);
  if (kept) forget(`${PREFIX}probe`);
  return kept;
}

// Storage may be full or forbidden: then the page is an ordinary form.
function write(key, kept) {
  try {
    localStorage.setItem(key, JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept either.
  }
}
