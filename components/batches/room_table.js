export default function ({ data, parentElement }) {
  const root = parentElement.querySelector("#root");
  if (!isNew(root, data)) return;
  const head = element("tr", "");
  for (const title of ["No.", "Label", "Link", "Status", data.moment, ""]) {
    const cell = element("th", "", title);
    cell.scope = "col";
    head.append(cell);
  }
  const rows = data.rooms.map((room) => {
    const link = element("td", "to", element("span", "link", room.link));
    if (!room.usable) link.append(element("div", "bad", data.unusable));
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
  });
  const table = element("table", "", element("thead", "", head), element("tbody", "", ...rows));
  root.replaceChildren(table);
}
