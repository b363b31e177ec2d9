// Who has which link, since when, and how far they are.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector("#root");
  if (!isNew(root, data)) return;
  const head = element("tr", "");
  for (const title of ["For", "From", "Since", "How far", ""]) {
    const cell = element("th", "", title);
    cell.scope = "col";
    head.append(cell);
  }
  const body = element("tbody", "");
  for (const given of data.hand_outs) {
    const manage = element("button", "more", "Manage");
    manage.ariaLabel = `Manage ${given.name}`;
    manage.onclick = () => setTriggerValue("act", given.room);
    const row = element(
      "tr",
      "given",
      element("td", "who", element("div", "label", given.name), element("div", "about", given.code)),
      element("td", "from", given.from),
      element("td", "since", given.since),
      element("td", `status ${given.kind}`, element("span", "pill", given.how_far)),
      element("td", "do", manage),
    );
    if (given.late) row.querySelector(".status").append(element("span", "flag", given.late));
    body.append(row);
  }
  root.replaceChildren(element("table", "", element("thead", "", head), body));
}
