// Counts the picks, tells when the paper or a category is full, and closes the other boxes until one is taken off.

export default function ballot(form) {
  const bar = form.querySelector(".ballotbar");
  const groups = [...form.querySelectorAll(".ballot__class")];
  const most = Number(form.dataset.most) || Infinity;

  const update = () => {
    const picked = chosen(form);
    for (const group of groups) {
      const own = chosen(group);
      const shown = group.querySelector("legend [data-count]");
      if (shown) shown.textContent = own;
      const full = picked >= most || own >= (Number(group.dataset.most) || Infinity);
      for (const box of group.querySelectorAll(".pick [type=checkbox]")) box.disabled = full && !box.checked;
    }
    if (bar) redraw(bar, picked, most);
  };
  form.addEventListener("change", update);
  addEventListener("pageshow", update);
  update();
}

function chosen(part) {
  return part.querySelectorAll(".pick input:checked").length;
}

function redraw(bar, picked, most) {
  bar.querySelector("[data-count]").textContent = picked;
  bar.querySelectorAll(".beans > i").forEach((bean, index) => bean.toggleAttribute("data-given", index < picked));
  bar.dataset.state = picked >= most ? "full" : "";
  const full = bar.querySelector("[data-full]");
  if (full) full.hidden = picked < most;
}
