// How many rooms have come how far: a bar in proportion, and the figures below it.
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector("#root");
  if (!isNew(root, data)) return;
  const bar = element("div", "bar");
  bar.role = "img";
  bar.ariaLabel = data.parts.map((part) => `${part.count} ${part.name}`).join(", ");
  for (const part of data.parts) {
    if (!part.count) continue;
    const piece = element("div", `piece ${part.kind}`);
    piece.style.flexGrow = part.count;
    piece.title = `${part.count} ${part.name}`;
    bar.append(piece);
  }
  const legend = element("div", "legend");
  for (const part of data.parts) {
    legend.append(
      element("div", "part", element("span", `dot ${part.kind}`), element("strong", "", part.shown), ` ${part.name}`),
    );
  }
  const told = element("div", "told");
  for (const figure of data.figures) {
    told.append(element("div", "figure", element("strong", "", figure.value), element("span", "", figure.name)));
  }
  root.replaceChildren(bar, element("div", "below", legend, told));
}
