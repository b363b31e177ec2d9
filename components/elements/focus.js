// Gives the focus back to a button of Streamlit's, once the dialog that it opens is closed.

/**
 * @typedef {object} FocusData
 * @property {string} key
 */

/** @param {Drawing<FocusData>} drawing */
export default function ({ data, parentElement }) {
  const root = rootOf(parentElement);
  drawNews(root, data, () => {
    /** @returns {HTMLElement | null} */
    const opener = () => document.querySelector(`.st-key-${CSS.escape(data.key)} button`);
    if (data.key) takesFocusBack(root, opener);
  });
}
