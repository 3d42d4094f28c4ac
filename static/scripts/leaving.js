// Leaving a page with something on it that is not saved: it is saved or kept in this browser, and offered on return. The
// browser asks only when it could be neither.
import * as drafts from "./drafts.js";
import {
  changed, clearOld, contents, fingerprint, forget, forgetAll, formOf, hasPassword, isKept, keep, KEPT_EVERY, keptHere,
  keyOf, takeOver,
} from "./keeping.js";
import { fromTemplate, main, person, say } from "./page.js";

// How long a link waits for a save before it leads on: what is not saved by then is kept.
const PATIENCE = 2000;
const SENT = "sent";
const SIGNED_OUT = "signed-out";
// The form that is on its way, and whether its writer is signing out.
let sending = null;
let signingOut = false;

const others = () => [...main.querySelectorAll("form[method=post]:not([data-drafts], [data-unsaved])")].filter((one) => !hasPassword(one));

// Notes for the next page of this window.
function note(name, value) {
  try {
    sessionStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Without it the next page offers what it was sent, once too often.
  }
}

function noted(name) {
  try {
    const value = JSON.parse(sessionStorage.getItem(name));
    sessionStorage.removeItem(name);
    return value;
  } catch {
    return null;
  }
}

// What would be gone if the page went now.
function lost() {
  const open = others().filter((one) => one !== sending && changed(one));
  if (drafts.form() && drafts.form() !== sending && drafts.dirty()) open.push(drafts.form());
  // Whoever signs out leaves nothing behind, so that nothing is kept then.
  const unkept = open.filter((one) => signingOut || !keep(one));
  const chosen = main.querySelector("form[data-unsaved]:not([data-drafts])");
  return unkept.length > 0 || Boolean(chosen && chosen !== sending && !isKept(keyOf(chosen)));
}

window.addEventListener("beforeunload", (event) => {
  if (!person) return;
  if (lost()) {
    event.preventDefault();
    event.returnValue = "unsaved";
  }
  if (drafts.form() && !sending && !signingOut) drafts.leave();
});

window.addEventListener("pagehide", () => {
  if (person && !signingOut) lost();
});

window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  // The page comes back as it was left: what became of it meanwhile is not known.
  sending = null;
  signingOut = false;
  drafts.save();
});

// Text in other forms is kept while it is typed.
const waiting = new Set();
main?.addEventListener("input", (event) => {
  signingOut = false;
  const form = event.target.form;
  // What is typed while the page is on its way did not go with it.
  if (sending && sending === form) {
    sending = null;
    noted(SENT);
  }
  if (!person || waiting.has(form) || !others().includes(form)) return;
  waiting.add(form);
  setTimeout(() => {
    waiting.delete(form);
    if (changed(form)) keep(form);
    else forget(keyOf(form));
  }, KEPT_EVERY);
});

function waited(work) {
  return Promise.race([work, new Promise((done) => setTimeout(done, PATIENCE))]);
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[href]");
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || event.defaultPrevented || link.target || link.origin !== location.origin) return;
  if ((link.hash && link.pathname === location.pathname) || !drafts.form() || !drafts.dirty()) return;
  event.preventDefault();
  keep(drafts.form());
  await waited(drafts.save());
  location.assign(link.href);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (new URL(form.action).pathname.endsWith("/logout/")) {
    event.preventDefault();
    signOut(form);
  } else if (main.contains(form) && !hasPassword(form)) {
    if (form === drafts.form()) drafts.sign();
    if (form === drafts.form() || (others().includes(form) && changed(form))) keep(form);
    sending = form;
    note(SENT, { person, key: keyOf(form), path: location.pathname });
  }
});

// Whoever signs out leaves nothing behind: what can be saved is saved first.
async function signOut(form) {
  if (drafts.form() && drafts.dirty()) await waited(drafts.save());
  signingOut = true;
  forgetAll();
  note(SIGNED_OUT, person);
  form.submit();
}

