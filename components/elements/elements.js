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
 * returns: what waits for a dialog to be closed.
 *
 * @typedef {HTMLElement & { shown?: string, waits?: number, titles?: string, returns?: MutationObserver }} Root
 *
 * A row of a table, with what it was made of.
 *
 * @typedef {HTMLElement & { key?: string, shown?: string }} Row
 */

/**
 * A text in the session's language (TEXTS, which components/elements/browser.py puts before this).
 *
 * @param {string} message in English
 * @param {Record<string, string | number>} values what stands in the places of their names in braces
 */
function _(message, values = {}) {
  return (TEXTS[message] ?? message).replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
}

/**
 * The element that a component draws into; it stays from one drawing to the next.
 *
 * @param {ShadowRoot} parentElement
 * @returns {Root}
 */
function rootOf(parentElement) {
  const root = /** @type {Root} */ (parentElement.querySelector("#root"));
  queueMicrotask(() => joinsTabOrder(root));
  return root;
}

/**
 * What Tab stops at in a component.
 *
 * @param {HTMLElement} root
 */
function stops(root) {
  const found = root.querySelectorAll("button, a[href], input, textarea");
  return /** @type {HTMLElement[]} */ ([...found]).filter((each) => each.checkVisibility());
}

/**
 * Lets Tab come to a component that lies in a dialog: Streamlit moves the focus there by itself, and does not look into
 * components.
 *
 * @param {HTMLElement} root
 */
