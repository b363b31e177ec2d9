// Times in the reader's own zone, and the countdown of a running interview. The page works without this file.
for (const time of document.querySelectorAll("time")) {
  const moment = new Date(time.dateTime);
  const withDay = time.textContent.includes("-");
  time.textContent = moment.toLocaleString(document.documentElement.lang, withDay
    ? { dateStyle: "long", timeStyle: "short" }
    : { timeStyle: "short" });
}

const clock = document.querySelector("[data-until]");
if (clock) {
  const until = new Date(clock.dataset.until);
  const show = () => {
    const seconds = Math.max(0, Math.round((until - Date.now()) / 1000));
    const pad = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    clock.textContent = `${hours ? `${hours}:` : ""}${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
    if (seconds === 0) location.assign(location.pathname);
  };
  clock.parentElement.hidden = false;
  show();
  setInterval(show, 1000);
}
