/**
 * @typedef {object} CopyButtonData
 * @property {string} label
 * @property {string} text
 */

/** @param {Drawing<CopyButtonData>} drawing */
export default function ({ data, parentElement }) {
  const button = copyButton(data.label, data.text);
  button.classList.add("large");
  rootOf(parentElement).replaceChildren(button);
}
