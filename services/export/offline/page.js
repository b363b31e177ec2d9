"use strict";
// A desk without a network: a list of rooms, a card for each, and what was ticked, kept by this browser.

/**
 * A room of the pack. name: what the list calls it. find: more that it is found by. ends: when it runs out, in
 * milliseconds. bits: the modules of its code, `size` to a row, as base64.
 *
 * @typedef {object} PackRoom
 * @property {string} id
 * @property {number} no
 * @property {string} name
 * @property {string} label
 * @property {string} find
 * @property {string} code
 * @property {string} staff
 * @property {string} lang
 * @property {string} language
 * @property {string} minutes
 * @property {string} until
 * @property {number | null} ends
 * @property {string} link
 * @property {number} size
 * @property {string} bits
 *
 * By which rule texts are searched (services/folding.py). letters: what takes the place of a character. marks, gaps:
 * patterns of what is dropped. whole: a letter that keeps its mark, in two pieces and in one.
 *
 * @typedef {object} Folding
 * @property {Record<string, string>} letters
 * @property {string} marks
 * @property {string} gaps
 * @property {[string, string]} whole
 *
 * What the file holds. texts: what staff read, by the English in this script. quiet: the margin around a code, in
 * modules. steps: the instructions by language.
 *
 * @typedef {object} PackData
 * @property {Record<string, string>} texts
 * @property {string} pack
 * @property {string} title
 * @property {string} station
 * @property {number} quiet
 * @property {Folding} folding
 * @property {Record<string, string[]>} steps
 * @property {PackRoom[]} rooms
 *
 * What was typed. turn: of the change that made it so; of two, the later one counts.
 *
 * @typedef {object} Typed
 * @property {string} text
 * @property {number} turn
 *
 * What was ticked. at: when the link was handed out; empty once the tick was taken back. turn: as above.
 *
 * @typedef {object} Tick
 * @property {string} at
 * @property {string} by
 * @property {number} turn
 *
 * What is kept: who hands out, and by room its tick, and for whom it is. turn: how many changes it has seen.
 *
 * @typedef {object} Memory
 * @property {Typed} by
 * @property {Record<string, Tick>} ticks
 * @property {Record<string, Typed>} whom
 * @property {number} turn
 */

/** @type {PackData} */
const data = JSON.parse(document.getElementById("data")?.textContent ?? "");
const KEY = `hand-outs-${data.pack}`;
const LONGEST_NAME = 42;

/**
 * A text in the language of the pack.
 *
 * @param {string} message in English
 * @param {Record<string, string | number>} values what stands in the places of their names in braces
 */
function _(message, values = {}) {
  return (data.texts[message] ?? message).replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
}

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {string} id */
const fieldOf = (id) => /** @type {HTMLInputElement} */ (byId(id));

/** @param {string} id */
const buttonOf = (id) => /** @type {HTMLButtonElement} */ (byId(id));


// The room on the card, what of it was drawn, and the press that opened it; the list's own place, to come back to.
/** @type {PackRoom | null} */
let opened = null;
let drawn = "";
/** @type {MouseEvent | null} */
let opening = null;
let left = { top: 0, byRow: false };

// Other tabs may have the same file open. They hear of each change, and it is read again before it is changed here:
// Chromium sometimes gives a page that is opened from a file an empty storage of its own.
/** @type {Memory} */
let memory = { by: { text: "", turn: 0 }, ticks: {}, whom: {}, turn: 0, ...history.state?.[KEY] };
let keeps = true;
// Old tablets have none.
const tabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(KEY);

/**
 * What either knows. Each tick and each text is taken from the one that changed it later.
 *
 * @param {Memory} one
 * @param {Memory} other
 * @returns {Memory}
 */
function merged(one, other) {
  return {
    by: other.by.turn > one.by.turn ? other.by : one.by,
    ticks: latest(one.ticks, other.ticks),
    whom: latest(one.whom, other.whom),
    turn: Math.max(one.turn, other.turn),
  };
}

/**
 * @template {{ turn: number }} Kept
 * @param {Record<string, Kept>} one
 * @param {Record<string, Kept>} other
 * @returns {Record<string, Kept>}
 */
function latest(one, other) {
  const found = { ...one };
  for (const [id, kept] of Object.entries(other)) {
    if (!found[id] || kept.turn > found[id].turn) found[id] = kept;
  }
  return found;
}

function read() {
  if (!keeps) return memory;
  try {
    const kept = localStorage.getItem(KEY);
    if (kept) memory = merged(memory, JSON.parse(kept));
  } catch {
    warn();
  }
  return memory;
}

