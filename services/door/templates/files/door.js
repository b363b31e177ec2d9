// The microphone check, the ticket that follows the interview, and buttons that copy. The pages work without this file.
const texts = JSON.parse(document.getElementById("texts")?.textContent || "{}");

/** @param {string} text */
const _ = (text) => texts[text] ?? text;

const EVERY = 4000, HIDDEN = 30000, LONGEST = 60000;

/** @param {string} selector */
const find = (selector) => /** @type {HTMLElement | null} */ (document.querySelector(selector));

// Copying

/** @param {string} text */
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Plain http has no clipboard.
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "unseen";
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

document.addEventListener("click", async (event) => {
  const button = /** @type {Element} */ (event.target).closest("button");
  if (!button) return;
  if (button.id === "check") listen();
  if (button.id === "open") stopListening();
  const text = button.dataset.copy;
  if (!text) return;
  await copy(text);
  const before = button.textContent;
  button.textContent = button.dataset.copied ?? before;
  setTimeout(() => { button.textContent = before; }, 2000);
});

// What is of use with this file alone
function reveal() {
  for (const each of document.querySelectorAll(".microphone, [data-copy]")) /** @type {HTMLElement} */ (each).hidden = false;
}

// The microphone

/** @type {(() => void) | undefined} */
let release;

function stopListening() {
  release?.();
  release = undefined;
}

/** @param {string} text */
function say(text) {
  const heard = find("#heard");
  if (heard) heard.textContent = text;
}

/** @param {unknown} error */
function whyNot(error) {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError")
    return _("The browser may not use the microphone. Allow it: press the sign beside the address, or open the browser's settings, then check again.");
  if (name === "NotFoundError" || name === "OverconstrainedError")
    return _("No microphone was found. Connect one, or take a phone, then check again.");
  if (name === "NotReadableError" || name === "AbortError")
    return _("Another program uses the microphone. Close it, such as a call, then check again.");
  return _("The microphone could not be checked here. You can go on: the interview asks for it again.");
}

async function listen() {
  stopListening();
  if (!navigator.mediaDevices?.getUserMedia) {
    say(window.isSecureContext
      ? _("This browser gives no microphone to pages. Open this address in Safari or Chrome.")
      : _("The microphone cannot be checked at this address, as it is not secure (https). You can go on: the interview asks for it again."));
    return;
  }
  say(_("Allow the microphone, then say a few words."));
  /** @type {MediaStream} */
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch (error) {
    say(whyNot(error));
    return;
  }
  follow(stream);
}

/** @param {MediaStream} stream */
function follow(stream) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const started = Date.now();
  let loud = 0;
  const timer = setInterval(() => {
    const level = /** @type {HTMLMeterElement | null} */ (find("#level"));
    if (!level || Date.now() - started > 60000) return stopListening();
    level.hidden = false;
    analyser.getFloatTimeDomainData(samples);
    const volume = Math.sqrt(samples.reduce((sum, each) => sum + each * each, 0) / samples.length);
    level.value = Math.min(1, volume * 6);
    if (volume > 0.02) loud += 1;
    if (loud === 3) say(_("We can hear you. You can open your interview."));
    else if (!loud && Date.now() - started > 6000) say(_("Nothing is heard. Speak louder, or choose another microphone in the browser's settings."));
  }, 100);
  release = () => {
    clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
    context.close();
    const level = find("#level");
    if (level) level.hidden = true;
  };
}

// The ticket follows what becomes of the visitor

const ticket = find("#ticket");
const offline = find(".offline");
let failures = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let next;

/** @param {boolean} isOffline */
function tellOffline(isOffline) {
  if (offline) offline.hidden = !isOffline;
}

/** @param {string} html */
function exchange(html) {
  if (!ticket) return;
  const focused = document.activeElement;
  const wasInside = ticket.contains(focused);
  stopListening();
  ticket.innerHTML = html;
  reveal();
  const heading = find("#heading");
  if (wasInside) ((focused?.id && document.getElementById(focused.id)) || heading)?.focus({ preventScroll: true });
  const told = find("#told");
  if (told) told.textContent = heading?.textContent ?? "";
  document.title = document.title.replace(/^.*?(?= · |$)/, heading?.textContent ?? "");
}

async function poll() {
  const address = ticket?.dataset.poll;
  if (!ticket || !address) return;
  try {
    const answer = await fetch(address, { headers: { "If-None-Match": ticket.dataset.digest ?? "" }, redirect: "manual" });
    failures = 0;
    tellOffline(false);
    if (answer.status === 200) {
      ticket.dataset.digest = answer.headers.get("ETag") ?? "";
      exchange(await answer.text());
      // Nothing more comes.
      if (answer.headers.get("X-Over")) return;
    } else if (answer.type === "opaqueredirect") {
      location.assign(location.pathname);
      return;
    } else if (answer.status !== 304) {
      failures += 1;
    }
  } catch {
    failures += 1;
    tellOffline(true);
  }
  wait();
}

function wait() {
  clearTimeout(next);
  const pause = document.hidden ? HIDDEN : EVERY;
  next = setTimeout(poll, Math.min(LONGEST, pause * 2 ** Math.min(failures, 4)) * (1 + Math.random() / 10));
}

function pollNow() {
  clearTimeout(next);
  poll();
}

if (ticket?.dataset.poll) {
  document.addEventListener("visibilitychange", () => { if (!document.hidden) pollNow(); });
  window.addEventListener("online", pollNow);
  window.addEventListener("offline", () => tellOffline(true));
  wait();
}

// A page that waits for a room asks again

const again = /** @type {HTMLFormElement | null} */ (find("form[data-again]"));
if (again) {
  const send = () => {
    if (navigator.onLine) again.submit();
    else tellOffline(true);
  };
  window.addEventListener("online", send);
  setTimeout(send, Number(again.dataset.again) * 1000 * (1 + Math.random() / 2));
}

reveal();
