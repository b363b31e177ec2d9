// What is known of one thing, as names and values.

/**
 * @typedef {object} FactsData
 * @property {[string, string][]} facts
 */

/** @param {Drawing<FactsData>} drawing */
export default function ({ data, parentElement }) {
  const root = rootOf(parentElement);
  drawNews(root, data, () => {
    const list = element("dl", "");
    for (const [name, value] of data.facts) list.append(element("dt", "", name), element("dd", "", value));
    root.replaceChildren(list);
  });
}
