// Copies text, also on a plain-HTTP page of the local network, where there is no navigator.clipboard.
async function copyText(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  if (!copied) throw new Error("the browser did not copy");
}

// A button that copies, says so for a moment, and says it to screen readers too.
function copyButton(label, text, spoken = label) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = label;
  button.ariaLabel = spoken;
  button.ariaLive = "polite";
  button.onclick = async () => {
    let said = "Copied";
    try {
      await copyText(text);
    } catch {
      said = "Not copied";
    }
    button.textContent = said;
    button.ariaLabel = said;
    setTimeout(() => {
      button.textContent = label;
      button.ariaLabel = spoken;
    }, 1500);
  };
  return button;
}

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

function openLink(url, label, spoken) {
  const link = element("a", "open", label);
  link.href = url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.ariaLabel = spoken;
  return link;
}

// Whether there is anything to draw: a rerun without news must not take the focus away or close what is open.
function isNew(root, data) {
  const shown = JSON.stringify(data);
  if (root.shown === shown) return false;
  root.shown = shown;
  return true;
}
