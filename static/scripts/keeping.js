// Keeps what is typed and not saved in this browser, for one person, one page and one form: until it is saved or thrown
// away, its writer signs out, or two weeks have passed. Storage may be full, blocked or absent: then nothing is kept, and
// whoever asks is told so.
import { person } from "./page.js";

const LONGEST = 14 * 24 * 60 * 60 * 1000;
const START = "kept:";
// A browser that breaks down takes along what was typed in this time, however long somebody types without a pause.
export const KEPT_EVERY = 400;
// Of two windows with the same page neither takes the place of what the other keeps.
export const pageName = Math.random().toString(36).slice(2, 12);
// What a form says about itself, and nobody typed.
const FRAME = ["csrfmiddlewaretoken", "do", "form-end", "form-start", "page", "seen", "was"];
// What of that tells which answer the page had shown.
const SHOWN = ["seen", "was"];

const mine = () => `${START}${person}:`;

function storage() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

function read(key) {
  try {
    return JSON.parse(storage().getItem(key));
  } catch {
    return null;
  }
}

// A page has one form about its answer; of others it may have many, each known by what it is hidden in it.
function identity(form) {
  if (form.matches("[data-drafts], [data-unsaved]")) return "";
  const told = [...form.elements].filter((part) => part.type === "hidden" || part.name === "do");
  return JSON.stringify([form.id, ...told.filter(({ name }) => !FRAME.includes(name) || name === "do").map(({ value }) => value)]);
}

export const isFrame = (name) => FRAME.includes(name);

export const keyOf = (form) => `${mine()}${location.pathname}#${identity(form)}~${pageName}`;

export const hasPassword = (form) => Boolean(form.querySelector("input[type=password]"));

// What stands in a form, as names and values in their order.
export function contents(form) {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !FRAME.includes(name));
}

const lines = (text) => text.replace(/\r\n?/g, "\n");

// Names and values as one text, to be compared.
export const fingerprint = (entries) => JSON.stringify(entries.map(([name, value]) => [name, lines(value)]));

function touched(part) {
  if (!part.name || FRAME.includes(part.name)) return false;
  if (["hidden", "submit", "button", "file", "password", "fieldset"].includes(part.type)) return false;
  if (part.type === "checkbox" || part.type === "radio") return part.checked !== part.defaultChecked;
  if (part.type === "select-one") {
    const first = [...part.options].findIndex((option) => option.defaultSelected);
    return part.selectedIndex !== Math.max(first, 0);
  }
  return lines(part.value) !== lines(part.defaultValue);
}

// Whether a form is another than the page came with.
export const changed = (form) => [...form.elements].some(touched);

// What somebody changed in a form, as labels and words for people.
function described(form) {
  const whole = form.matches("[data-unsaved]");
  const parts = [...form.elements].filter((part) => touched(part) || (whole && part.labels?.length && part.value));
  return parts.filter((part) => !["checkbox", "radio"].includes(part.type) || part.checked).map((part) => {
    const row = part.closest("[data-title]")?.dataset.title;
    const legend = part.closest("fieldset:not([data-title])")?.querySelector("legend")?.textContent;
    const label = part.labels?.[0]?.textContent;
    const choice = part.type === "checkbox" || part.type === "radio";
    const text = choice ? label : part.type === "select-one" ? part.selectedOptions[0]?.textContent : part.value;
    const named = [row, legend, choice ? "" : label].map((words) => words?.trim().replace(/\s+/g, " "));
    return [named.filter(Boolean).join(", "), text?.trim() || "(nothing)"];
  });
}

// Keep a form as it stands, under its key. False when this browser keeps nothing.
export function keep(form, key = keyOf(form)) {
  if (!person || hasPassword(form)) return false;
  const look = described(form);
  const entry = {
    at: Date.now(),
    shown: Object.fromEntries([...new FormData(form)].filter(([name]) => SHOWN.includes(name))),
    entries: contents(form),
    look: look.length ? look : read(key)?.look || [],
  };
  try {
    storage().setItem(key, JSON.stringify(entry));
    return true;
  } catch {
    return false;
  }
}

export function forget(key) {
  try {
    storage().removeItem(key);
  } catch {
    // What could not be kept need not be forgotten.
  }
}

// What was kept by the page that a form was sent from belongs to the page that came back with it.
export function takeOver(key, form) {
  const entry = read(key);
  if (!entry || formOf(key) !== formOf(keyOf(form))) return;
  try {
    storage().setItem(keyOf(form), JSON.stringify(entry));
  } catch {
    return;
  }
  forget(key);
}

// What a form is called in keys, whichever window keeps it.
export const formOf = (key) => key.replace(/~\w+$/, "");

export const isKept = (key) => read(key) !== null;

function keys(start) {
  try {
    return Object.keys(storage()).filter((key) => key.startsWith(start));
  } catch {
    return [];
  }
}

// What this person left on this page and did not save: by key, the oldest first.
export function keptHere() {
  const found = keys(`${mine()}${location.pathname}#`).map((key) => [key, read(key)]);
  return found.filter(([, entry]) => entry?.entries).sort(([, one], [, other]) => one.at - other.at);
}

export function forgetAll(of = person) {
  keys(`${START}${of}:`).forEach(forget);
}

// Nothing stays for longer than two weeks, whoever left it.
export function clearOld() {
  for (const key of keys(START)) if (!(read(key)?.at > Date.now() - LONGEST)) forget(key);
}
