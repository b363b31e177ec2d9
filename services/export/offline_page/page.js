"use strict";
// A desk without a network: a list of rooms, a card for each, and what was ticked, kept by this browser.
const data = JSON.parse(document.getElementById("data").textContent);
const KEY = `hand-outs-${data.pack}`;
const LONGEST_NAME = 42;
const byId = (id) => document.getElementById(id);
let opened = null;

// What was ticked. Always read anew before it is changed: another tab may have the same file open.
let memory = { by: "", ticks: {}, whom: {} };
let keeps = true;
function read() {
  if (!keeps) return memory;
  try {
    const kept = localStorage.getItem(KEY);
    if (kept) memory = JSON.parse(kept);
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
  drawList();
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

function fits(room, words, shown, ticks) {
  if (shown === "free" && ticks[room.id]) return false;
  if (shown === "given" && !ticks[room.id]) return false;
  const told = plain(`${room.name}\n${room.no}\n${room.code}\n${room.find}\n${read().whom[room.id] ?? ""}`);
  return words.every((word) => told.includes(word));
}

function told(room, ticks) {
  if (ticks[room.id]) return `handed out ${clock(ticks[room.id])}`;
  return isOver(room) ? "ran out" : "free";
}

function line(room, now) {
  const whom = now.whom[room.id] && now.whom[room.id] !== room.name ? ` · for ${now.whom[room.id]}` : "";
  const made = button(
    now.ticks[room.id] ? "given" : "",
    "",
    () => openCard(room),
  );
  made.append(
    element("span", "no", String(room.no)),
    element("span", "name", room.name),
    element("span", "facts", [room.code, room.minutes, room.language].filter(Boolean).join(" · ") + whom),
    element("span", "told", told(room, now.ticks)),
  );
  return element("li", "", made);
}

function drawList() {
  const now = read();
  const words = plain(byId("find").value).split(/\s+/).filter(Boolean);
  const shown = document.querySelector("input[name=show]:checked").value;
  const found = data.rooms.filter((room) => fits(room, words, shown, now.ticks));
  byId("rooms").replaceChildren(...found.map((room) => line(room, now)));
  byId("none").hidden = found.length > 0;
  const given = data.rooms.filter((room) => now.ticks[room.id]).length;
  byId("count").textContent = `${given} of ${data.rooms.length} handed out`;
  byId("all").textContent = `All (${data.rooms.length})`;
  byId("free").textContent = `Not handed out (${data.rooms.length - given})`;
  byId("given").textContent = `Handed out (${given})`;
  byId("next").disabled = !nextFree(now);
  if (document.activeElement !== byId("by")) byId("by").value = now.by;
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
  const at = read().ticks[room.id];
  if (isOver(room)) return element("div", "frame", element("div", "cover", "This link has run out."));
  if (!at || isShown) return element("div", "frame", symbol(room));
  return element(
    "div",
    "frame",
    element("div", "cover", `Handed out at ${clock(at)}`),
    button("", "Show the code again", () => drawCard(room, true)),
  );
}

function words(room, isShown) {
  const made = element(
    "div",
    "words",
    element("strong", "", [room.minutes, room.language].filter(Boolean).join(" · ")),
    element("div", "", room.until),
    element("ul", "", ...room.steps.map((step) => element("li", "", step))),
  );
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
  field.onchange = () => change((now) => (now.whom[room.id] = field.value.trim()));
  return element("label", "", "For whom", field);
}

function does(room) {
  const isGiven = read().ticks[room.id];
  const back = button("", "Back to the list", closeCard);
  if (isOver(room) && !isGiven) return element("div", "does", back);
  const act = isGiven
    ? button("", "It was not taken", (event) => untick(event.target, room))
    : button("main", "Handed out", () => tick(room));
  return element("div", "does", back, whomField(room), act);
}

function tick(room) {
  // Another tab may have been faster: the first time counts.
  change((now) => (now.ticks[room.id] ??= new Date().toISOString()));
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

function drawCard(room, isShown) {
  const card = byId("card");
  const isOpen = isShown || (!read().ticks[room.id] && !isOver(room));
  card.lang = room.lang;
  card.replaceChildren(element("h2", "", room.name), frame(room, isShown), words(room, isOpen), does(room));
}

function openCard(room) {
  opened = room;
  byId("list").hidden = true;
  byId("card").hidden = false;
  drawCard(room, false);
  byId("card").querySelector("button").focus({ preventScroll: true });
}

function closeCard() {
  opened = null;
  byId("card").hidden = true;
  byId("card").replaceChildren();
  byId("list").hidden = false;
  drawList();
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
  given.sort((one, other) => now.ticks[one.id].localeCompare(now.ticks[other.id]));
  const rows = given.map((room) => [
    data.pack,
    room.id,
    room.code,
    String(room.no),
    room.label,
    now.whom[room.id] ?? "",
    `${now.ticks[room.id].slice(0, 19)}Z`,
    now.by,
  ]);
  const head = ["pack", "room_id", "staff_code", "no", "label", "whom", "handed_out_at", "handed_out_by"];
  return "\ufeff" + [head, ...rows].map((row) => row.map(cell).join(",") + "\r\n").join("");
}

function download() {
  const link = element("a", "");
  link.href = URL.createObjectURL(new Blob([csv()], { type: "text/csv" }));
  const place = data.station.replace(/[\\/:*?"<>|\p{Cc}\s]+/gu, " ").trim().slice(0, 60);
  link.download = `hand-outs ${place} ${new Date().toISOString().slice(0, 10)}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}

document.querySelector("h1").textContent = `${data.title} · ${data.station}`;
byId("find").oninput = drawList;
byId("by").onchange = () => change((now) => (now.by = byId("by").value.trim()));
byId("next").onclick = () => openCard(nextFree(read()));
byId("download").onclick = download;
for (const choice of document.querySelectorAll("input[name=show]")) choice.onchange = drawList;
window.addEventListener("storage", (event) => {
  if (event.key !== KEY) return;
  drawList();
  // A code that was handed out in another tab must not stay in sight here.
  if (opened) drawCard(opened, false);
});
change(() => {});
