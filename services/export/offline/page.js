"use strict";
// A desk without a network: a list of rooms, a card for each, and what was ticked, kept by this browser.
const data = JSON.parse(document.getElementById("data").textContent);
const KEY = `hand-outs-${data.pack}`;
const LONGEST_NAME = 42;
const byId = (id) => document.getElementById(id);

// The room on the card, what of it was drawn, and the press that opened it; the list's own place, to come back to.
let opened = null;
let drawn = "";
let opening = null;
let left = { top: 0, byRow: false };

// What was ticked: a time and a name for each room. Always read anew before it is changed, as another tab may have the
// same file open.
let memory = { by: "", ticks: {}, whom: {} };
let keeps = true;
function read() {
  if (!keeps) return memory;
  try {
    const kept = localStorage.getItem(KEY);
    if (kept) memory = { ...memory, ...JSON.parse(kept) };
  } catch {
    warn();
  }
  return memory;
}

function change(how) {
  const now = read();
  how(now);
  memory = now;
  try {
    localStorage.setItem(KEY, JSON.stringify(now));
  } catch {
    warn();
  }
}

function warn() {
  keeps = false;
  const warning = byId("warning");
  warning.textContent = "This browser does not keep your ticks: download the CSV before you close this page.";
  warning.hidden = false;
}

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

function button(className, label, done) {
  const made = element("button", className, label);
  made.type = "button";
  made.onclick = done;
  return made;
}

const isOver = (room) => room.ends !== null && Date.now() >= room.ends;
const clock = (iso) => new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
const plain = (text) => text.normalize("NFC").toLowerCase();

// The list

function fits(room, words, shown, now) {
  if (shown === "free" && now.ticks[room.id]) return false;
  if (shown === "given" && !now.ticks[room.id]) return false;
  if (!words.length) return true;
  const told = plain(`${room.name}\n${room.no}\n${room.code}\n${room.find}\n${now.whom[room.id] ?? ""}`);
  return words.every((word) => told.includes(word));
}

function told(room, ticks) {
  if (ticks[room.id]) return `handed out ${clock(ticks[room.id].at)}`;
  return isOver(room) ? "ran out" : "free";
}

function line(room, now) {
  const whom = now.whom[room.id] && now.whom[room.id] !== room.name ? ` · for ${now.whom[room.id]}` : "";
  const made = button(
    now.ticks[room.id] ? "given" : "",
    "",
    (event) => openCard(room, true, event),
  );
  made.dataset.room = room.id;
  made.append(
    element("span", "no", String(room.no)),
    element("span", "name", room.name),
    element("span", "facts", [room.code, room.minutes, room.language].filter(Boolean).join(" · ") + whom),
    element("span", "told", told(room, now.ticks)),
  );
  return element("li", "", made);
}

const lineOf = (id) => byId("rooms").querySelector(`[data-room="${CSS.escape(id)}"]`);

function drawList() {
  const now = read();
  const words = plain(byId("find").value).split(/\s+/).filter(Boolean);
  const shown = document.querySelector("input[name=show]:checked").value;
  const found = data.rooms.filter((room) => fits(room, words, shown, now));
  const focused = document.activeElement.dataset.room;
  byId("rooms").replaceChildren(...found.map((room) => line(room, now)));
  // A tick in another tab must not take a keyboard's place away.
  if (focused) lineOf(focused)?.focus({ preventScroll: true });
  byId("none").hidden = found.length > 0;
  const given = data.rooms.filter((room) => now.ticks[room.id]).length;
  say(byId("count"), `${given} of ${data.rooms.length} handed out`);
  byId("all").textContent = `All (${data.rooms.length})`;
  byId("free").textContent = `Not handed out (${data.rooms.length - given})`;
  byId("given").textContent = `Handed out (${given})`;
  byId("next").disabled = !nextFree(now);
  if (document.activeElement !== byId("by")) byId("by").value = now.by;
}

// What is read aloud when it changes is only touched then.
function say(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

function nextFree(now) {
  return data.rooms.find((room) => !now.ticks[room.id] && !isOver(room));
}

// The card

function symbol(room) {
  const bytes = Uint8Array.from(atob(room.bits), (char) => char.charCodeAt(0));
  const isDark = (place) => (bytes[place >> 3] >> (7 - (place & 7))) & 1;
  let bars = "";
  for (let y = 0; y < room.size; y++) {
    for (let x = 0; x < room.size; x++) {
      if (isDark(y * room.size + x)) bars += `M${x + data.quiet} ${y + data.quiet}h1v1h-1z`;
    }
  }
  const side = room.size + 2 * data.quiet;
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", `0 0 ${side} ${side}`);
  svg.setAttribute("shape-rendering", "crispEdges");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `QR code of ${room.name}`);
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", bars);
  svg.append(path);
  return svg;
}

// One link is for one person: what was handed out is covered until somebody wants to see it again.
function frame(room, isShown) {
  const given = read().ticks[room.id];
  if (isShown) return element("div", "frame", symbol(room));
  const made = element("div", "frame");
  if (given) made.append(element("div", "cover", `Handed out at ${clock(given.at)}`));
  if (isOver(room)) made.append(element("div", "cover", "This link has run out."));
  else made.append(button("", "Show the code again", () => drawCard(room, true)));
  return made;
}

function words(room, isShown) {
  const made = element(
    "div",
    "words",
    element("strong", "", [room.minutes, room.language].filter(Boolean).join(" · ")),
    element("div", "", room.until),
    element("ul", "", ...data.steps[room.lang].map((step) => element("li", "", step))),
  );
  made.lang = room.lang;
  if (isShown) made.append(element("div", "link", room.link));
  made.append(element("div", "staff", room.staff));
  return made;
}

