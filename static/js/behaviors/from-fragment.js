// Fills a field with what stands behind # in the address: no server ever sees that part. Then takes it out of the address, so
// that it does not stay in the history.

export default function fromFragment(field) {
  const brought = decoded(location.hash.slice(1));
  if (!/^[0-9A-Za-z-]{14,17}$/.test(brought)) return;
  if (!field.value) field.value = brought;
  history.replaceState(null, "", location.pathname + location.search);
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
