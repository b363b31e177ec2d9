// Who has which link, since when, and how far they are.

/**
 * spoken: what its button calls it. late: what about it needs a person.
 *
 * @typedef {object} HandOutRow
 * @property {string} room
 * @property {string} name
 * @property {string} spoken
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

/**
 * @param {HandOutRow} given
 * @param {(room: string) => void} manage
 */
function row(given, manage) {
  const button = element("button", "more", _("Manage"));
  button.ariaLabel = _("Manage {name}", { name: given.spoken });
  button.onclick = () => manage(given.room);
  keepsPress(button);
  const status = element("td", `status ${given.kind}`, element("span", "pill", given.how_far));
  if (given.late) status.append(element("span", "flag", given.late));
  return element(
    "tr",
    "given",
    element("td", "who", element("div", "label", given.name), element("div", "about", given.code)),
    element("td", "from", given.by),
    element("td", "since", given.since),
    status,
    element("td", "do", button),
  );
}

/** @param {Drawing<HandOutsData>} drawing */
export default function ({ data, parentElement, setTriggerValue }) {
  const root = rootOf(parentElement);
  /** @param {string} room */
  const manage = (room) => {
    takesFocusBack(root, (now) => inRow(/** @type {HTMLElement} */ (now.querySelector("tbody")), room, "more"));
    setTriggerValue("act", room);
  };
  drawNews(root, data, () => {
    const body = tableBody(root, [_("For"), _("From"), _("Since"), _("How far"), _("Do")], [_("Do")]);
    drawRows(
      body,
      data.hand_outs,
      (given) => given.room,
      (given) => row(given, manage),
    );
  });
}
