"""What axe-core finds on a page, in the light and in the dark scheme."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page

SCRIPT = Path(__file__).parents[1] / "javascript" / "node_modules" / "axe-core" / "axe.min.js"

SCHEMES: Sequence[Literal["light", "dark"]] = ("light", "dark")

GRAVE = {"serious", "critical"}

RUN = "() => axe.run(document, { resultTypes: ['violations'] })"

IS_DRAWN = """(scheme) => {
  const app = document.querySelector(".stApp");
  if (document.getAnimations().some((each) => each.playState === "running")) return false;
  if (!app) return true;
  return getComputedStyle(app).colorScheme === scheme && !document.querySelector('[data-stale="true"]');
}"""
"""Whether Streamlit has followed the browser's scheme, and shows nothing that is about to change."""


TWINS = """() => {
  const shown = [];
  const look = (place) => {
    for (const each of place.querySelectorAll("*")) {
      if (each.matches('button:not([tabindex="-1"]), a[href]') && each.checkVisibility()) shown.push(each);
      if (each.shadowRoot) look(each.shadowRoot);
    }
  };
  look(document);
  const count = {};
  for (const each of shown) {
    const group = each.closest('[role="group"], [role="dialog"], [role="radiogroup"], dialog, nav, header');
    const own = each.ariaLabel ?? each.innerText.trim();
    const name = [group?.ariaLabel ?? group?.tagName ?? "", own, each.href ?? ""].join(" > ");
    count[name] = (count[name] ?? 0) + 1;
  }
  return Object.entries(count).filter(([, found]) => found > 1).map(([name, found]) => `${found} times ${name}`);
}"""
"""The buttons and links of one name in one group: a screen reader cannot tell which is which."""


@dataclass(frozen=True)
class Finding:
    """An element against a rule. element: its selector; within a component's own tree, the whole way to it."""

    rule: str
    element: str
    html: str
    why: str


@cache
def _script() -> str:
    assert SCRIPT.is_file(), "axe-core is not installed: bash tests/javascript/run"
    return SCRIPT.read_text(encoding="utf-8")


def findings(page: Page) -> list[Finding]:
    """What is serious or critical on the page as it is, in either scheme."""
    # Evaluated, which the page's own policy does not keep from happening.
    page.evaluate(_script())
    # First, as a change of the scheme would else be a transition.
    page.emulate_media(reduced_motion="reduce")
    found: list[Finding] = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(IS_DRAWN, arg=scheme)
        for violation in page.evaluate(RUN)["violations"]:
            if violation["impact"] in GRAVE:
                found += [_finding(f"{violation['id']} ({scheme})", node) for node in violation["nodes"]]
    return found


def _finding(rule: str, node: dict[str, Any]) -> Finding:
    way = [part if isinstance(part, str) else " >> ".join(part) for part in node["target"]]
    return Finding(rule, " >> ".join(way), node["html"][:300], node["failureSummary"])
