// The one Trusted Types policy: an address of code passes only if it is one of our own static files.

const root = new URL("../", import.meta.url).href;

function ownAddress(address) {
  const { href } = new URL(address, root);
  if (!href.startsWith(root)) throw new TypeError(`Not a file of this site: ${href}`);
  return href;
}

const policy = globalThis.trustedTypes?.createPolicy("haoren", { createScriptURL: ownAddress });

/** The address of one of our scripts, e.g. `new Worker(scriptAddress("js/solver.js"), { type: "module" })`. */
export function scriptAddress(path) {
  return policy ? policy.createScriptURL(path) : ownAddress(path);
}
