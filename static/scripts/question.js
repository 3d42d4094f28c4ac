// Makes a question page quicker: rows change without a new page, and what the answers add up to follows the typing.
// Everything here only repeats what the buttons do without it.
const main = document.getElementById("maincontent");
const WAIT = 500;
let timer;

function form() {
  return document.querySelector("form[data-live]");
}

function body(verb) {
  const data = new FormData(form());
  data.set("do", verb);
  return new URLSearchParams(data);
}

async function send(data) {
  return fetch(form().action || location.href, { method: "POST", body: data, credentials: "same-origin" });
}

// Rows: the button is sent as it would be, and only the middle of the page is exchanged.
async function change(button) {
  const verb = button.value;
  let answer;
  // What is typed from here on would be gone when the middle of the page is exchanged.
  const data = body(verb);
  main.inert = true;
  try {
    answer = await send(data);
  } catch {
    submitPlainly(button);
    return;
  } finally {
    main.inert = false;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.querySelector("form[data-live]")) {
    submitPlainly(button);
    return;
  }
  const [, table, row] = verb.split(":");
  const before = new Set([...document.querySelectorAll(`#${CSS.escape(table)} [id]`)].map((part) => part.id));
  const place = new URL(answer.url).hash.slice(1);
  const open = main.querySelector("details[data-fold]")?.open;
  main.replaceChildren(...page.getElementById("maincontent").childNodes);
  main.querySelector("details[data-fold]")?.toggleAttribute("open", open);
  document.title = page.title;
  land(table, row, place, before);
}

function submitPlainly(button) {
  button.dataset.plain = "yes";
  form().requestSubmit(button);
}

// After a change the focus goes to the row that was added or moved, else to the table.
function land(table, row, place, before) {
  const problem = main.querySelector(".nhsuk-error-summary, .nhsuk-notification-banner[role=alert]");
  const moved = row && [...main.querySelectorAll("input[type=hidden]")].find((input) => input.value === row);
  const added = [...main.querySelectorAll(`#${CSS.escape(table)} .app-row, #${CSS.escape(table)} .app-wide__row`)]
    .reverse()
    .find((part) => !before.has(part.id));
  const target =
    problem || (moved && moved.closest(".app-row, .app-wide__row")) || added || document.getElementById(place) ||
    document.getElementById(table);
  if (!target) return;
  const first = target === added ? target.querySelector("input:not([type=hidden]), textarea, select") : null;
  if (!first) target.tabIndex = -1;
  (first || target).focus();
  target.scrollIntoView({ block: "nearest" });
}

async function refresh() {
  if (!document.querySelector("[data-computed]")) return;
  try {
    const answer = await send(body("compute"));
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const lines = new Map([...page.querySelectorAll("[data-computed]")].map((part) => [part.dataset.computed, part.innerHTML]));
    for (const part of document.querySelectorAll("form[data-live] [data-computed]")) {
      const now = lines.get(part.dataset.computed) || "";
      if (part.innerHTML.trim() !== now.trim()) part.innerHTML = now;
    }
  } catch {
    // Without a connection the lines stay as they were; saving will say so.
  }
}

main?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(refresh, WAIT);
});

main?.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || button.dataset.plain || !/^(add|add-offers|up|down|remove|stay):/.test(button.value)) return;
  event.preventDefault();
  change(button);
});
