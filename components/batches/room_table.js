// Codes are drawn of modules alone, so no text that is not ours becomes markup.

/**
 * @typedef {object} RoomRow
 * @property {number} number
 * @property {string} label
 * @property {string} link
 * @property {boolean} usable
 * @property {string} why_not
 * @property {string} status
 * @property {string} state
 * @property {string} moment
 * @property {string} code
 * @property {string} file
 *
 * @typedef {object} TableWords
 * @property {string} copy
 * @property {string} copy_one
 * @property {string} copy_long
 * @property {string} open
 * @property {string} open_long
 * @property {string} large
 * @property {string} large_long
 * @property {string} code_long
 * @property {string} png_long
 * @property {string} svg_long
 * @property {string} before
 * @property {string} after
 * @property {string} close
 *
 * @typedef {object} RoomTableData
 * @property {RoomRow[]} rooms
 * @property {string[]} titles
 * @property {boolean} alone
 * @property {TableWords} words
 */

/** Modules of white around a symbol, and pixels of a module in a PNG (services/export/codes/qr.py). */
const QUIET_ZONE = 4;
const PIXELS_A_MODULE = 10;

const SVG = "http://www.w3.org/2000/svg";

/**
 * The dark stretches of a symbol, each as its place and length, in modules.
 *
 * @param {string} code
 */
function bars(code) {
  const rows = code.split(".");
  const found = [];
  for (const [y, row] of rows.entries()) {
    const modules = BigInt(`0x${row}`).toString(2).padStart(rows.length, "0");
    for (const run of modules.matchAll(/1+/g)) {
      found.push({ x: run.index + QUIET_ZONE, y: y + QUIET_ZONE, length: run[0].length });
    }
  }
  return { side: rows.length + 2 * QUIET_ZONE, found };
}

/**
 * A code as one path on white, so that it also scans on a dark page.
 *
 * @param {string} code
 * @param {string} spoken
 */
function codeDrawing(code, spoken) {
  const { side, found } = bars(code);
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("xmlns", SVG);
  drawing.setAttribute("viewBox", `0 0 ${side} ${side}`);
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", spoken);
  drawing.setAttribute("class", "code");
  const white = document.createElementNS(SVG, "path");
  white.setAttribute("fill", "#fff");
  white.setAttribute("d", `M0 0h${side}v${side}H0z`);
  const dark = document.createElementNS(SVG, "path");
  dark.setAttribute("d", found.map(({ x, y, length }) => `M${x} ${y}h${length}v1h-${length}z`).join(""));
  drawing.append(white, dark);
  return drawing;
}

/** @param {string} code */
function svgUrl(code) {
  const drawing = codeDrawing(code, "");
  for (const name of ["class", "role", "aria-label"]) drawing.removeAttribute(name);
  drawing.setAttribute("shape-rendering", "crispEdges");
  return `data:image/svg+xml;base64,${btoa(drawing.outerHTML)}`;
}

/** @param {string} code */
function pngUrl(code) {
  const { side, found } = bars(code);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side * PIXELS_A_MODULE;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(PIXELS_A_MODULE, PIXELS_A_MODULE);
  context.fillStyle = "#000";
  for (const { x, y, length } of found) context.fillRect(x, y, length, 1);
  return canvas.toDataURL("image/png");
}

/**
 * @param {string} words
 * @param {RoomRow} room
 */
