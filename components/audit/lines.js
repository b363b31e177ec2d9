// Who did what to which rooms, when and from where.

/**
 * @typedef {object} LineRow
 * @property {number} id
 * @property {string} when
 * @property {string} who
 * @property {string} role
 * @property {string} what
 * @property {string} about
 * @property {string} ids
 * @property {string} came_from
 *
 * @typedef {object} LinesData
 * @property {LineRow[]} lines
 */

/** @param {LineRow} line */
function row(line) {
  const person = element("td", "who", element("div", "label", line.who));
  if (line.role) person.append(element("div", "about", line.role));
  const rooms = element("td", "rooms", element("div", "", line.about));
  if (line.ids) rooms.append(element("div", "about", line.ids));
  return element(
    "tr",
    "line",
    element("td", "when", element("div", "", line.when), element("div", "about", _("No. {number}", { number: line.id }))),
    person,
    element("td", "what", line.what),
    rooms,
    element("td", "from", line.came_from),
  );
}

/** @param {Drawing<LinesData>} drawing */
export default function ({ data, parentElement }) {
  const root = rootOf(parentElement);
  drawNews(root, data, () => {
    const body = tableBody(root, [_("When"), _("Who"), _("What"), _("On what"), _("From where")]);
    drawRows(
      body,
      data.lines,
      (line) => String(line.id),
      (line) => row(line),
    );
  });
}
