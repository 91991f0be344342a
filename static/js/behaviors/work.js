// The browser does its sum and sends the form by itself. Where it can't, the form stands there as it is, with its button.

import { scriptAddress } from "../trusted.js";

export default function work(form) {
  // On plain http by host name browsers have no crypto.subtle.
  if (!globalThis.crypto?.subtle || !globalThis.Worker) return;
  const task = JSON.parse(form.dataset.task);
  const progress = form.querySelector("progress");
  const solver = new Worker(scriptAddress("js/solver.js"), { type: "module" });
  solver.addEventListener("message", ({ data: { tried, solution, failed } }) => {
    if (tried) progress.value = tried;
    if (failed) return goOnByHand(form, solver);
    if (solution) send(form, { challenge: task, solution });
  });
  solver.addEventListener("error", () => goOnByHand(form, solver));
  // Whoever comes back to this page decides for themselves.
  addEventListener("pageshow", ({ persisted }) => persisted && goOnByHand(form, solver));
  show(form, "working");
  solver.postMessage(task);
}

function send(form, payload) {
  form.elements.work.value = btoa(JSON.stringify(payload));
  form.querySelector("[data-unable]").hidden = true;
  form.querySelector("[data-done]").hidden = false;
  // It did not pass before: a person decides, or the page would send itself for ever.
  if ("byHand" in form.dataset) show(form, "ready");
  else form.requestSubmit();
}

function goOnByHand(form, solver) {
  solver.terminate();
  show(form, "ready");
}

function show(form, part) {
  form.querySelector("[data-working]").hidden = part !== "working";
  form.querySelector("[data-ready]").hidden = part !== "ready";
}
