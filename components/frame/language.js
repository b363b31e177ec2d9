// Says which language the page is in, for screen readers and hyphenation, and keeps a chosen one for the next visit.

/**
 * @typedef {object} LanguageData
 * @property {string} language
 * @property {string} cookie
 * @property {boolean} is_own
 */

const A_YEAR_SECONDS = 365 * 24 * 3600;

/** @param {Drawing<LanguageData>} drawing */
export default function ({ data, parentElement }) {
  drawNews(rootOf(parentElement), data, () => {
    document.documentElement.lang = data.language.replace("_", "-");
    const secure = location.protocol === "https:" ? "; Secure" : "";
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on plain HTTP.
    document.cookie = `${data.cookie}=${data.language}; Path=/; Max-Age=${data.is_own ? 0 : A_YEAR_SECONDS}; SameSite=Strict${secure}`;
  });
}
