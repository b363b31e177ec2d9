// Says to screen readers what moves on the page, such as "Creating 40 rooms: 12 are there".

/**
 * @typedef {object} LiveData
 * @property {string} said
 *
 * @typedef {Root & { last?: number, later?: number }} LiveRoot
 */

// What is read out takes time: what comes sooner waits, and gives way to what comes after it.
const PAUSE_MS = 5000;

/** @param {Drawing<LiveData>} drawing */
export default function ({ data, parentElement }) {
  const root = /** @type {LiveRoot} */ (rootOf(parentElement));
  root.className = "unseen";
  drawNews(root, data, () => {
    clearTimeout(root.later);
    const rest = (root.last ?? 0) + PAUSE_MS - Date.now();
    root.later = setTimeout(() => {
      root.last = Date.now();
      say(root, data.said);
    }, Math.max(0, rest));
  });
}
