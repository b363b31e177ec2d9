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
 * shown: the data that was drawn last. waits: the timer of a drawing that waits. titles: of the table that it holds.
 *
 * @typedef {HTMLElement & { shown?: string, waits?: number, titles?: string }} Root
 *
 * A row of a table, with what it was made of.
 *
 * @typedef {HTMLElement & { key?: string, shown?: string }} Row
 */

/**
 * The element that a component draws into; it stays from one drawing to the next.
 *
 * @param {ShadowRoot} parentElement
 * @returns {Root}
 */
function rootOf(parentElement) {
  return /** @type {Root} */ (parentElement.querySelector("#root"));
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
  keepsPress(button);
  button.onclick = async () => {
    button.classList.add("said");
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
      button.classList.remove("said");
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
 * Draws what is new, and nothing else: a rerun without news must not take the focus away or close what is open. While a
 * button in it is held down the drawing waits, as a press that ends on another button than it began on does not count;
 * and while one says what came of a press.
 *
 * @param {Root} root
 * @param {unknown} data
 * @param {() => void} draw
 */
function drawNews(root, data, draw) {
  clearTimeout(root.waits);
  const shown = JSON.stringify(data);
  if (root.shown === shown) return;
  if (root.querySelector(":active, .said")) {
    root.waits = setTimeout(() => drawNews(root, data, draw), 50);
    return;
  }
  root.shown = shown;
  draw();
}

/**
 * The body of a component's table, which is made once for the same titles.
 *
 * @param {Root} root
 * @param {string[]} titles
 */
function tableBody(root, titles) {
  const known = root.querySelector("tbody");
  if (known && root.titles === titles.join()) return known;
  root.titles = titles.join();
  const head = element("tr", "");
  for (const title of titles) {
    const cell = element("th", "", title);
    cell.scope = "col";
    head.append(cell);
  }
  const body = element("tbody", "");
  root.replaceChildren(element("table", "", element("thead", "", head), body));
  return body;
}

/**
 * Draws the rows that have changed. The others are not touched: what a person reads does not move.
 *
 * @template Item
 * @param {HTMLElement} body
 * @param {Item[]} items
 * @param {(item: Item) => string} keyOf
 * @param {(item: Item) => Row} make
 */
function drawRows(body, items, keyOf, make) {
  const wanted = new Map(items.map((item) => [keyOf(item), JSON.stringify(item)]));
  const rows = /** @type {HTMLCollectionOf<Row>} */ (body.children);
  /** @type {Map<string, Row>} */
  const known = new Map();
  for (const row of [...rows]) {
    if (row.key !== undefined && wanted.get(row.key) === row.shown) known.set(row.key, row);
    else row.remove();
  }
  for (const [place, item] of items.entries()) {
    const key = keyOf(item);
    const row = known.get(key) ?? Object.assign(make(item), { key, shown: wanted.get(key) });
    if (rows[place] !== row) body.insertBefore(row, rows[place] ?? null);
  }
}

/**
 * Lets a press count although the page moves the button away while the finger is down.
 *
 * @param {HTMLElement} button
 */
function keepsPress(button) {
  button.addEventListener("pointerdown", (event) => button.setPointerCapture(event.pointerId));
}
