// The screen that is held towards a person: one code, and nothing that leads to another one by mistake. What staff do
// is behind a button that a tap does not set off. The code stays when the connection is lost, and the screen says so.

/**
 * What a person before the screen reads, in one language. ask: what to do, or a message's text. lost: the state's word
 * without a connection.
 *
 * @typedef {object} Words
 * @property {string} lang
 * @property {string} language
 * @property {string} state
 * @property {string} lost
 * @property {string} title
 * @property {string} facts
 * @property {string} ask
 * @property {string[]} steps
 * @property {string} alt
 * @property {string} code
 *
 * One code. whom: the person whom it is for, where that is known.
 *
 * @typedef {object} CodeView
 * @property {string} svg
 * @property {string} link
 * @property {string} whom
 *
 * state: its colour. own: the language that the next person finds. code: null where only words are shown. press: what
 * may be done by holding a button. every: seconds between two drawings. beat: differs in each.
 *
 * @typedef {object} ScreenData
 * @property {string} state
 * @property {string} own
 * @property {Words[]} words
 * @property {CodeView | null} code
 * @property {HoldWords | null} press
 * @property {string} room
 * @property {string} label
 * @property {string} trouble
 * @property {StaffPanel} staff
 * @property {number} beat
 * @property {number} every
 *
 * What staff did, and about which room.
 *
 * @typedef {object} ScreenAct
 * @property {string} what
 * @property {string} room
 * @property {string} text
 */

/**
 * awake: whether the tablet stays on. chosen: the language that the person before the screen chose. visitor: the room of
 * that person. touched: when the screen was touched last. shown, offered: what was drawn last. state: of the desk.
 *
 * @typedef {object} Parts
 * @property {HTMLElement} screen
 * @property {HTMLElement} band
 * @property {HTMLElement} trouble
 * @property {HTMLElement} stage
 * @property {HTMLImageElement} image
 * @property {HTMLElement} languages
 * @property {HTMLElement} count
 * @property {HTMLElement} touch
 * @property {Sheet} sheet
 * @property {Ask} ask
 * @property {Act} act
 * @property {Awake} [awake]
 * @property {string} chosen
 * @property {string} visitor
 * @property {number} touched
 * @property {string} [shown]
 * @property {string} [offered]
 * @property {string} [state]
 */

/** @typedef {HTMLElement & { data: ScreenData, heard: number, timer: number, sleep: () => void, parts?: Parts }} ScreenRoot */

// After so many polls without an answer the connection counts as lost.
const PATIENCE = 3;
// A person who chose a language and left must not have chosen it for the next one.
const CHOSEN_FOR_MS = 90000;

/**
 * @param {string} className
 * @param {string} text
 */
const line = (className, text) => (text ? [element("p", className, text)] : []);

/** @param {string} text */
function heading(text) {
  const made = element("h1", "", text);
  // Takes the focus when what had it has gone.
  made.tabIndex = -1;
  return made;
}

/**
 * @param {CodeView} code
 * @param {Words} words
 * @param {HTMLImageElement} image
 */
function codeView(code, words, image) {
  if (image.src !== code.svg) image.src = code.svg;
  image.alt = words.alt;
  const steps = element("ul", "steps", ...words.steps.map((step) => element("li", "", step)));
  return [
    element("div", "head", heading(words.title), ...line("facts", words.facts), ...line("whom", code.whom)),
    element("div", "frame", image),
    element(
      "div",
      "foot",
      ...line("ask", words.ask),
      steps,
      ...line("link", code.link),
      ...line("staff-code", words.code),
    ),
  ];
}

/**
 * @param {ScreenData} data
 * @param {Words} words
 * @param {Parts} parts
 */
function messageView({ press }, words, { ask, act }) {
  const message = element("div", "message", heading(words.title), ...line("", words.ask));
  if (press) message.append(holdButton("next", press, ask, () => act(press.does)));
  return [message];
}

/**
 * @param {ScreenRoot} root
 * @param {(act: ScreenAct) => void} triggered
 * @returns {Parts}
 */
function build(root, triggered) {
  const { words } = root.data.staff;
  /** @type {Act} */
  const act = (what, text = "") => triggered({ what, room: root.data.room, text });
  const asking = question();
  const sheet = staffSheet(words, act);
  const band = element("p", "band");
  band.setAttribute("role", "status");
  const trouble = element("p", "trouble");
  trouble.setAttribute("role", "status");
  const languages = element("div", "languages");
  languages.setAttribute("role", "group");
  languages.ariaLabel = words.languages;
  const count = element("span", "");
  const touch = element("span", "", words.touch);
  const open = holdButton("staff", words.staff, asking.ask, () => sheet.dialog.showModal());
  const stage = element("div", "stage");
  const forStaff = element("div", "for-staff", element("small", "", count, touch), open);
  const bar = element("div", "bar", languages, forStaff);
  const screen = element("div", "screen", band, trouble, stage, bar, sheet.dialog, asking.dialog);
  root.replaceChildren(screen);
  // The browser's top layer: above Streamlit's own messages, wherever they are.
  if ("showPopover" in screen) {
    screen.popover = "manual";
    screen.showPopover();
  }
  const image = element("img", "code");
  /** @type {Parts} */
  const parts = {
    ...{ screen, band, trouble, stage, image, languages, count, touch, sheet, act },
    ...{ ask: asking.ask, chosen: "", visitor: "", touched: 0 },
  };
  for (const sign of ["pointerdown", "keydown"]) {
    screen.addEventListener(sign, () => {
      parts.touched = Date.now();
      allowSignal().finally(() => watch(root));
    });
  }
  return parts;
}