/** @param {(now: Memory, turn: number) => void} how */
function change(how) {
  const now = read();
  now.turn += 1;
  how(now, now.turn);
  keep(now);
  tabs?.postMessage(now);
}

/** @param {Memory} now */
function keep(now) {
  memory = now;
  try {
    history.replaceState({ ...history.state, [KEY]: now }, "");
  } catch {
    // Too much for the history of this browser: the storage alone has it.
  }
  try {
    localStorage.setItem(KEY, JSON.stringify(now));
  } catch {
    warn();
  }
}

function warn() {
  keeps = false;
  const warning = byId("warning");
  warning.textContent = _("This browser does not keep your ticks: download the CSV before you close this page.");
  warning.hidden = false;
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} className
 * @param {...(Node | string)} children
 */
function element(tag, className, ...children) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

/**
 * @param {string} className
 * @param {string} label
 * @param {(event: MouseEvent) => void} done
 */
function button(className, label, done) {
  const made = element("button", className, label);
  made.type = "button";
  made.onclick = done;
  return made;
}

/**
 * The tick of a room that was handed out.
 *
 * @param {PackRoom} room
 * @param {Memory} now
 */
const givenOf = (room, now) => (now.ticks[room.id]?.at ? now.ticks[room.id] : null);

/**
 * @param {PackRoom} room
 * @param {Memory} now
 */
const whomOf = (room, now) => now.whom[room.id]?.text ?? "";

/** @param {PackRoom} room */
const isOver = (room) => room.ends !== null && Date.now() >= room.ends;

/** @param {string} iso */
const clock = (iso) => new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

const MARKS = new RegExp(data.folding.marks, "gu");
const GAPS = new RegExp(data.folding.gaps, "gu");

/** @param {string} text */
const typed = (text) => Array.from(text, (char) => data.folding.letters[char] ?? char).join("");

/**
 * The text as it is typed on a plain keyboard, in small letters.
 *
 * @param {string} text
 */
function plain(text) {
  const letters = typed(text).normalize("NFKD").toLowerCase().replaceAll(...data.folding.whole);
  return typed(letters.replace(MARKS, "")).normalize("NFC");
}

/**
 * The text in the form in which it is searched.
 *
 * @param {string} text
 */
const folded = (text) => plain(text).replace(GAPS, "");

/**
 * What of a room is searched; folded once, as a list may have a thousand rooms and is drawn with every letter typed.
 *
 * @type {Map<string, string>}
 */
const searched = new Map(
  data.rooms.map((room) => [room.id, [room.name, String(room.no), room.code, room.find].map(folded).join("\n")]),
);

// The list

/**
 * @param {PackRoom} room
 * @param {string[]} words
 * @param {string} shown
 * @param {Memory} now
 */
function fits(room, words, shown, now) {
  if (shown === "free" && givenOf(room, now)) return false;
  if (shown === "given" && !givenOf(room, now)) return false;
  if (!words.length) return true;
  const told = `${searched.get(room.id)}\n${folded(whomOf(room, now))}`;
  return words.every((word) => told.includes(word));
}

/**
 * @param {PackRoom} room
 * @param {Memory} now
 */
function told(room, now) {
  const given = givenOf(room, now);
  if (given) return _("handed out {time}", { time: clock(given.at) });
  return isOver(room) ? _("ran out") : _("free");
}

/**
 * @param {PackRoom} room
 * @param {Memory} now
 */
function line(room, now) {
  const whom = whomOf(room, now);
  const forWhom = whom && whom !== room.name ? _("for {name}", { name: whom }) : "";
  const made = button(givenOf(room, now) ? "given" : "", "", (event) => openCard(room, true, event));
  made.dataset.room = room.id;
  made.append(
    element("span", "no", String(room.no)),
    element("span", "name", room.name),
    element("span", "facts", [room.code, room.minutes, room.language, forWhom].filter(Boolean).join(" · ")),
    element("span", "told", told(room, now)),
  );
  return element("li", "", made);
}

/**
 * @param {string} id
 * @returns {HTMLElement | null}
 */
const lineOf = (id) => byId("rooms").querySelector(`[data-room="${CSS.escape(id)}"]`);

/**
 * The list differs with either: how many links ran out, and what is kept.
 *
 * @param {Memory} now
 */
const contents = (now) => `${data.rooms.filter(isOver).length} ${JSON.stringify(now)}`;
let listed = "";

