"""What people do, as the audit keeps it: one word a deed, and one for what comes with it."""

from enum import StrEnum


class Deed(StrEnum):
    """What a person did.

    FORGET is the process's own: lines of the audit that became too old were taken away. So may WITHDRAW be, where the
    data of respondents became too old.
    """

    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    CREATE = "create"
    REPLACE = "replace"
    RESUME = "resume"
    ADOPT = "adopt"
    LEAVE = "leave"
    CREATE_MISSING = "create_missing"
    CANCEL_BATCH = "cancel_batch"
    LABEL_AGAIN = "label_again"
    RENAME = "rename"
    EXTEND = "extend"
    CANCEL = "cancel"
    RELABEL = "relabel"
    CHANGE = "change"
    SETTLE_FLAG = "settle_flag"
    TARGET = "target"
    DESK = "desk"
    DOOR = "door"
    HAND_OUT = "hand_out"
    EXPORT = "export"
    PRESET = "preset"
    USE_TOKEN = "use_token"
    FORGET_TOKEN = "forget_token"
    RESET_SANDBOX = "reset_sandbox"
    FORGET = "forget"
    WITHDRAW = "withdraw"


class Export(StrEnum):
    """What kind of file was made.

    OUTCOMES, AUDIT, PERSON, RECEIPT, POSTER, RECONCILIATION and VISITORS have no links to rooms.
    """

    CSV = "csv"
    EXCEL = "excel"
    LINKS = "links"
    MAIL_MERGE = "mail_merge"
    CODES = "codes"
    CARDS = "cards"
    MESSAGES = "messages"
    PACK = "pack"
    OUTCOMES = "outcomes"
    AUDIT = "audit"
    PERSON = "person"
    RECEIPT = "receipt"
    TASKFLOW = "taskflow"
    POSTER = "poster"
    RECONCILIATION = "reconciliation"
    VISITORS = "visitors"


class DeskDeed(StrEnum):
    """What was done with a desk, or with a pack, which stands for one where there is no network.

    TAKEN_OVER: another window shows it from then on, such as the one of a tablet that was reloaded.
    """

    OPENED = "opened"
    TAKEN_OVER = "taken_over"
    CLOSED = "closed"
    PACK_OPENED = "pack_opened"
    PACK_CLOSED = "pack_closed"


class DoorDeed(StrEnum):
    """What was done with a door. ALLOWED: a visitor got leave for one more room."""

    MADE = "made"
    CHANGED = "changed"
    PAUSED = "paused"
    OPENED = "opened"
    CLOSED = "closed"
    ALLOWED = "allowed"


class PresetDeed(StrEnum):
    """What was done with a preset of the form."""

    SAVED = "saved"
    DELETED = "deleted"
    DEFAULT = "default"


class Withdrawal(StrEnum):
    """Why a respondent's data was taken out."""

    BY_WISH = "by_wish"
    BY_AGE = "by_age"
