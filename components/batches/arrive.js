// Brings a new result into view, once: a rerun of the same page must not move what a person is reading.

/**
 * @typedef {object} ArriveData
 * @property {string} nonce
 * @property {string} said
 */

// In so many looks in turn it was in sight: nothing above or below it is being drawn any more.
const LOOKS_AT_REST = 6;

/** @param {Drawing<ArriveData>} drawing */
export default function ({ data, parentElement }) {
  const root = rootOf(parentElement);
  if (root.dataset.seen === data.nonce) return;
  root.dataset.seen = data.nonce;
  root.setAttribute("role", "status");
  root.tabIndex = -1;
  root.textContent = data.said;
  root.focus({ preventScroll: true });
  const isInSight = () => {
    const { top } = root.getBoundingClientRect();
    return top >= 0 && top < innerHeight / 2;
  };
  // A result that is in sight already stays where it is.
  if (isInSight()) return;

  // What comes below is still being drawn: until it is, there is not enough page to scroll. A person's own move wins.
  const moves = ["wheel", "touchstart", "pointerdown", "keydown"];
  let looks = 0;
  const scroll = setInterval(() => {
    looks = isInSight() ? looks + 1 : 0;
    if (looks === LOOKS_AT_REST) stop();
    else root.scrollIntoView({ behavior: "smooth", block: "start" });
  }, 250);
  const stop = () => {
    clearInterval(scroll);
    for (const move of moves) removeEventListener(move, hold, true);
  };
  // A scroll under way would move a button away between the press and the release, and the press would be lost.
  const hold = () => {
    stop();
    for (const area of areasAround(root)) area.scrollTo({ top: area.scrollTop, behavior: "instant" });
  };
  for (const move of moves) addEventListener(move, hold, { capture: true, passive: true });
  return stop;
}

/**
 * The elements around a component, of which one scrolls.
 *
 * @param {HTMLElement} root
 */
function areasAround(root) {
  const found = [];
  /** @type {Element | null} */
  let area = /** @type {ShadowRoot} */ (root.getRootNode()).host ?? root;
  for (; area; area = area.parentElement) found.push(area);
  return found;
}
