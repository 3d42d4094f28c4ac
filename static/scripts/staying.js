// Says in time that the session will end, lets it be put off, and says when it has ended. All windows of one person know
// of each other.
import { fromTemplate, main, person, say } from "./page.js";

const root = document.getElementById("staying");
const windows = root && "BroadcastChannel" in window ? new BroadcastChannel("staying") : null;
let banner = root?.querySelector(".nhsuk-notification-banner") || null;
let state = banner ? "soon" : "";
let ends = Date.now() + Number(root?.dataset.left) * 1000;

const clock = (at) => new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

function show(next) {
  if (state === next) return;
  state = next;
  if (banner?.contains(document.activeElement)) {
    main.tabIndex = -1;
    main.focus();
  }
  banner?.remove();
  banner = next ? fromTemplate(next === "soon" ? "ends-soon" : "has-ended") : null;
  if (!banner) return;
  if (next === "soon") banner.querySelector("[data-words]").textContent = `You will be signed out at ${clock(ends)}`;
  root.append(banner);
}

function look() {
  const left = ends - Date.now();
  show(left <= 0 ? "over" : left <= Number(root.dataset.soon) * 1000 ? "soon" : "");
}

function until(time) {
  ends = time;
  look();
}

async function stay(form) {
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "application/json" },
    });
    until(Date.now() + (await answer.json()).left * 1000);
  } catch {
    say("The service cannot be reached. Try again in a minute.");
    return;
  }
  windows?.postMessage({ person, ends });
  say(`You stay signed in until ${clock(ends)}.`);
}

// A session that does not say when it ends is left alone.
if (Number(root?.dataset.left)) {
  look();
  setInterval(look, 10_000);
  windows?.postMessage({ person, ends });
  windows?.addEventListener("message", ({ data }) => {
    if (data.person === person && data.ends > ends) until(data.ends);
  });
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    stay(event.target);
  });
  document.addEventListener("signed-out", () => until(0));
}
