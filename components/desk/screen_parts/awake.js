// Keeps the tablet on while the desk is on show.

/** @typedef {"awake" | "insecure" | "refused"} Awake */

/**
 * Asks the browser to keep the screen on, again each time that the page becomes visible, as it lets go of it meanwhile.
 * Returns what ends this.
 *
 * @param {(how: Awake) => void} tell
 */
function keepAwake(tell) {
  /** @type {WakeLockSentinel | undefined} */
  let lock;
  let isOver = false;
  const ask = async () => {
    if (document.visibilityState !== "visible") return;
    // A browser has this only over https, and on the machine itself.
    if (!navigator.wakeLock) return tell(isSecureContext ? "refused" : "insecure");
    try {
      lock = await navigator.wakeLock.request("screen");
    } catch {
      return tell("refused");
    }
    if (isOver) return lock.release();
    tell("awake");
    lock.addEventListener("release", () => {
      if (!isOver) tell("refused");
    });
  };
  document.addEventListener("visibilitychange", ask);
  ask();
  return () => {
    isOver = true;
    document.removeEventListener("visibilitychange", ask);
    lock?.release();
  };
}
