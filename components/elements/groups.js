// Names the rows of a list, so that a screen reader says to which of them a button belongs: each may have an "Open".

/**
 * @typedef {object} GroupsData
 * @property {Record<string, string>} names
 */

/** @param {Drawing<GroupsData>} drawing */
export default function ({ data }) {
  // At every drawing: Streamlit may have made a row once more, and then it has no name yet.
  for (const [key, name] of Object.entries(data.names)) {
    const row = document.querySelector(`.st-key-${CSS.escape(key)}`);
    row?.setAttribute("role", "group");
    row?.setAttribute("aria-label", name);
  }
}
