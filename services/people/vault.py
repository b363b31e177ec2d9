"""Tokens of persons, sealed with a key of the deployment's, so that the journal alone opens none of them."""

import json

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr


class Vault:
    """Seals and opens tokens.

    keys: of Fernet (AES in CBC mode with an HMAC), separated by spaces. The first one seals, and all of them open: a
        new key is put before the old one, which can go once everyone has pasted a token again. Raises ValueError.
    """

    def __init__(self, keys: SecretStr) -> None:
        self._keys = MultiFernet([Fernet(key) for key in keys.get_secret_value().split()])

    def seal(self, person: str, service: str, token: SecretStr) -> str:
        """The token in a form of which only this person can make use, for this service."""
        return self._keys.encrypt(json.dumps([person, service, token.get_secret_value()]).encode()).decode()

    def open(self, person: str, service: str, sealed: str) -> SecretStr | None:
        """The token; None where it was sealed with another key, or for another person or service."""
        try:
            whose, where, token = json.loads(self._keys.decrypt(sealed))
        except InvalidToken:
            return None
        return SecretStr(token) if (whose, where) == (person, service) else None
