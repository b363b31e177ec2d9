// A page of the rooms of a study. Only the rows that have changed are drawn again: what a person reads does not move.

/**
 * A room of the table. about: what else tells it from others. usable: whether its link may be copied.
 *
 * @typedef {object} StudyRow
 * @property {string} id
 * @property {number} number
 * @property {string} name
 * @property {string} label
 * @property {string} about
 * @property {string} link
 * @property {boolean} usable
 * @property {string} status
 * @property {string[]} flags
 * @property {string} moment
 * @property {boolean} chosen
 *
 * A tick, as it is told to Python. turn: its number, counted over all rooms.
 *
 * @typedef {object} Tick
 * @property {boolean} ticked
 * @property {number} turn
 *
 * moment: the title of that column. heard: the turn of the newest tick that Python knows. cleared: the turn up to
 * which all ticks are taken back.
 *
 * @typedef {object} StudyTableData
 * @property {StudyRow[]} rooms
 * @property {string} moment
 * @property {number} heard
 * @property {number} cleared
 */

/** @typedef {HTMLElement & { ticks?: Record<string, Tick>, last?: number, moment?: string }} TableRoot */

/** @typedef {HTMLTableRowElement & { shown?: string, box?: HTMLInputElement }} TableRow */

/**
 * @param {StudyRow} room
 * @param {(id: string) => void} manage
 */
function moreButton(room, manage) {
  const button = element("button", "more", "Manage");
  button.ariaLabel = `Manage ${room.name}`;
  button.onclick = () => manage(room.id);
  return button;
}

/**
 * @param {StudyRow} room
 * @param {(id: string, ticked: boolean) => void} tick
 */
function chooser(room, tick) {
  const box = element("input", "");
  box.type = "checkbox";
  box.checked = room.chosen;
  box.ariaLabel = `Choose ${room.name}`;
  box.onchange = () => tick(room.id, box.checked);
  return box;
}

/**
 * @param {StudyRow} room
 * @param {(id: string) => void} manage
 * @param {(id: string, ticked: boolean) => void} tick
 * @returns {TableRow}
 */
function row(room, manage, tick) {
  const who = element("td", "who", element("div", "label", room.label || "–"));
  if (room.about) who.append(element("div", "about", room.about));
  const link = element("td", "to", element("span", "link", room.link));
  const status = element("td", `status ${room.status}`, element("span", "pill", room.status));
  for (const flag of room.flags) status.append(element("span", "flag", flag));
  const actions = element("td", "do");
  if (room.usable) actions.append(copyButton("Copy", room.link, `Copy the link of ${room.name}`));
  actions.append(moreButton(room, manage));
  const box = chooser(room, tick);
  const made = element(
    "tr",
    "room",
    element("td", "choose", box),
    element("td", "no", String(room.number)),
    who,
    link,
    status,
    element("td", "moment", room.moment),
    actions,
  );
  made.id = `room-${room.id}`;
  return Object.assign(made, { shown: JSON.stringify(room), box });
}

/** @param {Drawing<StudyTableData>} drawing */
export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = /** @type {TableRoot} */ (rootOf(parentElement));
  root.ticks ??= {};
  const ticks = root.ticks;
  root.last = Math.max(root.last ?? 0, data.heard);
  for (const [id, { turn }] of Object.entries(ticks)) if (turn <= data.cleared) delete ticks[id];
  /** @param {string} id */
  const manage = (id) => setTriggerValue("act", id);
  /**
   * All ticks each time, numbered: the server may be busy, and hears only of the last change.
   *
   * @param {string} id
   * @param {boolean} ticked
   */
  const tick = (id, ticked) => {
    root.last = (root.last ?? 0) + 1;
    ticks[id] = { ticked, turn: root.last };
    setStateValue("ticks", { ...ticks });
  };
  let body = root.querySelector("tbody");
  if (!body || root.moment !== data.moment) {
    body = element("tbody", "");
    const head = element("thead", "", headRow(["", "No.", "For", "Link", "Status", data.moment, ""]));
    root.replaceChildren(element("table", "", head, body));
    root.moment = data.moment;
  }
  const rows = /** @type {HTMLCollectionOf<TableRow>} */ (body.children);
  const known = new Map([...rows].map((shown) => [shown.id, shown]));
  for (const [place, room] of data.rooms.entries()) {
    let shown = known.get(`room-${room.id}`);
    if (!shown || shown.shown !== JSON.stringify(room)) {
      const fresh = row(room, manage, tick);
      if (shown) shown.replaceWith(fresh);
      shown = fresh;
    }
    if (shown.box) shown.box.checked = ticks[room.id]?.ticked ?? room.chosen;
    if (rows[place] !== shown) body.insertBefore(shown, rows[place] ?? null);
  }
  while (body.children.length > data.rooms.length) body.lastChild?.remove();
}
