// Saves what is being typed on a page about one answer, seconds after the last key, by the same form as its button.
// What cannot be saved stays in this browser until it can.
import { changed, contents, fingerprint, forget, isFrame, keep, KEPT_EVERY, keyOf, pageName } from "./keeping.js";
import { exchange, main, parsed, person, personOf } from "./page.js";

const WAIT = 3000;
const LONGEST = 20_000;
// A browser sends no more than this when the page has gone already.
const LAST_WORDS = 60_000;

let turn = 0;
let timer;
let keeping = 0;
let since = 0;
let busy = null;
// What the server has, as far as this page knows.
let stored = null;
// Why nothing is saved from here any more: somebody else's answer, a worksheet that is complete.
let stopped = false;
// Whether the page is on its way out. The next one may have been made before the last save arrived: it looks at what was
// kept, and asks.
let leaving = false;

export const form = () => document.querySelector("form[data-drafts]");

export const dirty = () => Boolean(form()) && fingerprint(contents(form())) !== stored;

// The form as its button would send it. The verb comes first, so that what stands at the end of a form stays there.
export function body(verb, entries = [...new FormData(form())]) {
  turn += 1;
  const rest = entries.filter(([field]) => field !== "do");
  return new URLSearchParams([["do", verb], ...rest.map(([field, value]) => [field, field === "page" ? `${pageName}.${turn}` : value])]);
}

// Before the button sends the form itself.
export function sign() {
  turn += 1;
  form().elements.page.value = `${pageName}.${turn}`;
}

export function send(data) {
  const keepalive = data.toString().length < LAST_WORDS;
  return fetch(form()?.action || location.href, { method: "POST", body: data, credentials: "same-origin", keepalive });
}

// Wait for a save that is under way: what is sent next must know what it stored.
export async function settled() {
  clearTimeout(timer);
  while (busy) await busy;
}

// Save what is there on the way out, and keep it until the next page has seen that it was.
export function leave() {
  leaving = true;
  save();
}

// Save what is there, if it is not saved. True when all of it is.
export async function save() {
  await settled();
  // Somebody else waited as well, and was first.
  if (busy) return busy;
  if (!form() || !dirty()) return true;
  if (stopped) return false;
  busy = attempt().finally(() => { busy = null; });
  return busy;
}

async function attempt(again = true) {
  const here = form();
  const sent = fingerprint(contents(here));
  since = 0;
  let answer, told;
  try {
    answer = await send(body("draft"));
    told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
  } catch {
    return refused("Not saved: the service cannot be reached.", "away");
  }
  // The middle of the page was exchanged meanwhile: it says itself what it shows.
  if (here !== form()) return true;
  if (told?.state === "saved") {
    form().elements.seen.value = told.seen;
    if (form().elements.was) form().elements.was.value = told.was;
    form().removeAttribute("data-unsaved");
    stored = sent;
    if (dirty()) keep(form());
    else if (!leaving) forget(keyOf(form()));
    tell(told.words, "saved");
    return !dirty();
  }
  if (told) {
    stopped = told.state !== "faults";
    return refused(told.words, told.state);
  }
  if (answer.status >= 500) return refused("Not saved: the service is busy.", "away");
  return again ? freshen() : refused("Not saved.", "closed");
}

// The page was refused as a whole: somebody signed in or out in this browser, or may not write here any more.
async function freshen() {
  let page;
  try {
    page = await parsed(await fetch(location.href, { credentials: "same-origin" }));
  } catch {
    return refused("Not saved: the service cannot be reached.", "away");
  }
  const now = personOf(page);
  if (!now) {
    document.dispatchEvent(new Event("signed-out"));
    return refused("Not saved: you have been signed out.", "out");
  }
  const token = page.querySelector("form[data-drafts] [name=csrfmiddlewaretoken]")?.value;
  stopped = now !== person || !token;
  if (now !== person) return refused("Not saved: somebody else is signed in now.", "closed");
  if (!token) return refused("Not saved: this answer cannot be changed any more.", "closed");
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  return attempt(false);
}

function refused(words, state) {
  const kept = keep(form());
  const where = state === "faults" ? "" : kept ? " Your text is kept in this browser." : " Keep this page open: your text is only here.";
  tell(words + where, state);
  if (state === "away") timer = setTimeout(save, LONGEST);
  return false;
}

function tell(words, state) {
  const line = document.querySelector("[data-saved]");
  line.classList.toggle("app-saved--not", state !== "saved");
  // Half a date is no news: what is still being typed is said to eyes alone.
  line.setAttribute("aria-live", state === "faults" ? "off" : "polite");
  if (line.textContent !== words) line.textContent = words;
}

// Begin to watch the form: when the page has opened, and when its middle was exchanged.
export function watch() {
  if (!form()) return;
  clearTimeout(timer);
  stopped = false;
  since = 0;
  // Somebody may have begun before the scripts were there.
  stored = form().matches("[data-unsaved]") || changed(form()) ? null : fingerprint(contents(form()));
}

// What was kept is put back in its fields by the server, which alone knows how many rows there are then.
export async function putBack(entry) {
  await settled();
  // What stands there and is not saved gives way to it, and is offered next time.
  if (dirty()) keep(form(), `${keyOf(form())}${turn}`);
  const frame = [...new FormData(form())].filter(([field]) => isFrame(field));
  const given = frame.map(([field, value]) => [field, entry.shown?.[field] ?? value]);
  // What the form says of itself may have an order: what was typed goes where it stood.
  const at = given.findIndex(([field]) => field === "page") + 1;
  const answer = await send(body("show", [...given.slice(0, at), ...entry.entries, ...given.slice(at)]));
  const page = await parsed(answer);
  if (!page.querySelector("form[data-drafts]")) throw new Error("The page has no form any more.");
  exchange(page);
  watch();
  keep(form());
  timer = setTimeout(save, WAIT);
}

// Whether what was kept is what the server has by now. If the page shows something older, it is loaded again.
export async function isStored(entry) {
  const shown = new Map([...new FormData(form())]);
  const data = new URLSearchParams([["do", "held"], ["csrfmiddlewaretoken", shown.get("csrfmiddlewaretoken")], ...entry.entries]);
  const told = await (await send(data)).json();
  if (told.state !== "same") return false;
  if (told.seen !== shown.get("seen") && !dirty()) {
    const page = await parsed(await fetch(location.href, { credentials: "same-origin" }));
    // Somebody may have begun to type meanwhile.
    if (!dirty()) {
      exchange(page);
      watch();
    }
  }
  return true;
}

main?.addEventListener("input", (event) => {
  if (!form() || event.target.form !== form()) return;
  leaving = false;
  since ||= Date.now();
  keeping ||= setTimeout(() => {
    keeping = 0;
    if (form() && dirty()) keep(form());
  }, KEPT_EVERY);
  if (stopped) return;
  clearTimeout(timer);
  timer = setTimeout(save, Math.max(0, Math.min(WAIT, since + LONGEST - Date.now())));
});

// When the page goes out of sight, and when somebody comes back to it who has signed in elsewhere.
document.addEventListener("visibilitychange", save);

window.addEventListener("online", save);

watch();
if (form() && changed(form())) timer = setTimeout(save, WAIT);
