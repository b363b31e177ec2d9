// Tells this browser which station it is, so that a reload, or tomorrow's visit, finds it again.

/**
 * @typedef {object} DeviceData
 * @property {string} cookie
 * @property {string} station
 */

/** @param {Drawing<DeviceData>} drawing */
export default function ({ data, parentElement }) {
  const root = rootOf(parentElement);
  if (!root.shown) focusMain();
  root.shown = data.station;
  const days = 30;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not there on plain-HTTP pages.
  document.cookie = `${data.cookie}=${data.station}; Path=/; Max-Age=${days * 86400}; SameSite=Strict${secure}`;
  return () => setTimeout(focusMain);
}
