// What the scripts of a page share: whose page it is, its one voice, and exchanging its middle for that of another answer.
import { initAll } from "../nhsuk-frontend.min.js";

const staying = document.getElementById("staying");
export const main = document.getElementById("maincontent");
// The person who is signed in; empty when nobody is.
export const person = staying?.dataset.person || "";

// Says something to those who listen to the page. It is said once: the same words again change nothing.
export function say(words) {
  const said = document.getElementById("said");
  if (said && said.textContent !== words) said.textContent = words;
}

export function personOf(page) {
  return page.getElementById("staying")?.dataset.person || "";
}

export async function parsed(answer) {
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// Puts the middle of another answer of this page in place of the one on show. Guidance stays as open as it is.
export function exchange(page) {
  const open = main.querySelector("details[data-fold]")?.open;
  main.replaceChildren(...page.getElementById("maincontent").childNodes);
  main.querySelector("details[data-fold]")?.toggleAttribute("open", open);
  document.title = page.title;
  initAll({ scope: main });
}

// A copy of what stands in a template of the page.
export function fromTemplate(id) {
  return document.getElementById(id)?.content.firstElementChild.cloneNode(true);
}
