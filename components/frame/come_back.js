// Brings the page back where Streamlit's own script takes it away. It draws nothing any more, not even an error, once a
// message does not fit what it shows: a server that is very busy may leave out what comes before
// (https://github.com/streamlit/streamlit/issues/13658).

const JUST_RELOADED_MS = 30_000;

export default function () {
  const page = document.getElementById("root");
  if (!page || page.dataset.watched) return;
  page.dataset.watched = "yes";
  new MutationObserver(() => {
    if (!page.hasChildNodes()) comeBack();
  }).observe(page, { childList: true });
}

function comeBack() {
  const [visit] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  // A page that breaks each time must not be loaded for ever.
  if (visit?.type === "reload" && performance.now() < JUST_RELOADED_MS) sayBroken();
  else location.reload();
}

function sayBroken() {
  const reload = element("button", "", _("Reload this page"));
  reload.onclick = () => location.reload();
  const news = element("div", "", element("p", "", _("This page broke, twice in a row. No room is lost.")), reload);
  news.role = "alert";
  // The page's style went with the page.
  Object.assign(news.style, { font: "1rem/1.5 sans-serif", margin: "4rem auto", maxWidth: "30rem", padding: "0 1rem" });
  document.body.append(news);
}
