// Leads the keyboard to the first button of an element; the button may lie within a component. What leads elsewhere twice
// is passed over once.

/**
 * @typedef {object} SkipData
 * @property {string} label
 * @property {string[]} keys
 */

/**
 * @param {ParentNode} place
 * @returns {HTMLButtonElement | undefined}
 */
function firstButton(place) {
  for (const each of place.querySelectorAll("*")) {
    if (each instanceof HTMLButtonElement && !each.disabled && each.checkVisibility()) return each;
    const within = each.shadowRoot && firstButton(each.shadowRoot);
    if (within) return within;
  }
  return undefined;
}

/** Leaves the name of the dashboard out of the keyboard's way: the first link of the navigation leads there, too. */
function passOverLogo() {
  const logo = document.querySelector('[data-testid="stLogoLink"]');
  if (logo instanceof HTMLElement) logo.tabIndex = -1;
}

/** @param {Drawing<SkipData>} drawing */
export default function ({ data, parentElement }) {
  passOverLogo();
  const root = rootOf(parentElement);
  drawNews(root, data, () => {
    const button = element("button", "large", data.label);
    button.onclick = () => {
      const places = data.keys.map((key) => document.querySelector(`.st-key-${CSS.escape(key)}`));
      const found = places.map((place) => place && firstButton(place)).find(Boolean);
      found?.focus();
    };
    root.replaceChildren(button);
  });
}
