// Makes a question page quicker: rows change without a new page, and what the answers add up to follows the typing.
// Everything here only repeats what the buttons do without it.
import { body, form, send, settled, watch } from "./drafts.js";
import { keep, keyOf, forget } from "./keeping.js";
import { exchange, main, parsed, say } from "./page.js";
import "./pasting.js";

// A link to a field from elsewhere lands in it, and not only beside it. Its row opens, if it was folded.
function follow() {
  const linked = document.getElementById(location.hash.slice(1));
  if (linked) open(linked);
  if (linked?.matches("input, textarea, select")) linked.focus();
}

// The part of a row that folds, seen from anything in it.
const foldOf = (part) => part.closest("details.app-fold") || part.closest(".app-wide__row")?.querySelector(".app-wide__fold");

function open(part) {
  const fold = foldOf(part);
  if (fold) fold.open = true;
}

follow();
addEventListener("hashchange", follow);

const WAIT = 500;
// Long enough that nobody is interrupted in the middle of a word.
const QUIET = 1500;
let timer;
let telling;
const news = new Map();

// Rows: the button is sent as it would be, and only the middle of the page is exchanged.
async function change(button) {
  const verb = button.value;
  let answer, page;
  // What is typed from here on would be gone when the middle of the page is exchanged.
  main.inert = true;
  keep(form());
  try {
    await settled();
    answer = await send(body(verb));
    page = await parsed(answer);
  } catch {
    submitPlainly(button);
    return;
  } finally {
    main.inert = false;
  }
  if (!page.querySelector("form[data-live]")) {
    submitPlainly(button);
    return;
  }
  const [deed, table, row] = verb.split(":");
  const before = new Set([...document.querySelectorAll(`#${CSS.escape(table)} [id]`)].map((part) => part.id));
  const called = titleOf(row);
  const place = new URL(answer.url).hash.slice(1);
  const opened = folds(`#${CSS.escape(table)}`).filter((fold) => fold.open).map((fold) => fold.dataset.row);
  exchange(page);
  for (const fold of folds(`#${CSS.escape(table)}`)) fold.open ||= opened.includes(fold.dataset.row);
  watch();
  if (!form().matches("[data-unsaved]")) {
    forget(keyOf(form()));
    say(done(deed, table, row, called));
  }
  land(deed, table, row, place, before);
}

const rowsOf = (table) => [...main.querySelectorAll(`#${CSS.escape(table)} :is(.app-row, .app-wide__row)`)];

// The folds of all rows in a part of the page.
const folds = (within) => [...main.querySelectorAll(`${within} :is(.app-fold, .app-wide__fold)`)];

// The row with this id, and what it is called: "Stakeholder 2".
const rowOf = (id) => id && [...main.querySelectorAll("input[type=hidden]")].find((input) => input.value === id)?.closest("[data-title]");
const titleOf = (id) => rowOf(id)?.dataset.title || "";

// What a button did to a row, in words.
function done(deed, table, row, called) {
  const rows = rowsOf(table);
  const last = rows.at(-1)?.dataset.title;
  if (deed === "copy") return `${called} copied. There are ${rows.length} now.`;
  if (deed === "remove") return `${called} removed. ${rows.length} left.`;
  if (deed === "paste" || deed === "begin") return `Rows added. There are ${rows.length} now.`;
  if (deed === "up" || deed === "down") return `${called} moved ${deed}. It is ${titleOf(row)} of ${rows.length} now.`;
  return deed === "stay" ? `${called} stays.` : `${last} added. There are ${rows.length} now.`;
}

function submitPlainly(button) {
  button.dataset.plain = "yes";
  form().requestSubmit(button);
}

// After a change the focus goes to the row that was added or moved, else to the table.
function land(deed, table, row, place, before) {
  const problem = main.querySelector(".nhsuk-error-summary, .nhsuk-notification-banner[role=alert]");
  const added = rowsOf(table).reverse().find((part) => !before.has(part.id));
  const target =
    problem || (deed === "copy" && document.getElementById(place)) || rowOf(row) || added || document.getElementById(place) ||
    document.getElementById(table);
  if (!target) return;
  open(target);
  const first = target === added ? target.querySelector("input:not([type=hidden]), textarea, select") : null;
  if (!first) target.tabIndex = -1;
  (first || target).focus();
  target.scrollIntoView({ block: "nearest" });
}

async function refresh() {
  // Only a question page has anything beside its form as a whole, and can say what the answers add up to.
  if (!document.querySelector('[data-computed=""]')) return;
  try {
    const answer = await send(body("compute"));
    if (!answer.ok) return;
    const page = await parsed(answer);
    const lines = new Map([...page.querySelectorAll("[data-computed]")].map((part) => [part.dataset.computed, part.innerHTML]));
    for (const part of document.querySelectorAll("form[data-live] [data-computed]")) {
      const now = lines.get(part.dataset.computed) || "";
      if (part.innerHTML.trim() === now.trim()) continue;
      const old = sentences(part);
      part.innerHTML = now;
      const title = part.closest("[data-title]")?.dataset.title;
      const fresh = sentences(part).filter((words) => !old.includes(words));
      if (fresh.length) news.set(part.dataset.computed, [title, ...fresh].filter(Boolean).join(": "));
    }
    clearTimeout(telling);
    telling = setTimeout(tell, QUIET);
  } catch {
    // Without a connection the lines stay as they were; saving will say so.
  }
}

const sentences = (part) => [...part.querySelectorAll("p:not(:has(p)), li")].map((line) => line.textContent.trim().replace(/\s+/g, " "));

// Only what has changed is said, and only when the typing has stopped.
function tell() {
  if (news.size) say([...news.values()].join(" "));
  news.clear();
}

main?.addEventListener("input", () => {
  clearTimeout(telling);
  clearTimeout(timer);
  timer = setTimeout(refresh, WAIT);
});

main?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-unfold], [data-refold]");
  if (!button) return;
  for (const fold of folds(`#${CSS.escape(button.dataset.unfold || button.dataset.refold)}`)) fold.open = "unfold" in button.dataset;
});

main?.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || button.dataset.plain || !/^(add|add-offers|take|copy|up|down|remove|stay|paste|begin):/.test(button.value)) return;
  event.preventDefault();
  change(button);
});
