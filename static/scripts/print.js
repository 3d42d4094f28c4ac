// Writes the text of every box out in full while a page is printed: on paper no box can be scrolled.
// Browsers that let a box grow by its style do so without this as well.
const BOXES = "textarea, input[type=text]:not([inputmode])";

addEventListener("beforeprint", () => {
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
  for (const written of document.querySelectorAll(".app-written")) written.remove();
  for (const box of document.querySelectorAll(".app-box--written")) box.classList.remove("app-box--written");
});