function drawList() {
  const now = read();
  listed = contents(now);
  const words = plain(fieldOf("find").value).split(" ").map(folded).filter(Boolean);
  const chosen = /** @type {HTMLInputElement | null} */ (document.querySelector("input[name=show]:checked"));
  const shown = chosen?.value ?? "";
  const found = data.rooms.filter((room) => fits(room, words, shown, now));
  const active = document.activeElement;
  const focused = active instanceof HTMLElement && active.dataset.room;
  byId("rooms").replaceChildren(...found.map((room) => line(room, now)));
  // A tick in another tab must not take a keyboard's place away.
  if (focused) lineOf(focused)?.focus({ preventScroll: true });
  byId("none").hidden = found.length > 0;
  const given = data.rooms.filter((room) => givenOf(room, now)).length;
  say(byId("count"), _("{given} of {all} handed out", { given, all: data.rooms.length }));
  byId("all").textContent = _("All ({count})", { count: data.rooms.length });
  byId("free").textContent = _("Not handed out ({count})", { count: data.rooms.length - given });
  byId("given").textContent = _("Handed out ({count})", { count: given });
  buttonOf("next").disabled = !nextFree(now);
  if (active !== byId("by")) fieldOf("by").value = now.by.text;
}

// What is read aloud when it changes is only touched then.
/**
 * @param {HTMLElement} place
 * @param {string} text
 */
function say(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/** @param {Memory} now */
function nextFree(now) {
  return data.rooms.find((room) => !givenOf(room, now) && !isOver(room));
}

// The card

/** @param {PackRoom} room */
function symbol(room) {
  const bytes = Uint8Array.from(atob(room.bits), (char) => char.charCodeAt(0));
  /** @param {number} place */
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
  svg.setAttribute("aria-label", _("QR code of {name}", { name: room.name }));
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", bars);
  svg.append(path);
  return svg;
}

/**
 * One link is for one person: what was handed out is covered until a person asks to see it again.
 *
 * @param {PackRoom} room
 * @param {boolean} isShown
 */
function frame(room, isShown) {
  const given = givenOf(room, read());
  if (isShown) return element("div", "frame", symbol(room));
  const made = element("div", "frame");
  if (given) made.append(element("div", "cover", _("Handed out at {time}", { time: clock(given.at) })));
  if (isOver(room)) made.append(element("div", "cover", _("This link has run out.")));
  else made.append(button("", _("Show the code again"), () => drawCard(room, true)));
  return made;
}

/**
 * @param {PackRoom} room
 * @param {boolean} isShown
 */
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

/** @param {PackRoom} room */
function whomField(room) {
  const field = element("input", "");
  field.type = "text";
  field.maxLength = LONGEST_NAME;
  field.autocomplete = "off";
  field.value = whomOf(room, read());
  field.oninput = () => {
    change((now, turn) => {
      now.whom[room.id] = { text: field.value.trim(), turn };
    });
  };
  return element("label", "", _("For whom"), field);
}

/** @param {PackRoom} room */
function does(room) {
  const isGiven = givenOf(room, read());
  const back = button("", _("Back to the list"), closeCard);
  if (isOver(room) && !isGiven) return element("div", "does", back);
  const act = isGiven
    ? button("", _("It was not taken"), (event) => untick(/** @type {HTMLElement} */ (event.currentTarget), room))
    : button("main", _("Handed out"), (event) => {
        if (!isSecondTap(event)) tick(room);
      });
  return element("div", "does", back, whomField(room), act);
}

/**
 * The second tap on a line must not tick what lies under the same finger on the card. A key is no tap: its detail is 0.
 *
 * @param {MouseEvent} event
 */
function isSecondTap(event) {
  if (!opening) return false;
  const near = Math.hypot(event.clientX - opening.clientX, event.clientY - opening.clientY) < 30;
  return event.detail > 0 && near && event.timeStamp - opening.timeStamp < 500;
}

/** @param {PackRoom} room */
function tick(room) {
  // Another tab may have been faster: the first time counts. The name stays, even if another person takes over later.
  change((now, turn) => {
    if (!givenOf(room, now)) now.ticks[room.id] = { at: new Date().toISOString(), by: now.by.text, turn };
  });
  closeCard();
}

/**
 * @param {HTMLElement} pressed
 * @param {PackRoom} room
 */
function untick(pressed, room) {
  const sure = _("Really not taken");
  if (pressed.textContent !== sure) {
    pressed.textContent = sure;
    return;
  }
  change((now, turn) => {
    now.ticks[room.id] = { at: "", by: "", turn };
  });
  drawCard(room, false);
}

/**
 * @param {PackRoom} room
 * @param {boolean} isAsked
 */
function drawCard(room, isAsked) {
  const isShown = !isOver(room) && (isAsked || !givenOf(room, read()));
  const name = element("h2", "", room.name);
  name.tabIndex = -1;
  byId("card").replaceChildren(name, frame(room, isShown), words(room, isShown), does(room));
  drawn = stateOf(room);
  name.focus({ preventScroll: true });
}

/** @param {PackRoom} room */
const stateOf = (room) => `${givenOf(room, read())?.at} ${isOver(room)}`;

// Only for what covers or uncovers the code: in all other cases, what is being typed or shown stays.
function refresh() {
  if (!opened) drawList();
  else if (stateOf(opened) !== drawn) drawCard(opened, false);
}

/**
 * @param {PackRoom} room
 * @param {boolean} byRow
 * @param {MouseEvent} press
 */
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
  const id = opened?.id ?? "";
  opened = null;
  byId("card").hidden = true;
  byId("card").replaceChildren();
  byId("list").hidden = false;
  drawList();
  window.scrollTo(0, left.top);
  const next = buttonOf("next").disabled ? byId("download") : byId("next");
  ((left.byRow && lineOf(id)) || next).focus({ preventScroll: true });
}