/** @param {ScreenRoot} root */
function draw(root) {
  const { data, parts } = root;
  if (!parts) return;
  if (parts.state && parts.state !== "begun" && data.state === "begun") giveSignal();
  parts.state = data.state;
  // After an interview has begun, its person may go on reading.
  if (data.state !== "begun" && parts.visitor !== data.room) parts.chosen = "";
  if (data.state !== "begun") parts.visitor = data.room;
  drawLanguages(root, parts);
  const words = wordsOf(data, parts);
  const shown = JSON.stringify([words, data.code, data.press]);
  if (parts.shown !== shown) {
    const hadFocus = !parts.shown || parts.stage.contains(focused(root));
    parts.shown = shown;
    parts.screen.classList.toggle("code", Boolean(data.code));
    parts.stage.lang = words.lang;
    parts.stage.replaceChildren(
      ...(data.code ? codeView(data.code, words, parts.image) : messageView(data, words, parts)),
    );
    if (hadFocus) parts.stage.querySelector("h1")?.focus({ preventScroll: true });
  }
  drawForStaff(data, parts);
  watch(root);
}

/** @param {ScreenRoot} root */
function focused(root) {
  return /** @type {ShadowRoot} */ (root.getRootNode()).activeElement;
}

/**
 * @param {ScreenData} data
 * @param {Parts} parts
 */
function wordsOf({ words, own }, { chosen }) {
  const found = words.find(({ lang }) => lang === chosen) ?? words.find(({ lang }) => lang === own);
  return found ?? words[0];
}

/**
 * @param {ScreenRoot} root
 * @param {Parts} parts
 */
function drawLanguages(root, parts) {
  const { words } = root.data;
  const now = wordsOf(root.data, parts).lang;
  const offered = words.map(({ lang }) => lang).join();
  if (parts.offered !== offered) {
    parts.offered = offered;
    const buttons = words.map(({ lang, language }) => {
      const button = plainButton("", language, () => {
        parts.chosen = lang;
        draw(root);
      });
      button.lang = lang;
      return button;
    });
    parts.languages.replaceChildren(...(words.length > 1 ? buttons : []));
  }
  for (const button of /** @type {HTMLCollectionOf<HTMLElement>} */ (parts.languages.children)) {
    button.ariaPressed = String(button.lang === now);
  }
}

/**
 * @param {ScreenData} data
 * @param {Parts} parts
 */
function drawForStaff({ staff, room, label }, { sheet, count }) {
  count.textContent = staff.count;
  sheet.station.textContent = staff.station;
  sheet.count.textContent = staff.count;
  if (sheet.said.textContent !== staff.said) sheet.said.textContent = staff.said;
  sheet.onShow.hidden = !room;
  if (sheet.room !== room) sheet.field.value = label;
  sheet.room = room;
}

/**
 * Every second: a lost connection shows by what does not come, and a person who has left by what is not touched.
 *
 * @param {ScreenRoot} root
 */
function watch(root) {
  const { data, parts } = root;
  if (!parts) return;
  if (parts.chosen && Date.now() - parts.touched > CHOSEN_FOR_MS) {
    parts.chosen = "";
    draw(root);
  }
  const words = wordsOf(data, parts);
  const isLost = Date.now() - root.heard > PATIENCE * data.every * 1000 || !navigator.onLine;
  parts.screen.dataset.state = isLost ? "unreachable" : data.state;
  tell(parts.band, isLost ? words.lost : words.state);
  parts.band.lang = words.lang;
  parts.band.style.setProperty("--letters", String(parts.band.textContent.length));
  tell(parts.trouble, isLost && data.code ? data.staff.words.lost : data.trouble);
  parts.trouble.hidden = !parts.trouble.textContent;
  parts.touch.hidden = !signalWaits();
  parts.sheet.awake.textContent = parts.awake ? data.staff.words[parts.awake] : "";
}

/**
 * Says something once: a live region speaks each time that its text is put in.
 *
 * @param {HTMLElement} place
 * @param {string} text
 */
function tell(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/** @param {Drawing<ScreenData>} drawing */
export default function ({ data, parentElement, setTriggerValue }) {
  const root = /** @type {ScreenRoot} */ (rootOf(parentElement));
  root.data = data;
  root.heard = Date.now();
  if (!root.parts) {
    root.parts = build(root, (act) => setTriggerValue("act", act));
    root.timer = setInterval(() => watch(root), 1000);
    root.sleep = keepAwake((how) => {
      if (root.parts) root.parts.awake = how;
      watch(root);
    });
  }
  draw(root);
  return () => {
    clearInterval(root.timer);
    root.sleep();
    root.parts = undefined;
    setTimeout(focusMain);
  };
}