function whomField(room) {
  const field = element("input", "");
  field.type = "text";
  field.maxLength = LONGEST_NAME;
  field.autocomplete = "off";
  field.value = read().whom[room.id] ?? "";
  field.oninput = () => change((now) => (now.whom[room.id] = field.value.trim()));
  return element("label", "", "For whom", field);
}

function does(room) {
  const isGiven = read().ticks[room.id];
  const back = button("", "Back to the list", closeCard);
  if (isOver(room) && !isGiven) return element("div", "does", back);
  const act = isGiven
    ? button("", "It was not taken", (event) => untick(event.target, room))
    : button("main", "Handed out", (event) => isSecondTap(event) || tick(room));
  return element("div", "does", back, whomField(room), act);
}

// Whoever taps a line twice must not tick what lies under the same finger on the card. A key is no tap: its detail is 0.
function isSecondTap(event) {
  const near = Math.hypot(event.clientX - opening.clientX, event.clientY - opening.clientY) < 30;
  return event.detail > 0 && near && event.timeStamp - opening.timeStamp < 500;
}

function tick(room) {
  // Another tab may have been faster: the first time counts. The name stays, whoever takes over later.
  change((now) => (now.ticks[room.id] ??= { at: new Date().toISOString(), by: now.by }));
  closeCard();
}

function untick(pressed, room) {
  if (pressed.textContent !== "Really not taken") {
    pressed.textContent = "Really not taken";
    return;
  }
  change((now) => delete now.ticks[room.id]);
  drawCard(room, false);
}

function drawCard(room, isAsked) {
  const isShown = !isOver(room) && (isAsked || !read().ticks[room.id]);
  const name = element("h2", "", room.name);
  name.tabIndex = -1;
  byId("card").replaceChildren(name, frame(room, isShown), words(room, isShown), does(room));
  drawn = stateOf(room);
  name.focus({ preventScroll: true });
}

const stateOf = (room) => `${read().ticks[room.id]?.at} ${isOver(room)}`;

// Only for what covers or uncovers the code: whatever else happens, what is being typed or shown stays.
function refresh() {
  if (!opened) drawList();
  else if (stateOf(opened) !== drawn) drawCard(opened, false);
}

function openCard(room, byRow, press) {
  opened = room;
  opening = press;
  left = { top: window.scrollY, byRow };
  byId("list").hidden = true;
  byId("card").hidden = false;
  byId("card").scrollTop = 0;
  drawCard(room, false);
}

// Back to where the list was left: on the room's line, or on the button for the next one.
function closeCard() {
  const id = opened.id;
  opened = null;
  byId("card").hidden = true;
  byId("card").replaceChildren();
  byId("list").hidden = false;
  drawList();
  window.scrollTo(0, left.top);
  const next = byId("next").disabled ? byId("download") : byId("next");
  ((left.byRow && lineOf(id)) || next).focus({ preventScroll: true });
}

// The CSV

// No spreadsheet may run what somebody typed: an apostrophe before whatever starts like a formula.
function cell(text) {
  const first = text.replace(/^[\s\p{Cc}\p{Cf}\p{Mn}\u115f\u1160\u3164\uffa0]+/u, "").normalize("NFKC").slice(0, 1);
  const guarded = "=+-@".includes(first || " ") || /^[\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

function csv() {
  const now = read();
  const given = data.rooms.filter((room) => now.ticks[room.id]);
  given.sort((one, other) => now.ticks[one.id].at.localeCompare(now.ticks[other.id].at));
  const rows = given.map((room) => [
    data.pack,
    room.id,
    room.code,
    String(room.no),
    room.label,
    now.whom[room.id] ?? "",
    `${now.ticks[room.id].at.slice(0, 19)}Z`,
    now.ticks[room.id].by,
  ]);
  const head = ["pack", "room_id", "staff_code", "no", "label", "whom", "handed_out_at", "handed_out_by"];
  return "\ufeff" + [head, ...rows].map((row) => row.map(cell).join(",") + "\r\n").join("");
}

function download() {
  const link = element("a", "");
  link.href = URL.createObjectURL(new Blob([csv()], { type: "text/csv" }));
  const place = data.station.replace(/[\\/:*?"<>|\p{Cc}\p{Cf}\s]+/gu, " ").trim().slice(0, 60);
  link.download = `hand-outs ${place} ${new Date().toISOString().slice(0, 10)}.csv`;
  link.click();
  // Some browsers fetch it only after this script has come to its end.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

document.querySelector("h1").textContent = `${data.title} · ${data.station}`;
byId("find").oninput = drawList;
byId("by").oninput = () => change((now) => (now.by = byId("by").value.trim()));
byId("next").onclick = (event) => openCard(nextFree(read()), false, event);
byId("download").onclick = download;
for (const choice of document.querySelectorAll("input[name=show]")) choice.onchange = drawList;
// A code that was handed out in another tab, or whose link runs out meanwhile, must not stay in sight here.
window.addEventListener("storage", (event) => {
  if (event.key === KEY) refresh();
});
let over = data.rooms.filter(isOver).length;
function lookAtClock() {
  const now = data.rooms.filter(isOver).length;
  if (now !== over) refresh();
  over = now;
}
setInterval(lookAtClock, 5_000);
// The clock of a tablet that sleeps goes on, and its timers do not.
document.addEventListener("visibilitychange", lookAtClock);
// Written once at the start, so that a browser that keeps nothing says so before the first tick.
change(() => {});
drawList();