// What became of what the last page sent, and what was left here before.
function arrive() {
  clearOld();
  const [sent, out] = [noted(SENT), noted(SIGNED_OUT)];
  if (out && out !== person) forgetAll(out);
  const [visit] = performance.getEntriesByType("navigation");
  const refused = visit?.responseStatus >= 400 || Boolean(main.querySelector("form[data-unsaved]"));
  const from = document.referrer && new URL(document.referrer).pathname;
  if (sent && !refused && sent.person === person && visit?.type === "navigate" && from === sent.path) {
    forget(sent.key);
    if (formOf(sent.key).endsWith("#")) setTimeout(() => say("Your answer is saved."), 500);
  }
  // What was refused stands on this very page.
  if (refused && sent) main.querySelectorAll("form[method=post]").forEach((form) => takeOver(sent.key, form));
  else if (person) keptHere().forEach(offer);
}

function when(at) {
  const then = new Date(at);
  const time = then.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (then.toDateString() === new Date().toDateString()) return time;
  return `${then.toLocaleDateString("en-GB", { day: "numeric", month: "long" })} at ${time}`;
}

async function offer([key, entry], number) {
  const form = [drafts.form(), ...others()].find((one) => one && formOf(keyOf(one)) === formOf(key));
  try {
    const shown = form && fingerprint(contents(form)) === fingerprint(entry.entries);
    if (shown || (form && form === drafts.form() && (await drafts.isStored(entry)))) {
      forget(key);
      return;
    }
  } catch {
    // The service cannot be asked: what was kept is offered as it is.
  }
  const banner = fromTemplate("was-kept");
  const title = banner.querySelector("h2");
  title.id = `${title.id}-${number}`;
  // Several of them are told apart by whoever moves from region to region.
  if (number) title.textContent = `${title.textContent.trim()} (${number + 1})`;
  banner.setAttribute("aria-labelledby", title.id);
  const words = `You have text here from ${when(entry.at)} that was not saved.`;
  banner.querySelector("[data-words]").textContent = form ? words : `${words} It has no place on this page any more: copy what you need.`;
  for (const [label, text] of entry.look) {
    const [term, given] = [document.createElement("dt"), document.createElement("dd")];
    term.textContent = label;
    given.textContent = text;
    given.dir = "auto";
    banner.querySelector("[data-look]").append(term, given);
  }
  const back = banner.querySelector("[data-back]");
  if (!form) back.remove();
  back.addEventListener("click", async () => {
    try {
      await (form.matches("[data-drafts]") ? drafts.putBack(entry) : fill(form, entry));
    } catch {
      say("It could not be put back now. Try again in a minute.");
      return;
    }
    forget(key);
    banner.remove();
    say("Your text is back in its place. It is not saved yet.");
    (main.querySelector(".nhsuk-error-summary") || firstOf(drafts.form() || form))?.focus();
  });
  banner.querySelector("[data-away]").addEventListener("click", () => {
    forget(key);
    banner.remove();
    say("The text was thrown away.");
    main.tabIndex = -1;
    (firstOf(form) || main).focus();
  });
  main.prepend(banner);
  say("At the top of this page is text that you did not save.");
}

const firstOf = (form) => form?.querySelector("input:not([type=hidden]), textarea, select");

// Put kept values back in the fields of a form that is the same for everybody, against what its page had shown then.
function fill(form, { entries, shown }) {
  const left = [...entries];
  // What stands there and was not sent gives way to it, and is offered next time.
  if (changed(form)) keep(form, `${keyOf(form)}0`);
  for (const [name, value] of Object.entries(shown || {})) form.elements[name].value = value;
  for (const part of form.elements) {
    if (["hidden", "submit", "button", "file", "password"].includes(part.type)) continue;
    if (part.type === "checkbox" || part.type === "radio") {
      part.checked = entries.some(([name, value]) => name === part.name && value === part.value);
      continue;
    }
    const at = left.findIndex(([name]) => name === part.name);
    if (at >= 0) part.value = left.splice(at, 1)[0][1];
  }
  firstOf(form)?.closest("details")?.setAttribute("open", "");
  keep(form);
}

arrive();
