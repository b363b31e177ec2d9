"""Files to take away: what a press gives, which only a real browser can make."""

from base64 import b64decode

from components.elements.download import KINDS, made
from services.journal.database import JournalError


def test_a_file_has_its_content_byte_by_byte_and_a_name_that_is_safe_everywhere() -> None:
    content = "label\r\nАнна\r\n".encode()
    answer = made(lambda: content, "Coffee / tea", "csv")
    assert b64decode(answer["content"]) == content
    assert answer["name"].startswith("Coffee-tea_") and answer["name"].endswith(".csv")
    assert answer["kind"] == KINDS["csv"]


def test_a_file_that_cannot_be_made_says_why() -> None:
    def make() -> bytes:
        raise JournalError("The journal cannot be read just now.")

    assert made(make, "Coffee", "csv") == {"problem": "The journal cannot be read just now."}
