// The screen that is held towards a person: one code, and nothing that leads to another one by mistake. What staff do
// is behind a button that has to be held. The code stays when the connection is lost, and the screen says so.

/**
 * One code, held towards a person.
 *
 * @typedef {object} CodeView
 * @property {string} lang
 * @property {string} title
 * @property {string} ask
 * @property {string} svg
 * @property {string} alt
 * @property {string} facts
 * @property {string[]} steps
 * @property {string} link
 * @property {string} code
 *
 * A few words. does: what a button does that has to be held, and hold: what it says.
 *
 * @typedef {object} MessageView
 * @property {string} lang
 * @property {string} title
 * @property {string} text
 * @property {string} does
 * @property {string} hold
 *
 * @typedef {object} StaffPanel
 * @property {string} station
 * @property {string} left
 * @property {string} said
 *
 * kind: "code" with `code`, or the kind of the words in `message`. every: seconds between two drawings. beat: differs
 * in each.
 *
 * @typedef {object} ScreenData
 * @property {string} kind
 * @property {CodeView | null} code
 * @property {MessageView | null} message
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

/** @typedef {(what: string, text?: string) => void} Act */

/**
 * @typedef {object} Parts
 * @property {HTMLElement} screen
 * @property {HTMLElement} main
 * @property {HTMLElement} trouble
 * @property {Sheet} sheet
 * @property {HTMLElement} open
 * @property {Act} act
 * @property {string} [shown]
 *
 * What staff open by holding a button.
 *
 * @typedef {object} Sheet
 * @property {HTMLElement} whole
 * @property {HTMLInputElement} field
 * @property {HTMLElement} station
 * @property {HTMLElement} left
 * @property {HTMLElement} said
 * @property {HTMLElement} onShow
 * @property {string} [room]
 */

/** @typedef {HTMLElement & { data: ScreenData, heard: number, timer: number, parts?: Parts }} ScreenRoot */

const HOLD_MS = 700;
const PANEL_MS = 30000;
// After so many polls without an answer the connection counts as lost.
const PATIENCE = 3;

// A button that does something only after it has been held: by finger, mouse, Enter or Space.
/**
 * @param {string} className
 * @param {string} label
 * @param {() => void} done
 */
function holdButton(className, label, done) {
  const button = element("button", `hold ${className}`, label);
  button.type = "button";
  let timer = 0;
  const start = () => {
    clearTimeout(timer);
    button.classList.add("held");
    timer = setTimeout(() => {
      stop();
      done();
    }, HOLD_MS);
  };
  const stop = () => {
    clearTimeout(timer);
    button.classList.remove("held");
  };
  button.addEventListener("pointerdown", (event) => {
    if (!event.button) start();
  });
  button.addEventListener("keydown", (event) => {
    if (!event.repeat && (event.key === "Enter" || event.key === " ")) start();
  });
  for (const ending of ["pointerup", "pointerleave", "pointercancel", "keyup", "blur"]) button.addEventListener(ending, stop);
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  return button;
}

/**
 * @param {string} className
 * @param {string} label
 * @param {() => void} done
 */
function plainButton(className, label, done) {
  const button = element("button", className, label);
  button.type = "button";
  button.onclick = done;
  return button;
}

/**
 * @param {string} className
 * @param {string[]} texts
 */
function list(className, texts) {
  const made = element("ul", className);
  for (const text of texts) made.append(element("li", "", text));
  return made;
}

/** @param {CodeView} view */
function codeView(view) {
  const image = element("img", "code");
  image.src = view.svg;
  image.alt = view.alt;
  return [
    element("header", "", element("h1", "", view.title), element("p", "ask", view.ask)),
    element("div", "frame", image),
    element(
      "footer",
      "",
      element("p", "facts", view.facts),
      list("steps", view.steps),
      element("p", "link", view.link),
      element("p", "staff-code", view.code),
    ),
  ];
}

/**
 * @param {MessageView} view
 * @param {Act} act
 */
function messageView(view, act) {
  /** @type {HTMLElement[]} */
  const parts = [element("h1", "", view.title)];
  if (view.text) parts.push(element("p", "", view.text));
  if (view.hold) parts.push(holdButton("next", view.hold, () => act(view.does)));
  return [element("div", "message", ...parts)];
}

/**
 * @param {Act} act
 * @param {() => void} close
 * @returns {Sheet}
 */
