// Photos of a phone are made small enough before they are sent. What cannot be redrawn is sent as it is.

const LONGEST = 2400;
const PLENTY = 2 * 1024 * 1024;
const GOAL = 1.5 * 1024 * 1024;

export default function photoShrink(element) {
  const input = element.querySelector("input[type=file]");
  const shown = element.querySelector("[data-previews]");
  const pattern = element.querySelector("template");
  const said = element.querySelector("[data-said]");
  const most = input.multiple ? Number(element.dataset.most) || 1 : 1;
  const photos = [];
  let working = Promise.resolve();
  let pending = 0;

  shown.hidden = false;
  input.classList.add("visually-hidden");
  shown.querySelector("[data-add]").hidden = false;

  input.addEventListener("change", () => {
    const chosen = [...input.files];
    if (!input.multiple) photos.splice(0).forEach((photo) => photo.tile.remove());
    const room = most - photos.length;
    for (const file of chosen.slice(0, room)) take({ file, tile: show(file) });
    said.textContent = chosen.length > room ? element.dataset.tooMany.replace("{most}", most) : "";
    publish();
  });
  // Sending waits until every photo is ready.
  input.form?.addEventListener("submit", (event) => {
    if (!pending) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    working.then(() => input.form.requestSubmit(event.submitter));
  }, { capture: true });

  function take(photo) {
    photos.push(photo);
    pending += 1;
    const words = photo.tile.querySelector("[data-words]");
    words.textContent = element.dataset.shrinking;
    working = working.then(async () => {
      const smaller = await shrunk(photo.file).catch(() => photo.file);
      photo.file = smaller;
      words.textContent = size(smaller);
      pending -= 1;
      publish();
    });
  }

  function show(file) {
    const tile = pattern.content.firstElementChild.cloneNode(true);
    const picture = tile.querySelector("img");
    picture.src = URL.createObjectURL(file);
    picture.alt = file.name;
    picture.addEventListener("error", () => picture.replaceWith(file.name), { once: true });
    tile.querySelector("button").addEventListener("click", () => {
      photos.splice(photos.findIndex((photo) => photo.tile === tile), 1);
      URL.revokeObjectURL(picture.src);
      tile.remove();
      publish();
      input.focus();
    });
    shown.insertBefore(tile, shown.querySelector("[data-add]"));
    return tile;
  }

  function publish() {
    const files = new DataTransfer();
    for (const photo of photos) files.items.add(photo.file);
    input.files = files.files;
    shown.querySelector("[data-add]").hidden = input.multiple && photos.length >= most;
  }
}

async function shrunk(file) {
  if (!file.type.startsWith("image/")) return file;
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const share = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  if (share === 1 && file.size <= PLENTY) return file;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * share);
  canvas.height = Math.round(picture.height * share);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  for (const quality of [0.86, 0.76, 0.64]) {
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (!blob) return file;
    if (blob.size <= GOAL || quality === 0.64) {
      const name = file.name.replace(/\.[^.]*$/, "") + ".jpg";
      return blob.size < file.size ? new File([blob], name, { type: "image/jpeg" }) : file;
    }
  }
  return file;
}

function size(file) {
  return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 }).format(Math.max(0.1, file.size / 1e6));
}
