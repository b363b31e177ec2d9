// Who has which link, since when, and how far they are.

/**
 * late: what about it needs a person.
 *
 * @typedef {object} HandOutRow
 * @property {string} room
 * @property {string} name
 * @property {string} code
 * @property {string} by
 * @property {string} since
 * @property {string} kind
 * @property {string} how_far
 * @property {string} late
 *
 * @typedef {object} HandOutsData
 * @property {HandOutRow[]} hand_outs
 */

/** @param {Drawing<HandOutsData>} drawing */
export default function ({ data, parentElement, setTriggerValue }) {
  const root = rootOf(parentElement);
  if (!isNew(root, data)) return;
  const head = headRow(["For", "From", "Since", "How far", ""]);
  const body = element("tbody", "");
  for (const given of data.hand_outs) {
    const manage = element("button", "more", "Manage");
    manage.ariaLabel = `Manage ${given.name}`;
    manage.onclick = () => setTriggerValue("act", given.room);
    const status = element("td", `status ${given.kind}`, element("span", "pill", given.how_far));
    if (given.late) status.append(element("span", "flag", given.late));
    const row = element(
      "tr",
      "given",
      element("td", "who", element("div", "label", given.name), element("div", "about", given.code)),
      element("td", "from", given.by),
      element("td", "since", given.since),
      status,
      element("td", "do", manage),
    );
    body.append(row);
  }
  root.replaceChildren(element("table", "", element("thead", "", head), body));
}
