"""The fields of a person in a roster."""

from enum import StrEnum


class Field(StrEnum):
    """A field of a person. The value is the column's name in our own links file, where that has the field."""

    LABEL = "label"
    EMAIL = "email"
    EXTERNAL_ID = "external_id"
    GIVEN_NAME = "given_name"
    MIDDLE_NAME = "middle_name"
    FAMILY_NAME = "family_name"
    LANGUAGE = "language"
    MINUTES = "max_duration_minutes"
    VOICE = "voice"
    TOPICS = "topics_for_respondent"


NAME_PARTS = (Field.GIVEN_NAME, Field.MIDDLE_NAME, Field.FAMILY_NAME)
"""The fields that are joined to a label, in their usual order."""

IDENTIFYING = frozenset((Field.LABEL, Field.EMAIL, Field.EXTERNAL_ID, Field.GIVEN_NAME, Field.FAMILY_NAME))
"""The fields of which a list needs one."""
