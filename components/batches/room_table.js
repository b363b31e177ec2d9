/**
 * @typedef {object} RoomRow
 * @property {number} number
 * @property {string} label
 * @property {string} link
 * @property {boolean} usable
 * @property {string} why_not
 * @property {string} status
 * @property {string} moment
 *
 * @typedef {object} RoomTableData
 * @property {RoomRow[]} rooms
 * @property {string} moment
 */

/** @param {RoomRow} room */
function row(room) {
  const link = element("td", "to", element("span", "link", room.link));
  if (!room.usable) link.append(element("div", "bad", room.why_not));
  const actions = element("td", "do");
  if (room.usable) {
    actions.append(
      copyButton("Copy", room.link, `Copy link ${room.number}`),
      openLink(room.link, "Open", `Open link ${room.number}`),
    );
  }
  return element(
    "tr",
    "room",
    element("td", "no", String(room.number)),
    element("td", "label", room.label || "–"),
    link,
    element("td", `status ${room.status}`, element("span", "pill", room.status)),
    element("td", "moment", room.moment),
    actions,
  );
}

/** @param {Drawing<RoomTableData>} drawing */
export default function ({ data, parentElement }) {
  const root = rootOf(parentElement);
  drawNews(root, data, () => {
    const body = tableBody(root, ["No.", "Label", "Link", "Status", data.moment, ""]);
    drawRows(
      body,
      data.rooms,
      (room) => String(room.number),
      row,
    );
  });
}
