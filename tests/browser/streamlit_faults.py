"""What Streamlit itself does wrong for people who use a keyboard or a screen reader, each with its issue.

Nothing else is excused, and only where it is known. A fault that no longer occurs fails the test that meets it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.browser.axe import Finding


@dataclass(frozen=True)
class Fault:
    """A finding of axe-core's that is Streamlit's own.

    rule: axe's name for it.
    element: a part of the selector, or of the markup, by which it is told.
    issue: where Streamlit was told; None where no issue was found.
    places: where it is met (test_accessibility.py).
    """

    rule: str
    element: str
    issue: str | None
    places: frozenset[str]

    def is_seen_in(self, finding: Finding) -> bool:
        names_it = self.element in finding.element or self.element in finding.html
        return finding.rule.split()[0] == self.rule and names_it


FAULTS: Sequence[Fault] = (
    # A date that has to be given: its parts are a group, for which ARIA has no such attribute. No issue was found on
    # 2026-11-27; the fields are Streamlit's since it left BaseWeb (1.67).
    Fault("aria-allowed-attr", 'data-testid="stDateInputField"', None, frozenset({"dialog to extend"})),
    Fault("aria-allowed-attr", 'aria-label="Until"', None, frozenset({"dialog to extend"})),
)
