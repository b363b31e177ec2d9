"""Free texts without a person's names: those of their batches and rooms, such as a batch that is called after them."""

import json
import re
from collections.abc import Iterable

from services.email_address import spellings
from services.normal_form import normal_form

SHORTEST = 3
"""Letters of a name or code that is looked for in free texts: a shorter one is a part of what means something else."""

SHORTEST_NUMBER = 5
"""Digits of a code without letters: a shorter one is a number like others."""

IN_ITS_PLACE = "…"

KIND = "kind"
"""What tells one error from another in JSON: a word of ours."""


class Names:
    """The names of people, found in texts as whole words, in any letter case."""

    def __init__(self, names: Iterable[str], emails: Iterable[str]) -> None:
        wanted = {name.strip() for name in names if _is_telling(name.strip())}
        wanted |= {one for email in emails for one in spellings(email.strip()) if one}
        wanted |= {normal_form("NFC", name) for name in wanted}
        # The longest first: a name may begin with another one.
        ordered = sorted(wanted, key=lambda name: (-len(name), name))
        self._folded = [name.casefold() for name in ordered]
        pattern = "|".join(map(re.escape, ordered))
        self._pattern = re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE) if ordered else None

    def without(self, text: str) -> str:
        """The text without these names."""
        # Few texts have one, and a batch may have 10,000 names.
        low = text.casefold()
        if self._pattern is None or not any(name in low for name in self._folded):
            return text
        return self._pattern.sub(IN_ITS_PLACE, text)

    def without_in_json(self, text: str) -> str:
        """The same for every text in JSON; unchanged where there is none of them."""
        told = json.loads(text)
        bare = self._walked(told)
        return text if bare == told else json.dumps(bare)

    def _walked(self, told: object) -> object:
        if isinstance(told, str):
            return self.without(told)
        if isinstance(told, dict):
            return {name: value if name == KIND else self._walked(value) for name, value in told.items()}
        return [self._walked(value) for value in told] if isinstance(told, list) else told


def _is_telling(name: str) -> bool:
    has_letters = any(char.isalpha() for char in name)
    return len(name) >= (SHORTEST if has_letters else SHORTEST_NUMBER)