function panel(act, close) {
  const sheet = element("div", "panel");
  sheet.setAttribute("role", "dialog");
  sheet.ariaLabel = "For staff";
  const field = element("input", "");
  field.type = "text";
  field.maxLength = 42;
  field.placeholder = "Name or number";
  field.autocomplete = "off";
  const form = element("form", "who", element("label", "", "Who is it for?", field), element("button", "", "Save"));
  form.onsubmit = (event) => {
    event.preventDefault();
    act("name", field.value);
  };
  /**
   * @param {string} label
   * @param {string} what
   */
  const does = (label, what) =>
    plainButton("", label, () => {
      act(what);
      close();
    });
  const onShow = element(
    "div",
    "on-show",
    form,
    does("Given on paper", "paper"),
    does("Not taken: give it back", "give_back"),
  );
  const fullScreen = plainButton("", "Full screen", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
    close();
  });
  fullScreen.hidden = !document.fullscreenEnabled;
  const station = element("strong", "station");
  const left = element("p", "left");
  const said = element("p", "said");
  sheet.append(
    element("div", "top", station, plainButton("close", "Close", close)),
    left,
    said,
    onShow,
    element("div", "always", fullScreen, does("End this desk", "end")),
  );
  return { whole: sheet, field, station, left, said, onShow };
}

/**
 * @param {ScreenRoot} root
 * @param {(act: ScreenAct) => void} triggered
 * @returns {Parts}
 */
function build(root, triggered) {
  const screen = element("div", "screen");
  /** @type {Act} */
  const act = (what, text = "") => triggered({ what, room: root.data.room, text });
  const main = element("main", "");
  main.ariaLive = "polite";
  const trouble = element("p", "trouble");
  trouble.setAttribute("role", "status");
  let closing = 0;
  const close = () => {
    clearTimeout(closing);
    sheet.whole.hidden = true;
  };
  // Left open by mistake, it must not stay before the next visitor.
  const stay = () => {
    clearTimeout(closing);
    closing = setTimeout(close, PANEL_MS);
  };
  const sheet = panel(act, close);
  sheet.whole.hidden = true;
  sheet.whole.addEventListener("pointerdown", stay);
  sheet.whole.addEventListener("keydown", stay);
  const open = holdButton("staff", "Staff", () => {
    sheet.whole.hidden = false;
    stay();
  });
  open.title = "Hold to open";
  screen.append(trouble, main, open, sheet.whole);
  root.replaceChildren(screen);
  // The browser's top layer: above Streamlit's own messages, wherever they are.
  if ("showPopover" in screen) {
    screen.popover = "manual";
    screen.showPopover();
  }
  return { screen, main, trouble, sheet, open, act };
}

/**
 * @param {ScreenData} data
 * @param {Parts} parts
 */
function draw(data, parts) {
  const view = data.code ?? data.message;
  parts.screen.className = `screen ${data.kind}`;
  if (view && parts.shown !== JSON.stringify(view)) {
    parts.shown = JSON.stringify(view);
    parts.main.lang = view.lang;
    const shown = data.code ? codeView(data.code) : data.message ? messageView(data.message, parts.act) : [];
    parts.main.replaceChildren(...shown);
  }
  const { sheet } = parts;
  sheet.station.textContent = data.staff.station;
  sheet.left.textContent = data.staff.left;
  sheet.said.textContent = data.staff.said;
  sheet.onShow.hidden = !data.room;
  if (sheet.room !== data.room) sheet.field.value = data.label;
  sheet.room = data.room;
  parts.open.hidden = !data.staff.station;
}

/**
 * Every second: a lost connection shows by what does not come.
 *
 * @param {ScreenRoot} root
 */
function watch(root) {
  if (!root.parts) return;
  const silent = Date.now() - root.heard > PATIENCE * root.data.every * 1000;
  const lost = silent || !navigator.onLine ? "No connection. The code stays as it is, and it still works." : "";
  root.parts.trouble.textContent = lost || root.data.trouble;
  root.parts.trouble.hidden = !root.parts.trouble.textContent;
}

function stayAwake() {
  // Only where the browser lets us, and only over https or on this machine itself.
  if (navigator.wakeLock && document.visibilityState === "visible") navigator.wakeLock.request("screen").catch(() => {});
}

/** @param {Drawing<ScreenData>} drawing */
export default function ({ data, parentElement, setTriggerValue }) {
  const root = /** @type {ScreenRoot} */ (rootOf(parentElement));
  root.data = data;
  root.heard = Date.now();
  if (!root.parts) {
    root.parts = build(root, (act) => setTriggerValue("act", act));
    root.timer = setInterval(() => watch(root), 1000);
    document.addEventListener("visibilitychange", stayAwake);
    stayAwake();
  }
  draw(data, root.parts);
  watch(root);
  return () => {
    clearInterval(root.timer);
    document.removeEventListener("visibilitychange", stayAwake);
    root.parts = undefined;
  };
}
