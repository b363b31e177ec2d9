"""What a script in the browser says: it is given its texts in one language, as it asks for none itself."""

import json
import re

from services.texts.speech import _

_MESSAGE = re.compile(r"""\b_\(\s*("(?:[^"\\]|\\.)+")""")
"""A text in a script."""


def texts_of(script: str) -> dict[str, str]:
    """Each text of a script's `_`, by the English in it, in the language that is spoken."""
    return {text: _(text) for text in map(json.loads, _MESSAGE.findall(script))}
