// The administration saves nothing by itself: its pages ask before they go with something on them that was not sent.
"use strict";

for (const form of document.querySelectorAll("#content-main > form[method=post][id$='_form']")) {
  // What was refused, or only looked at, was not saved either.
  let unsaved = Boolean(form.querySelector(".errornote, #preview"));
  for (const kind of ["input", "change"]) form.addEventListener(kind, () => { unsaved = true; });
  form.addEventListener("submit", () => { unsaved = false; });
  window.addEventListener("beforeunload", (event) => {
    if (!unsaved) return;
    event.preventDefault();
    event.returnValue = "unsaved";
  });
}
