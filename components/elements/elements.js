// What every component's script begins with (components/elements/browser.py). It has no exports: it is put before them.

/**
 * What Streamlit calls a component with, at each drawing. data: as Python sent it.
 *
 * @template Data
 * @typedef {object} Drawing
 * @property {Data} data
 * @property {ShadowRoot} parentElement
 * @property {(name: string, value: unknown) => void} setStateValue
 * @property {(name: string, value: unknown) => void} setTriggerValue
 */

/**
 * The element that a component draws into; it stays from one drawing to the next.
 *
 * @param {ShadowRoot} parentElement
 * @returns {HTMLElement & { shown?: string }}
 */
function rootOf(parentElement) {
  return /** @type {HTMLElement} */ (parentElement.querySelector("#root"));
}

/**
 * Copies text, also on a plain-HTTP page of the local network, where there is no navigator.clipboard.
 *
 * @param {string} text
 */
async function copyText(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  if (!copied) throw new Error("the browser did not copy");
}

/**
 * A button that copies, says so for a moment, and says it to screen readers too.
 *
 * @param {string} label
 * @param {string} text
 * @param {string} spoken
 */
function copyButton(label, text, spoken = label) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = label;
  button.ariaLabel = spoken;
  button.ariaLive = "polite";
  button.onclick = async () => {
    let said = "Copied";
    try {
      await copyText(text);
    } catch {
      said = "Not copied";
    }
    button.textContent = said;
    button.ariaLabel = said;
    setTimeout(() => {
      button.textContent = label;
      button.ariaLabel = spoken;
    }, 1500);
  };
  return button;
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
 * @param {string} url
 * @param {string} label
 * @param {string} spoken
 */
function openLink(url, label, spoken) {
  const link = element("a", "open", label);
  link.href = url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.ariaLabel = spoken;
  return link;
}

/**
 * The first row of a table.
 *
 * @param {string[]} titles
 */
function headRow(titles) {
  const head = element("tr", "");
  for (const title of titles) {
    const cell = element("th", "", title);
    cell.scope = "col";
    head.append(cell);
  }
  return head;
}

/**
 * Whether there is anything to draw: a rerun without news must not take the focus away or close what is open.
 *
 * @param {HTMLElement & { shown?: string }} root
 * @param {unknown} data
 */
function isNew(root, data) {
  const shown = JSON.stringify(data);
  if (root.shown === shown) return false;
  root.shown = shown;
  return true;
}

/**
 * Lets a press count although the page moves the button away while the finger is down.
 *
 * @param {HTMLElement} button
 */
function keepsPress(button) {
  button.addEventListener("pointerdown", (event) => button.setPointerCapture(event.pointerId));
}