// The CSV

// The rule of services/trust.py; tests/formula_cases.json is the table of cases for both.

/** What is not looked at before the first sign of a cell: it cannot be seen, or is the mark of a cell. */
const UNSEEN = /^["\s\p{Cc}\p{Cf}\p{Mn}\p{Me}\u115f\u1160\u3164\uffa0]+/u;

/** What some spreadsheet takes for the end of a cell, or of a row. */
const SEPARATORS = ",;|\t\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029";

/**
 * Whether a text starts like a formula, or with apostrophes in front of one.
 *
 * @param {string} text
 */
function isFormula(text) {
  const [first = ""] = text.replace(/^'+/, "").replace(UNSEEN, "");
  return "=+-@".includes(first.normalize("NFKC").slice(0, 1) || " ");
}

/**
 * The text for a CSV cell, which no spreadsheet runs, whatever delimiter it expects: an apostrophe comes before what
 * starts like a formula, also behind what another spreadsheet takes for the end of a cell.
 *
 * @param {string} text
 */
function guarded(text) {
  const plain = text.replaceAll("\0", "");
  const pieces = [""];
  // Old tablets know no lookbehind, by which the text would be split.
  for (const char of plain) {
    pieces[pieces.length - 1] += char;
    if (SEPARATORS.includes(char)) pieces.push("");
  }
  const [first, ...rest] = pieces;
  const start = isFormula(plain) || /^'*[\t\r\n]/.test(plain) ? "'" : "";
  return [start, first, ...rest.map((piece) => (isFormula(piece) ? `'${piece}` : piece))].join("");
}

/** @param {string} text */
function cell(text) {
  const safe = guarded(text);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function csv() {
  const now = read();
  const given = data.rooms.flatMap((room) => {
    const tick = givenOf(room, now);
    return tick ? [{ room, tick }] : [];
  });
  given.sort((one, other) => one.tick.at.localeCompare(other.tick.at));
  const rows = given.map(({ room, tick }) => [
    data.pack,
    room.id,
    room.code,
    String(room.no),
    room.label,
    whomOf(room, now),
    `${tick.at.slice(0, 19)}Z`,
    tick.by,
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

/** @type {HTMLElement} */ (document.querySelector("h1")).textContent = `${data.title} · ${data.station}`;
byId("find").oninput = drawList;
byId("by").oninput = () => {
  change((now, turn) => {
    now.by = { text: fieldOf("by").value.trim(), turn };
  });
};
byId("next").onclick = (event) => {
  const room = nextFree(read());
  if (room) openCard(room, false, event);
};
byId("download").onclick = download;
for (const choice of document.querySelectorAll("input[name=show]")) choice.addEventListener("change", drawList);
// A code that was handed out in another tab, or whose link runs out meanwhile, must not stay visible here.
window.addEventListener("storage", (event) => {
  if (event.key === KEY) refresh();
});
if (tabs) {
  // A tab that was just opened asks what the others know, and is told.
  tabs.onmessage = ({ data: heard }) => {
    if (heard) {
      keep(merged(read(), heard));
      lookAgain();
    } else tabs.postMessage(read());
  };
  tabs.postMessage(null);
}
// Also looked at by time: a link runs out without an event, and a browser may lose one of another tab.
function lookAgain() {
  if (contents(read()) !== listed) refresh();
}
setInterval(lookAgain, 5_000);
// The clock of a tablet that sleeps goes on, and its timers do not.
document.addEventListener("visibilitychange", lookAgain);
// Written once at the start, so that a browser that keeps nothing says so before the first tick.
change(() => {});
drawList();
