// A page of the rooms of a study. Only the rows that have changed are drawn anew: what somebody reads does not move.
function moreButton(room, manage) {
  const button = element("button", "more", "Manage");
  button.ariaLabel = `Manage ${room.name}`;
  button.onclick = () => manage(room.id);
  return button;
}

function chooser(room, tick) {
  const box = element("input", "");
  box.type = "checkbox";
  box.checked = room.chosen;
  box.ariaLabel = `Choose ${room.name}`;
  box.onchange = () => tick(room.id, box.checked);
  return box;
}

function row(room, manage, tick) {
  const who = element("td", "who", element("div", "label", room.label || "–"));
  if (room.about) who.append(element("div", "about", room.about));
  const link = element("td", "to", element("span", "link", room.link));
  const status = element("td", `status ${room.status}`, element("span", "pill", room.status));
  for (const flag of room.flags) status.append(element("span", "flag", flag));
  const actions = element("td", "do");
  if (room.usable) actions.append(copyButton("Copy", room.link, `Copy the link of ${room.name}`));
  actions.append(moreButton(room, manage));
  const made = element(
    "tr",
    "room",
    element("td", "choose", chooser(room, tick)),
    element("td", "no", String(room.number)),
    who,
    link,
    status,
    element("td", "moment", room.moment),
    actions,
  );
  made.shown = JSON.stringify(room);
  return made;
}

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector("#root");
  root.ticks ??= {};
  root.last = Math.max(root.last ?? 0, data.heard);
  for (const [id, { turn }] of Object.entries(root.ticks)) if (turn <= data.cleared) delete root.ticks[id];
  const manage = (id) => setTriggerValue("act", id);
  // All ticks each time, numbered: the server may be busy, and hears only of the last change.
  const tick = (id, ticked) => {
    root.ticks[id] = { ticked, turn: ++root.last };
    setStateValue("ticks", { ...root.ticks });
  };
  let body = root.querySelector("tbody");
  if (!body || root.moment !== data.moment) {
    const head = element("tr", "");
    for (const title of ["", "No.", "For", "Link", "Status", data.moment, ""]) {
      const cell = element("th", "", title);
      cell.scope = "col";
      head.append(cell);
    }
    body = element("tbody", "");
    root.replaceChildren(element("table", "", element("thead", "", head), body));
    root.moment = data.moment;
  }
  const known = new Map([...body.children].map((shown) => [shown.id, shown]));
  data.rooms.forEach((room, place) => {
    let shown = known.get(`room-${room.id}`);
    if (!shown || shown.shown !== JSON.stringify(room)) {
      const fresh = row(room, manage, tick);
      fresh.id = `room-${room.id}`;
      if (shown) shown.replaceWith(fresh);
      shown = fresh;
    }
    shown.querySelector("input").checked = root.ticks[room.id]?.ticked ?? room.chosen;
    if (body.children[place] !== shown) body.insertBefore(shown, body.children[place] || null);
  });
  while (body.children.length > data.rooms.length) body.lastChild.remove();
}
