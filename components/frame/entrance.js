// Keeps the page that a person came for while they sign in elsewhere; the server leads back to it (services/gate/sign_in.py).

/**
 * @typedef {object} EntranceData
 * @property {string} cookie
 * @property {string} button
 */

const KEPT_SECONDS = 900;

/** @param {Drawing<EntranceData>} drawing */
export default function ({ data }) {
  /** @param {Event} event */
  const keep = ({ target }) => {
    if (!(target instanceof Element) || !target.closest(`.st-key-${CSS.escape(data.button)}`)) return;
    const wanted = encodeURIComponent(location.pathname + location.search);
    const secure = location.protocol === "https:" ? "; Secure" : "";
    // The provider leads back here from another site: a strict cookie would not come along.
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on plain HTTP.
    document.cookie = `${data.cookie}=${wanted}; Path=/; Max-Age=${KEPT_SECONDS}; SameSite=Lax${secure}`;
  };
  document.addEventListener("click", keep, true);
  return () => document.removeEventListener("click", keep, true);
}
