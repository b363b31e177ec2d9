// The screen that is held towards a person: one code, and nothing that leads to another one by mistake. What staff do
// is behind a button that has to be held. The code stays when the connection is lost, and the screen says so.
const HOLD_MS = 700;
const PANEL_MS = 30000;
// After so many polls without an answer the connection counts as lost.
const PATIENCE = 3;

// A button that does something only after it has been held: by finger, mouse, Enter or Space.
function holdButton(className, label, done) {
  const button = element("button", `hold ${className}`, label);
  button.type = "button";
  let timer = 0;
  const start = (event) => {
    if (event.repeat || (event.type === "keydown" && event.key !== "Enter" && event.key !== " ")) return;
    if (event.button) return;
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
  button.addEventListener("pointerdown", start);
  button.addEventListener("keydown", start);
  for (const ending of ["pointerup", "pointerleave", "pointercancel", "keyup", "blur"]) button.addEventListener(ending, stop);
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  return button;
}

function plainButton(className, label, done) {
  const button = element("button", className, label);
  button.type = "button";
  button.onclick = done;
  return button;
}

function list(className, texts) {
  const made = element("ul", className);
  for (const text of texts) made.append(element("li", "", text));
  return made;
}

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

function messageView(view, act) {
  const parts = [element("h1", "", view.title)];
  if (view.text) parts.push(element("p", "", view.text));
  if (view.hold) parts.push(holdButton("next", view.hold, () => act(view.does)));
  return [element("div", "message", ...parts)];
}

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
  const does = (label, what, className = "") =>
    plainButton(className, label, () => {
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
  sheet.append(
    element("div", "top", element("strong", "station"), plainButton("close", "Close", close)),
    element("p", "left"),
    element("p", "said"),
    onShow,
    element("div", "always", fullScreen, does("End this desk", "end")),
  );
  sheet.field = field;
  return sheet;
}

function build(root, triggered) {
  const screen = element("div", "screen");
  const act = (what, text = "") => triggered({ what, room: root.data.room, text });
  const main = element("main", "");
  main.ariaLive = "polite";
  const trouble = element("p", "trouble");
  trouble.setAttribute("role", "status");
  let closing = 0;
  const close = () => {
    clearTimeout(closing);
    sheet.hidden = true;
  };
  // Left open by mistake, it must not stay before the next visitor.
  const stay = () => {
    clearTimeout(closing);
    closing = setTimeout(close, PANEL_MS);
  };
  const sheet = panel(act, close);
  sheet.hidden = true;
  sheet.addEventListener("pointerdown", stay);
  sheet.addEventListener("keydown", stay);
  const open = holdButton("staff", "Staff", () => {
    sheet.hidden = false;
    stay();
  });
  open.title = "Hold to open";
  screen.append(trouble, main, open, sheet);
  root.replaceChildren(screen);
  // The browser's top layer: above Streamlit's own messages, wherever they are.
  if (screen.showPopover) {
    screen.popover = "manual";
    screen.showPopover();
  }
  return { screen, main, trouble, sheet, open, act };
}

function draw(root) {
  const { parts, data } = root;
  parts.screen.className = `screen ${data.kind}`;
  if (parts.shown !== JSON.stringify(data.view)) {
    parts.shown = JSON.stringify(data.view);
    parts.main.lang = data.view.lang;
    parts.main.replaceChildren(...(data.kind === "code" ? codeView(data.view) : messageView(data.view, parts.act)));
  }
  const { sheet } = parts;
  sheet.querySelector(".station").textContent = data.staff.station;
  sheet.querySelector(".left").textContent = data.staff.left;
  sheet.querySelector(".said").textContent = data.staff.said;
  sheet.querySelector(".on-show").hidden = !data.room;
  if (sheet.room !== data.room) sheet.field.value = data.label;
  sheet.room = data.room;
  parts.open.hidden = !data.staff.station;
}

// Every second: a lost connection shows by what does not come.
function watch(root) {
  const silent = Date.now() - root.heard > PATIENCE * root.data.every * 1000;
  const lost = silent || !navigator.onLine ? "No connection. The code stays as it is, and it still works." : "";
  root.parts.trouble.textContent = lost || root.data.trouble;
  root.parts.trouble.hidden = !root.parts.trouble.textContent;
}

function stayAwake() {
  // Only where the browser lets us, and only over https or on this machine itself.
  if (navigator.wakeLock && document.visibilityState === "visible") navigator.wakeLock.request("screen").catch(() => {});
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector("#root");
  root.data = data;
  root.heard = Date.now();
  if (!root.parts) {
    root.parts = build(root, (act) => setTriggerValue("act", act));
    root.timer = setInterval(() => watch(root), 1000);
    document.addEventListener("visibilitychange", stayAwake);
    stayAwake();
  }
  draw(root);
  watch(root);
  return () => {
    clearInterval(root.timer);
    document.removeEventListener("visibilitychange", stayAwake);
    root.parts = null;
  };
}
