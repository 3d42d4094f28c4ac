// Writes the text of every box out in full while a page is printed: on paper no box can be scrolled.
// Rows that are folded are opened for as long. Browsers that know how by styles do both without this as well.
const BOXES = "textarea, input[type=text]:not([inputmode])";

addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("details.app-fold:not([open])")) {
    fold.open = true;
    fold.dataset.printed = "yes";
  }
  for (const box of document.querySelectorAll(BOXES)) {
    const written = document.createElement("div");
    written.className = "app-written";
    written.hidden = true;
    written.textContent = box.value;
    box.classList.add("app-box--written");
    box.after(written);
  }
});

addEventListener("afterprint", () => {
  for (const fold of document.querySelectorAll("details[data-printed]")) {
    fold.open = false;
    delete fold.dataset.printed;
  }
  for (const written of document.querySelectorAll(".app-written")) written.remove();
  for (const box of document.querySelectorAll(".app-box--written")) box.classList.remove("app-box--written");
});
