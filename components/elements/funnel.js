// How many rooms have come how far: a bar in proportion, and the figures below it.

/**
 * @typedef {object} FunnelPart
 * @property {string} kind
 * @property {string} name
 * @property {number} count
 * @property {string} shown
 *
 * @typedef {object} FunnelFigure
 * @property {string} name
 * @property {string} value
 *
 * @typedef {object} FunnelData
 * @property {FunnelPart[]} parts
 * @property {FunnelFigure[]} figures
 */

/** @param {Drawing<FunnelData>} drawing */
export default function ({ data, parentElement }) {
  const root = rootOf(parentElement);
  drawNews(root, data, () => {
    const bar = element("div", "bar");
    bar.role = "img";
    bar.ariaLabel = data.parts.map((part) => `${part.count} ${part.name}`).join(", ");
    for (const part of data.parts) {
      if (!part.count) continue;
      const piece = element("div", `piece ${part.kind}`);
      piece.style.flexGrow = String(part.count);
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
  });
}
