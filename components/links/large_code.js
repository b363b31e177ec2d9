/**
 * @typedef {object} LargeCodeData
 * @property {string} svg
 * @property {string} link
 * @property {number} number
 */

/** @param {Drawing<LargeCodeData>} drawing */
export default function ({ data, parentElement }) {
  const root = rootOf(parentElement);
  drawNews(root, data, () => {
    const image = element("img", "code");
    image.src = data.svg;
    image.alt = _("QR code of link {number}", { number: data.number });
    root.replaceChildren(
      image,
      element("div", "link", data.link),
      element(
        "div",
        "do",
        copyButton(_("Copy link"), data.link),
        openLink(data.link, _("Open"), _("Open the link: this does not join the interview")),
      ),
    );
  });
}
