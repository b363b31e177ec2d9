// The sheet of staff: what they read, and what they do with the link on show.

/**
 * @typedef {object} StaffWords
 * @property {HoldWords} staff
 * @property {string} lost
 * @property {string} languages
 * @property {string} sheet
 * @property {string} close
 * @property {string} whom
 * @property {string} placeholder
 * @property {string} save
 * @property {string} paper
 * @property {string} give_back
 * @property {string} full_screen
 * @property {string} end
 * @property {string} signal
 * @property {string} off
 * @property {string} sound
 * @property {string} vibration
 * @property {string} touch
 * @property {string} awake
 * @property {string} insecure
 * @property {string} refused
 *
 * @typedef {object} StaffPanel
 * @property {string} station
 * @property {string} count
 * @property {string} said
 * @property {StaffWords} words
 *
 * @typedef {object} Sheet
 * @property {HTMLDialogElement} dialog
 * @property {HTMLInputElement} field
 * @property {HTMLElement} station
 * @property {HTMLElement} count
 * @property {HTMLElement} said
 * @property {HTMLElement} awake
 * @property {HTMLElement} onShow
 * @property {string} [room]
 */

/** @typedef {(what: string, text?: string) => void} Act */

/**
 * @param {StaffWords} words
 * @param {Act} act
 * @returns {Sheet}
 */
function staffSheet(words, act) {
  const dialog = passingDialog("sheet", 60000);
  dialog.ariaLabel = words.sheet;
  const close = () => dialog.close();
  const field = element("input", "");
  field.type = "text";
  field.maxLength = 42;
  field.placeholder = words.placeholder;
  field.autocomplete = "off";
  const form = element("form", "who", element("label", "", words.whom, field), element("button", "", words.save));
  form.onsubmit = (event) => {
    event.preventDefault();
    act("name", field.value);
  };
  /**
   * @param {string} label
   * @param {string} what
   */
  const does = (label, what) =>
    plainButton("", label, () => {
      act(what);
      close();
    });
  const onShow = element("div", "on-show", form, does(words.paper, "paper"), does(words.give_back, "give_back"));
  const fullScreen = plainButton("", words.full_screen, () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
    close();
  });
  fullScreen.hidden = !document.fullscreenEnabled;
  const station = element("strong", "station");
  const count = element("p", "");
  const said = element("p", "said");
  said.setAttribute("role", "status");
  const awake = element("p", "awake");
  dialog.append(
    element("div", "top", station, count, plainButton("close", words.close, close)),
    said,
    onShow,
    signalChoice(words),
    awake,
    element("div", "always", fullScreen, does(words.end, "end")),
  );
  return { dialog, field, station, count, said, awake, onShow };
}

/** @param {StaffWords} words */
function signalChoice(words) {
  const choice = element("fieldset", "signal", element("legend", "", words.signal));
  /** @type {[Signal, string][]} */
  const offered = [["off", words.off], ["sound", words.sound]];
  if (canVibrate()) offered.push(["vibration", words.vibration]);
  for (const [signal, name] of offered) {
    const radio = element("input", "");
    radio.type = "radio";
    radio.name = "signal";
    radio.checked = signal === chosenSignal();
    radio.onchange = async () => {
      chooseSignal(signal);
      await allowSignal();
      // As a sample.
      giveSignal();
    };
    choice.append(element("label", "", radio, name));
  }
  return choice;
}
