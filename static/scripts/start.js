// Starts the parts of the NHS design system that a page has, and adds copy buttons to texts that could not be saved.
import { initAll } from "../nhsuk-frontend.min.js";
import "./leaving.js";
import "./print.js";
import "./staying.js";

initAll();

for (const box of document.querySelectorAll("textarea[data-copy]")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  const said = document.createElement("span");
  button.type = "button";
  button.className = "nhsuk-button nhsuk-button--secondary nhsuk-button--small";
  button.textContent = `Copy: ${box.labels[0].textContent.trim()}`;
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    box.select();
    await navigator.clipboard.writeText(box.value);
    said.textContent = " Copied";
  });
  box.after(button, said);
}
