// A worker that does the sum of a challenge of ALTCHA's protocol: it tries one counter after another until the key
// derived from it (PBKDF2, SHA-256) begins as the challenge says.

addEventListener("message", async ({ data: { parameters } }) => {
  try {
    postMessage({ solution: await solve(parameters) });
  } catch (error) {
    postMessage({ failed: String(error) });
  }
});

async function solve({ algorithm, nonce, salt, cost, keyLength, keyPrefix }) {
  if (algorithm !== "PBKDF2/SHA-256") throw new TypeError(`Unknown sum: ${algorithm}`);
  const started = performance.now();
  const sum = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: cost };
  const password = new Uint8Array([...bytes(nonce), 0, 0, 0, 0]);
  const place = new DataView(password.buffer, password.length - 4);
  for (let counter = 0; ; counter += 1) {
    place.setUint32(0, counter);
    const secret = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derivedKey = hex(await crypto.subtle.deriveBits(sum, secret, keyLength * 8));
    if (derivedKey.startsWith(keyPrefix)) return { counter, derivedKey, time: performance.now() - started };
    if (counter % 10 === 0) postMessage({ tried: counter });
  }
}

function bytes(text) {
  return Uint8Array.from(text.match(/../g), (pair) => Number.parseInt(pair, 16));
}

function hex(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
