// A button whose file is made once it is pressed. The answer may come with several drawings, and is saved once.

/**
 * What came of a press: a file with its content in base 64, or the problem with it.
 *
 * @typedef {object} Answer
 * @property {string} press
 * @property {string} name
 * @property {string} kind
 * @property {string} content
 * @property {string} problem
 *
 * @typedef {object} DownloadData
 * @property {string} label
 * @property {boolean} quiet
 * @property {string} help
 * @property {Answer | null} answer
 */

/**
 * answered: the last press whose answer came. patience: the timer that ends the waiting.
 *
 * @typedef {object} Parts
 * @property {HTMLButtonElement} button
 * @property {HTMLElement} label
 * @property {HTMLElement} problem
 * @property {string} [answered]
 * @property {number} [patience]
 */

// How long a button waits for its file, as long as the server keeps it (components/state/downloads.py).
const PATIENCE_MS = 60000;

function icon() {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  made.setAttribute("viewBox", "0 0 24 24");
  made.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M12 4v11M7 11l5 5 5-5M5 20h14");
  made.append(path);
  return made;
}

/**
 * @param {HTMLElement} root
 * @returns {Parts}
 */
function build(root) {
  const label = element("span", "");
  const button = element("button", "large", icon(), label);
  button.type = "button";
  keepsPress(button);
  const problem = element("div", "bad");
  problem.role = "alert";
  root.replaceChildren(button, problem);
  return { button, label, problem };
}

/** @param {Answer} answer */
function save({ content, kind, name }) {
  const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: kind }));
  link.download = name;
  link.click();
  // The browser reads the file after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), PATIENCE_MS);
}

/**
 * @param {Parts} parts
 * @param {boolean} waiting
 */
function waits(parts, waiting) {
  clearTimeout(parts.patience);
  parts.button.classList.toggle("waits", waiting);
  parts.button.ariaBusy = String(waiting);
  // An answer that never comes, as the connection was lost, must not take the button away for good.
  if (waiting) parts.patience = setTimeout(() => waits(parts, false), PATIENCE_MS);
}

/** @param {Drawing<DownloadData>} drawing */
export default function ({ data, parentElement, setStateValue }) {
  const root = /** @type {HTMLElement & { parts?: Parts }} */ (rootOf(parentElement));
  root.parts ??= build(root);
  const parts = root.parts;
  const { button, problem } = parts;
  button.title = data.help;
  parts.label.textContent = data.label;
  button.classList.toggle("quiet", data.quiet);
  button.onclick = () => {
    if (button.classList.contains("waits")) return;
    waits(parts, true);
    // A state and no trigger: it is still there when the press of another button breaks off what this one began.
    setStateValue("wanted", `${Date.now()}-${Math.random()}`);
  };
  problem.textContent = data.answer?.problem ?? "";
  if (!data.answer || data.answer.press === parts.answered) return;
  parts.answered = data.answer.press;
  waits(parts, false);
  if (data.answer.problem) return;
  save(data.answer);
  setStateValue("taken", data.answer.press);
}
