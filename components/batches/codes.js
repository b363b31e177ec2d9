// The codes are images, never markup: an SVG inside <img> runs nothing.

/**
 * @typedef {object} CodeCard
 * @property {number} number
 * @property {string} label
 * @property {string} link
 * @property {string} svg
 * @property {string} png
 * @property {string} svg_name
 * @property {string} png_name
 *
 * @typedef {object} CodesData
 * @property {CodeCard[]} rooms
 */

/** @param {CodeCard} room */
function codeImage(room) {
  const image = element("img", "code");
  image.src = room.svg;
  image.alt = `QR code of link ${room.number}`;
  return image;
}

/**
 * @param {string} label
 * @param {string} url
 * @param {string} name
 * @param {string} spoken
 */
function download(label, url, name, spoken) {
  const link = element("a", "open", label);
  link.href = url;
  link.download = name;
  link.ariaLabel = spoken;
  return link;
}

/** @param {CodeCard} room */
function caption(room) {
  const name = element("strong", "", `${room.number}`);
  return element("div", "caption", name, room.label ? ` ${room.label}` : "");
}

/**
 * @param {CodeCard} room
 * @param {(room: CodeCard) => void} showLarge
 */
function card(room, showLarge) {
  const enlarge = element("button", "enlarge", codeImage(room));
  enlarge.ariaLabel = `Show the QR code of link ${room.number} large`;
  enlarge.title = "Show large";
  enlarge.onclick = () => showLarge(room);
  keepsPress(enlarge);
  return element(
    "figure",
    "card",
    enlarge,
    caption(room),
    element("div", "link", room.link),
    element(
      "div",
      "do",
      copyButton("Copy", room.link, `Copy link ${room.number}`),
      download("PNG", room.png, room.png_name, `Download the QR code of link ${room.number} as PNG`),
      download("SVG", room.svg, room.svg_name, `Download the QR code of link ${room.number} as SVG`),
    ),
  );
}

/** A window for one code; a press beside it closes it. */
function largeCode() {
  const dialog = element("dialog", "large");
  const close = element("button", "close", "Close");
  close.onclick = () => dialog.close();
  dialog.onclick = (event) => {
    if (event.target === dialog) dialog.close();
  };
  /** @param {CodeCard} room */
  const show = (room) => {
    dialog.replaceChildren(close, codeImage(room), caption(room), element("div", "link", room.link));
    dialog.showModal();
  };
  return { dialog, show };
}

/** @param {Drawing<CodesData>} drawing */
export default function ({ data, parentElement }) {
  const root = rootOf(parentElement);
  drawNews(root, data, () => {
    const { dialog, show } = largeCode();
    const cards = data.rooms.map((room) => card(room, show));
    root.replaceChildren(element("div", "gallery", ...cards), dialog);
  });
}
