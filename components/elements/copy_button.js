/**
 * @typedef {object} CopyButtonData
 * @property {string} label
 * @property {string} text
 * @property {boolean} primary
 * @property {string} spoken
 */

/** @param {Drawing<CopyButtonData>} drawing */
export default function ({ data, parentElement }) {
  const root = rootOf(parentElement);
  drawNews(root, data, () => {
    const button = copyButton(data.label, data.text, data.spoken);
    button.classList.add("large");
    button.classList.toggle("primary", data.primary);
    root.replaceChildren(button);
  });
}