function about(words, room) {
  return words.replace("{number}", String(room.number));
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

/**
 * The pictures of a code, to download.
 *
 * @param {RoomRow} room
 * @param {TableWords} words
 */
function pictures(room, words) {
  return [
    download("PNG", pngUrl(room.code), `${room.file}.png`, about(words.png_long, room)),
    download("SVG", svgUrl(room.code), `${room.file}.svg`, about(words.svg_long, room)),
  ];
}

/** @param {RoomRow} room */
function caption(room) {
  const name = element("strong", "", `${room.number}`);
  return element("div", "caption", name, room.label ? ` ${room.label}` : "");
}

/**
 * A window for one code at a time, with the way to its neighbours; a press beside it closes it.
 *
 * @param {RoomTableData} data
 */
function largeCode({ rooms, words }) {
  const coded = rooms.filter((room) => room.code);
  const dialog = element("dialog", "large");
  dialog.onclick = (event) => {
    if (event.target === dialog) dialog.close();
  };
  /**
   * @param {string} label
   * @param {() => void} act
   */
  const button = (label, act) => {
    const made = element("button", "", label);
    made.type = "button";
    made.onclick = act;
    return made;
  };
  /** @param {number} place */
  const draw = (place) => {
    const room = coded[place];
    const before = button(words.before, () => turn(place - 1, 0));
    const after = button(words.after, () => turn(place + 1, 1));
    before.disabled = place === 0;
    after.disabled = place === coded.length - 1;
    const ways = coded.length > 1 ? [before, after] : [];
    dialog.replaceChildren(
      element("div", "head", caption(room), button(words.close, () => dialog.close())),
      codeDrawing(room.code, about(words.code_long, room)),
      element("div", "link", room.link),
      element("div", "ways", ...ways, copyButton(words.copy, room.link, about(words.copy_long, room)), ...pictures(room, words)),
    );
    return [before, after];
  };
  /**
   * @param {number} place
   * @param {number} pressed
   */
  const turn = (place, pressed) => {
    const ways = draw(place);
    // The focus stays on the button that was pressed, or goes to its neighbour at an end.
    (ways[pressed].disabled ? ways[1 - pressed] : ways[pressed]).focus();
  };
  /** @param {RoomRow} room */
  const show = (room) => {
    draw(coded.findIndex((each) => each.number === room.number));
    dialog.showModal();
  };
  return { dialog, show };
}

/**
 * A code that is shown large at a press.
 *
 * @param {RoomRow} room
 * @param {TableWords} words
 * @param {(room: RoomRow) => void} showLarge
 */
function codeButton(room, words, showLarge) {
  const drawing = codeDrawing(room.code, "");
  drawing.setAttribute("aria-hidden", "true");
  const enlarge = element("button", "enlarge", drawing);
  enlarge.type = "button";
  enlarge.ariaLabel = about(words.large_long, room);
  enlarge.title = words.large;
  enlarge.onclick = () => showLarge(room);
  keepsPress(enlarge);
  return enlarge;
}

/** @param {RoomRow} room */
function pill(room) {
  return element("span", "pill", room.state);
}

/**
 * @param {RoomRow} room
 * @param {RoomTableData} data
 * @param {(room: RoomRow) => void} showLarge
 */
function row(room, { words, titles }, showLarge) {
  const link = element("td", "to", element("span", "link", room.link));
  if (!room.usable) link.append(element("div", "bad", room.why_not));
  const actions = element("td", "do");
  if (room.usable) {
    actions.append(
      copyButton(words.copy, room.link, about(words.copy_long, room)),
      openLink(room.link, words.open, about(words.open_long, room)),
    );
  }
  const code = element("td", "qr", ...(room.code ? [codeButton(room, words, showLarge)] : []));
  return element(
    "tr",
    "room",
    element("td", "no", String(room.number)),
    element("td", "label", room.label || "–"),
    ...(titles[2] ? [code] : []),
    ...(titles[3] ? [link] : []),
    element("td", `status ${room.status}`, pill(room)),
    element("td", "moment", room.moment),
    ...(titles[6] ? [actions] : []),
  );
}

/**
 * One room: its link large, with what to do beside its code.
 *
 * @param {RoomRow} room
 * @param {RoomTableData} data
 * @param {(room: RoomRow) => void} showLarge
 */
function alone(room, { words, titles }, showLarge) {
  const text = element("div", "text");
  if (room.label) text.append(element("div", "name", room.label));
  text.append(element("div", "link", room.link));
  if (room.usable) {
    const copy = copyButton(words.copy_one, room.link);
    copy.classList.add("large", "primary");
    const open = openLink(room.link, words.open, about(words.open_long, room));
    open.classList.add("large");
    text.append(element("div", "ways", copy, open));
  } else {
    text.append(element("div", "bad", room.why_not));
  }
  text.append(element("div", `about ${room.status}`, pill(room), element("span", "", `${titles[5]}: ${room.moment}`)));
  const made = element("div", "alone", text);
  if (room.code) {
    const ways = element("div", "ways", ...pictures(room, words));
    made.append(element("div", "side", codeButton(room, words, showLarge), ways));
  }
  return made;
}

/**
 * Where a component draws: what is shown, and the window for codes, which stays open while a status moves.
 *
 * @typedef {Root & { shownIn?: Root, large?: ReturnType<typeof largeCode> }} Place
 */

/** @param {Drawing<RoomTableData>} drawing */
export default function ({ data, parentElement }) {
  const root = /** @type {Place} */ (rootOf(parentElement));
  drawNews(root, data, () => {
    root.shownIn ??= root.appendChild(element("div", ""));
    if (!root.large?.dialog.open) {
      root.large?.dialog.remove();
      root.large = largeCode(data);
      root.append(root.large.dialog);
    }
    /** @param {RoomRow} room */
    const showLarge = (room) => root.large?.show(room);
    if (data.alone) {
      root.shownIn.titles = undefined;
      root.shownIn.replaceChildren(alone(data.rooms[0], data, showLarge));
      return;
    }
    const body = tableBody(
      root.shownIn,
      data.titles.filter(Boolean),
      data.titles.slice(-1),
    );
    drawRows(
      body,
      data.rooms,
      (room) => String(room.number),
      (room) => row(room, data, showLarge),
    );
  });
}
