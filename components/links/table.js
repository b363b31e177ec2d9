// A page of the rooms of a study, which a person follows.

/**
 * A room of the table. spoken: what its buttons call it. about: what else tells it from others. usable: whether its
 * link may be copied. status, state: the API's word, and what is shown for it.
 *
 * @typedef {object} StudyRow
 * @property {string} id
 * @property {string} number
 * @property {string} spoken
 * @property {string} label
 * @property {string} about
 * @property {string} link
 * @property {boolean} usable
 * @property {string} status
 * @property {string} state
 * @property {string[]} flags
 * @property {string} moment
 * @property {boolean} chosen
 *
 * What a row is made of; its tick is set apart.
 *
 * @typedef {Omit<StudyRow, "chosen">} ShownRow
 *
 * A tick, as it is told to Python. turn: its number, counted over all rooms.
 *
 * @typedef {object} Tick
 * @property {boolean} ticked
 * @property {number} turn
 *
 * follows_only: whether there are no links in it, and nothing to be done. moment: the title of that column. heard: the
 * turn of the newest tick that Python knows. cleared: the turn up to which all ticks are taken back.
 *
 * @typedef {object} StudyTableData
 * @property {StudyRow[]} rooms
 * @property {boolean} follows_only
 * @property {string} moment
 * @property {number} heard
 * @property {number} cleared
 */

/** @typedef {Root & { ticks?: Record<string, Tick>, last?: number }} TableRoot */

/**
 * @param {ShownRow} room
 * @param {(id: string) => void} manage
 */
function moreButton(room, manage) {
  const button = element("button", "more", _("Manage"));
  button.ariaLabel = _("Manage {name}", { name: room.spoken });
  button.onclick = () => manage(room.id);
  keepsPress(button);
  return button;
}

/**
 * @param {ShownRow} room
 * @param {(id: string, ticked: boolean) => void} tick
 */
function chooser(room, tick) {
  const box = element("input", "tick");
  box.type = "checkbox";
  box.ariaLabel = _("Choose {name}", { name: room.spoken });
  box.onchange = () => tick(room.id, box.checked);
  return box;
}

/**
 * @param {ShownRow} room
 * @param {(id: string) => void} manage
 * @param {(id: string, ticked: boolean) => void} tick
 * @param {boolean} followsOnly
 */
function row(room, manage, tick, followsOnly) {
  const who = element("td", "who", element("div", "label", room.label || "–"));
  if (room.about) who.append(element("div", "about", room.about));
  const link = element("td", "to", element("span", "link", room.link));
  const status = element("td", `status ${room.status}`, element("span", "pill", room.state));
  for (const flag of room.flags) status.append(element("span", "flag", flag));
  const actions = element("td", "do");
  if (room.usable) actions.append(copyButton(_("Copy"), room.link, _("Copy the link of {name}", { name: room.spoken })));
  actions.append(moreButton(room, manage));
  const facts = [element("td", "no", room.number), who, status, element("td", "moment", room.moment)];
  if (!followsOnly) {
    facts.unshift(element("td", "choose", chooser(room, tick)));
    facts.splice(3, 0, link);
    facts.push(actions);
  }
  const made = element("tr", "room", ...facts);
  made.id = `room-${room.id}`;
  return made;
}

/** @param {Drawing<StudyTableData>} drawing */
export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = /** @type {TableRoot} */ (rootOf(parentElement));
  root.ticks ??= {};
  const ticks = root.ticks;
  root.last = Math.max(root.last ?? 0, data.heard);
  for (const [id, { turn }] of Object.entries(ticks)) if (turn <= data.cleared) delete ticks[id];
  /** @param {string} id */
  const manage = (id) => {
    takesFocusBack(root, (now) => inRow(/** @type {HTMLElement} */ (now.querySelector("tbody")), id, "more"));
    setTriggerValue("act", id);
  };
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
  drawNews(root, data, () => {
    const titles = data.follows_only
      ? [_("No."), _("For"), _("Status"), data.moment]
      : [_("Choose"), _("No."), _("For"), _("Link"), _("Status"), data.moment, _("Do")];
    const body = tableBody(root, titles, [_("Choose"), _("Do")]);
    drawRows(
      body,
      data.rooms.map(({ chosen, ...room }) => room),
      (room) => room.id,
      (room) => row(room, manage, tick, data.follows_only),
    );
    const boxes = body.querySelectorAll("input");
    for (const [place, room] of data.rooms.entries()) {
      const box = boxes[place];
      if (box) box.checked = ticks[room.id]?.ticked ?? room.chosen;
    }
  });
}
