// Names in the administration: what its pages draw many times says to those who hear it what it is about.
"use strict";

const words = (element) => element.textContent.replace(/\s+/g, " ").trim().replace(/:$/, "");

function name(element, text) {
  element.setAttribute("aria-label", text);
}

// "Add" and "Change" in the list of all that there is, which stands on every page.
for (const row of document.querySelectorAll("[class*='model-'] > th")) {
  for (const link of row.parentElement.querySelectorAll("td a")) name(link, `${words(link)}: ${words(row)}`);
}

// "Yes" and "No", by what they filter.
for (const filter of document.querySelectorAll("#changelist-filter details")) {
  for (const link of filter.querySelectorAll("li a")) name(link, `${words(filter.querySelector("summary"))}: ${words(link)}`);
}

// The table of what is listed, and the arrows in its head.
const list = document.getElementById("result_list");
const title = document.querySelector("#content > h1");
if (list && title) name(list, words(title));
for (const head of list?.querySelectorAll("thead th") ?? []) {
  const column = words(head.querySelector(".text"));
  for (const link of head.querySelectorAll(".sortoptions a")) name(link, `${link.title}: ${column}`);
}

// Of two that are called the same, such as reviews of two organisations, each with what stands beside it.
const links = [...(list?.querySelectorAll("tbody th a") ?? [])];
for (const link of links) {
  const beside = link.closest("th").nextElementSibling;
  if (beside && links.some((other) => other !== link && words(other) === words(link))) name(link, `${words(link)}, ${words(beside)}`);
}

// Rows that are edited within a page: each is a group, and its fields end in what it is called.
function named(row) {
  const head = row.querySelector("h3");
  if (!head || row.classList.contains("empty-form")) return;
  const place = [...row.parentElement.querySelectorAll(":scope > .inline-related:not(.empty-form)")].indexOf(row) + 1;
  const kind = words(head.querySelector("b"));
  row.setAttribute("role", "group");
  name(row, `${kind} ${place}`);
  for (const label of row.querySelectorAll("label[for]")) {
    const field = document.getElementById(label.htmlFor);
    if (field) name(field, `${words(label)}, ${kind.toLowerCase()} ${place}`);
  }
  const remove = row.querySelector("a.inline-deletelink");
  if (remove) name(remove, `${words(remove)}: ${kind.toLowerCase()} ${place}`);
}

function all() {
  document.querySelectorAll(".inline-related").forEach(named);
}

// The administration draws what removes a row once the page is there.
window.addEventListener("load", all);
document.addEventListener("formset:added", all);
document.addEventListener("formset:removed", all);

// Links that are pictures, which the scripts of the administration draw beside a field: their title, and whose they are.
window.addEventListener("load", () => {
  for (const link of document.querySelectorAll("a:not([aria-label])")) {
    const drawn = link.title || link.querySelector("[title]")?.title;
    if (words(link) || link.querySelector("img[alt]:not([alt=''])") || !drawn) continue;
    const label = link.closest(".form-row, .fieldBox")?.querySelector("label, legend");
    name(link, label ? `${drawn}: ${words(label)}` : drawn);
  }
});
