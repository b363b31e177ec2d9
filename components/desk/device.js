// Tells this browser which station it is, so that a reload, or tomorrow's visit, finds it again.
export default function ({ data }) {
  const days = 30;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${data.cookie}=${data.station}; Path=/; Max-Age=${days * 86400}; SameSite=Strict${secure}`;
}
