// The golden thread: pointing at an item, or moving to it with the keyboard, lights up everything it is tied to.

for (const drawing of document.querySelectorAll("svg.app-golden")) {
  const items = [...drawing.querySelectorAll("[data-item]")];
  const ties = [...drawing.querySelectorAll("[data-from]")];

  const light = (item) => {
    const lit = new Set(item ? [item.dataset.item, ...item.dataset.ties.split(" ")] : []);
    drawing.classList.toggle("is-pointing", lit.size > 0);
    for (const other of items) other.classList.toggle("is-lit", lit.has(other.dataset.item));
    for (const tie of ties) tie.classList.toggle("is-lit", lit.has(tie.dataset.from) && lit.has(tie.dataset.to));
  };
  // What has the focus stays lit when the pointer leaves.
  const focused = () => items.find((item) => item === document.activeElement);

  for (const item of items) {
    item.addEventListener("pointerenter", () => light(item));
    item.addEventListener("pointerleave", () => light(focused()));
    item.addEventListener("focus", () => light(item));
    item.addEventListener("blur", () => light(focused()));
  }
}

for (const hint of document.querySelectorAll("[data-thread-hint]")) {
  hint.append(" Point at an item, or move to it with the Tab key, to see all that it is tied to.");
}
