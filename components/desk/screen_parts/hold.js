// Buttons that a visitor's tap does not set off: they are held, or pressed and then confirmed.

/**
 * A button that is to be held, and what a short press of it asks instead.
 *
 * @typedef {object} HoldWords
 * @property {string} does
 * @property {string} hold
 * @property {string} hint
 * @property {string} question
 * @property {string} yes
 * @property {string} no
 */

/** @typedef {(words: HoldWords, done: () => void) => void} Ask */

const HOLD_MS = 700;

/**
 * A button that does something once it has been held, by finger, mouse, Enter or Space. A short press, by which people
 * press who cannot hold, also with a switch or a screen reader, asks first.
 *
 * @param {string} className
 * @param {HoldWords} words
 * @param {Ask} ask
 * @param {() => void} done
 */
function holdButton(className, words, ask, done) {
  const button = element("button", `hold ${className}`, element("span", "", words.hold));
  button.type = "button";
  if (words.hint) button.title = words.hint;
  let timer = 0;
  let isDone = false;
  const start = () => {
    clearTimeout(timer);
    isDone = false;
    button.classList.add("held");
    timer = setTimeout(() => {
      stop();
      isDone = true;
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
    if (event.key !== "Enter" && event.key !== " ") return;
    // Enter would press at once, before it can be held.
    event.preventDefault();
    if (!event.repeat) start();
  });
  button.addEventListener("keyup", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    if (button.classList.contains("held")) button.click();
  });
  button.addEventListener("click", (event) => {
    stop();
    // A finger's click that ends a hold is none of its own; keys and switches have no detail.
    if (!isDone || !event.detail) ask(words, done);
    isDone = false;
  });
  for (const ending of ["pointerup", "pointerleave", "pointercancel", "blur"]) button.addEventListener(ending, stop);
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
 * A dialog that is closed by Escape, by a press beside it, and by itself: left open by mistake, it must not stay before
 * the next visitor. It holds the focus, and gives it back.
 *
 * @param {string} className
 * @param {number} milliseconds
 */
function passingDialog(className, milliseconds) {
  const dialog = element("dialog", className);
  let closing = 0;
  const stay = () => {
    clearTimeout(closing);
    if (dialog.open) closing = setTimeout(() => dialog.close(), milliseconds);
  };
  for (const sign of ["pointerdown", "keydown", "focusin", "input"]) dialog.addEventListener(sign, stay);
  dialog.addEventListener("close", stay);
  // The key that was held to open it must not press what has the focus by then.
  dialog.addEventListener("keydown", (event) => {
    if (event.repeat && (event.key === "Enter" || event.key === " ")) event.preventDefault();
  });
  dialog.addEventListener("click", (event) => {
    const box = dialog.getBoundingClientRect();
    const { clientX: x, clientY: y, detail } = event;
    // Of a key, and of a switch, no place is known.
    const isBeside = x < box.left || x > box.right || y < box.top || y > box.bottom;
    if (event.target === dialog && detail && isBeside) dialog.close();
  });
  return dialog;
}

/** What asks instead of a held button: a dialog, and what opens it. */
function question() {
  const dialog = passingDialog("question", 30000);
  dialog.setAttribute("role", "alertdialog");
  const asked = element("h2", "");
  asked.id = "asked";
  dialog.setAttribute("aria-labelledby", asked.id);
  const answers = element("div", "answers");
  dialog.append(asked, answers);
  /** @type {Ask} */
  const ask = (words, done) => {
    asked.textContent = words.question;
    const no = plainButton("", words.no, () => dialog.close());
    no.autofocus = true;
    const yes = plainButton("yes", words.yes, () => {
      dialog.close();
      done();
    });
    answers.replaceChildren(no, yes);
    dialog.showModal();
  };
  return { dialog, ask };
}
