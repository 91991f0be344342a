// Loads behaviors/<name>.js for each data-behavior="<name> …" and hands it the element. Pages work without any of it.

import { scriptAddress } from "./trusted.js";

for (const element of document.querySelectorAll("[data-behavior]")) {
  for (const name of element.dataset.behavior.split(/\s+/)) {
    if (/^[a-z][a-z-]*$/.test(name)) load(name, element);
  }
}

if (isAwayFromBooth()) load("idle");

function isAwayFromBooth() {
  try {
    const booth = sessionStorage.getItem("booth");
    return booth !== null && booth !== location.pathname;
  } catch {
    return false; // A browser that keeps nothing is no booth.
  }
}

async function load(name, element) {
  const { default: enhance } = await import(String(scriptAddress(`js/behaviors/${name}.js`)));
  enhance(element);
}
