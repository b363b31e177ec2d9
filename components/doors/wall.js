// A door on a screen in the room: its name, its code, and how many are where.

/**
 * @typedef {object} WallFigure
 * @property {string} name
 * @property {string} value
 *
 * @typedef {object} WallData
 * @property {string} name
 * @property {string} welcome
 * @property {string} code
 * @property {string} address
 * @property {string} state
 * @property {string} colour
 * @property {WallFigure[]} figures
 */

/** @param {Drawing<WallData>} drawing */
export default function ({ data, parentElement }) {
  const root = rootOf(parentElement);
  drawNews(root, data, () => {
    const side = element("div", "side", element("h1", "", data.name), element("div", `state ${data.colour}`, data.state));
    if (data.welcome) side.append(element("div", "welcome", data.welcome), element("div", "address", data.address));
    const figures = element("div", "figures");
    for (const figure of data.figures) {
      figures.append(element("div", "figure", element("strong", "", figure.value), element("span", "", figure.name)));
    }
    side.append(figures);
    const wall = element("div", "wall");
    if (data.code) {
      const image = element("img", "code");
      image.src = data.code;
      image.alt = _("The QR code of {name}", { name: data.name });
      wall.append(image);
    }
    wall.append(side);
    root.replaceChildren(wall);
  });
}
