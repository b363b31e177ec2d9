// A button whose file is made once it is pressed. The answer may come with several drawings, and is saved once.
const PATIENCE = 60000;

function icon() {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  made.setAttribute("viewBox", "0 0 24 24");
  made.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M12 4v11M7 11l5 5 5-5M5 20h14");
  made.append(path);
  return made;
}

function save({ content, kind, name }) {
  const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: kind }));
  link.download = name;
  link.click();
  // The browser reads the file after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), PATIENCE);
}

function waits(button, waiting) {
  clearTimeout(button.patience);
  button.classList.toggle("waits", waiting);
  button.ariaBusy = String(waiting);
  // An answer that never comes, as the connection was lost, must not take the button away for good.
  if (waiting) button.patience = setTimeout(() => waits(button, false), PATIENCE);
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector("#root");
  if (!root.hasChildNodes()) {
    const problem = element("div", "bad", "");
    problem.role = "alert";
    root.append(element("button", "large", icon(), element("span", "", "")), problem);
  }
  const [button, problem] = root.children;
  button.type = "button";
  button.title = data.help;
  button.lastChild.textContent = data.label;
  button.classList.toggle("quiet", data.quiet);
  button.onclick = () => {
    if (button.classList.contains("waits")) return;
    waits(button, true);
    // A state and no trigger: it is still there when the press of another button breaks off what this one began.
    setStateValue("wanted", `${Date.now()}-${Math.random()}`);
  };
  problem.textContent = data.answer?.problem ?? "";
  if (!data.answer || data.answer.press === root.answered) return;
  root.answered = data.answer.press;
  waits(button, false);
  if (data.answer.problem) return;
  save(data.answer);
  setStateValue("taken", data.answer.press);
}