function joinsTabOrder(root) {
  const home = root.getRootNode();
  if (!(home instanceof ShadowRoot) || !home.host.closest('[role="dialog"]') || !stops(root).length) return;
  const host = /** @type {HTMLElement} */ (home.host);
  if (host.tabIndex === 0) return;
  host.tabIndex = 0;
  host.addEventListener("focus", ({ relatedTarget }) => {
    const from = /** @type {Node | null} */ (relatedTarget);
    const comesBack = from && host.compareDocumentPosition(from) & Node.DOCUMENT_POSITION_FOLLOWING;
    stops(root).at(comesBack ? -1 : 0)?.focus();
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return;
    const all = stops(root);
    const next = all.indexOf(/** @type {HTMLElement} */ (home.activeElement)) + (event.shiftKey ? -1 : 1);
    // Within the component the browser moves the focus, and from its ends Streamlit does.
    if (all[next]) event.stopPropagation();
  });
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

/** Gives the focus to Streamlit's main part, where what had it has just gone, or goes in a moment. */
function focusMain() {
  const had = document.activeElement;
  if (had && had !== document.body && had.tagName !== "BUTTON") return;
  /** @type {HTMLElement | null} */ (document.querySelector("[data-testid=stMain]"))?.focus({ preventScroll: true });
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
  keepsPress(button);
  button.onclick = async () => {
    button.classList.add("said");
    let said = _("Copied");
    try {
      await copyText(text);
    } catch {
      said = _("Not copied");
    }
    button.textContent = said;
    button.ariaLabel = said;
    say(button, said);
    setTimeout(() => {
      button.textContent = label;
      button.ariaLabel = spoken;
      button.classList.remove("said");
    }, 1500);
  };
  return button;
}

/**
 * Says something to screen readers, beside what is shown.
 *
 * @param {HTMLElement} near
 * @param {string} text
 */
function say(near, text) {
  const home = /** @type {ShadowRoot} */ (near.getRootNode());
  const known = /** @type {HTMLElement | null} */ (home.querySelector("[role=status].unseen"));
  const news = known ?? element("div", "unseen");
  news.role = "status";
  if (!known) home.append(news);
  // Only what changes in a region that is there already is read out, also where the same is said twice.
  news.textContent = "";
  setTimeout(() => {
    news.textContent = text;
  }, 50);
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
 * The body of a component's table, which is made once for the same titles. Its roles are named, as some browsers forget
 * them where a style shows its rows as blocks.
 *
 * @param {Root} root
 * @param {string[]} titles
 * @param {string[]} unseen those that only screen readers need
 */
function tableBody(root, titles, unseen = []) {
  const known = root.querySelector("tbody");
  if (known && root.titles === titles.join()) return known;
  root.titles = titles.join();
  const head = element("tr", "");
  for (const title of titles) {
    const cell = element("th", "", unseen.includes(title) ? element("span", "unseen", title) : title);
    cell.scope = "col";
    cell.role = "columnheader";
    head.append(cell);
  }
  head.role = "row";
  const top = element("thead", "", head);
  const body = element("tbody", "");
  top.role = body.role = "rowgroup";
  const table = element("table", "", top, body);
  table.role = "table";
  root.replaceChildren(table);
  return body;
}

/**
 * Draws the rows that have changed. The others are not touched: what a person reads does not move. A row that is drawn
 * again keeps the focus.
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
  const focused = focusIn(body);
  /** @type {Map<string, Row>} */
  const known = new Map();
  for (const row of [...rows]) {
    if (row.key !== undefined && wanted.get(row.key) === row.shown) known.set(row.key, row);
    else row.remove();
  }
  for (const [place, item] of items.entries()) {
    const key = keyOf(item);
    const row = known.get(key) ?? Object.assign(tableRow(make(item)), { key, shown: wanted.get(key) });
    if (rows[place] !== row) body.insertBefore(row, rows[place] ?? null);
  }
  if (focused && !focusIn(body)) inRow(body, focused.key, focused.what)?.focus({ preventScroll: true });
}

/** @param {Row} row */
function tableRow(row) {
  row.role = "row";
  for (const cell of row.children) cell.role = "cell";
  return row;
}

/**
 * Where the focus is: the key of its row, and the class of the element.
 *
 * @param {HTMLElement} body
 */
function focusIn(body) {
  const focused = /** @type {ShadowRoot} */ (body.getRootNode()).activeElement;
  if (!focused || !body.contains(focused)) return null;
  return { key: /** @type {Row | null} */ (focused.closest("tr"))?.key, what: focused.classList[0] };
}

/**
 * What is of a class in the row of a key.
 *
 * @param {HTMLElement} body
 * @param {string | undefined} key
 * @param {string | undefined} what
 */
function inRow(body, key, what) {
  const row = [.../** @type {HTMLCollectionOf<Row>} */ (body.children)].find((each) => each.key === key);
  return /** @type {HTMLElement | null | undefined} */ (what && row?.querySelector(`.${what}`));
}

/**
 * Gives the focus back once the dialog that a press is about to open has been closed. Streamlit does not do so for
 * every button. One press at a time is waited for.
 *
 * @param {Root} root
 * @param {(root: HTMLElement) => HTMLElement | null | undefined} find the button in the component's root: both may have
 * been made again meanwhile
 */
function takesFocusBack(root, find) {
  root.returns?.disconnect();
  const { host } = /** @type {ShadowRoot} */ (root.getRootNode());
  const key = [.../** @type {Element} */ (host.closest('[class*="st-key-"]')).classList].find((name) => name.startsWith("st-key-"));
  let wasOpen = false;
  const watch = new MutationObserver(() => {
    const isOpen = document.querySelector('[role="dialog"]') !== null;
    if (isOpen || !wasOpen) {
      wasOpen = isOpen;
      return;
    }
    watch.disconnect();
    // Streamlit's own try at it comes first.
    setTimeout(() => {
      const isFree = !document.activeElement || document.activeElement === document.body;
      const now = isFree && rootIn(document.querySelector(`.${CSS.escape(String(key))}`));
      if (now) find(now)?.focus({ preventScroll: true });
    });
  });
  watch.observe(document.body, { childList: true, subtree: true });
  root.returns = watch;
}

/**
 * The root of the component in an element of the page.
 *
 * @param {Element | null} place
 * @returns {HTMLElement | null | undefined}
 */
function rootIn(place) {
  const hosts = place ? [...place.querySelectorAll("*")] : [];
  return hosts.find((each) => each.shadowRoot)?.shadowRoot?.querySelector("#root");
}

/**
 * Lets a press count although the page moves the button away while the finger is down.
 *
 * @param {HTMLElement} button
 */
function keepsPress(button) {
  button.addEventListener("pointerdown", (event) => button.setPointerCapture(event.pointerId));
}
