"""What the histories of rooms say of hand-outs: kept in English, and said in the reader's language when read."""

from services.texts.kept import kept

SHOWN = kept("on show at {desk}")
GIVEN = kept("handed out at {desk}")
GIVEN_ON_PAPER = kept("handed out on paper at {desk}")
GIVEN_OFFLINE = kept("handed out without a network at {desk} on {moment}")
GIVEN_BACK = kept("given back at {desk}")
CALLED_BACK = kept("called back from {desk}")
RETURNED = kept("returned, and no more on show at {desk}")
HANDED_BACK = kept("handed back to {desk}")
LABELLED = kept("labelled at {desk}")
PACKED = kept("put into the offline pack {pack}")
UNPACKED = kept("returned from the offline pack {pack}")
AT_DOOR = kept("claimed at the door {door}")
BACK_FROM_DOOR = kept("not begun in time by a visitor of the door {door}, and returned")
CALLED_BACK_FROM_DOOR = kept("taken from a visitor of the door {door}, and returned")

EVENTS = {
    SHOWN: "shown",
    GIVEN: "given",
    GIVEN_ON_PAPER: "given_on_paper",
    GIVEN_OFFLINE: "given_offline",
    GIVEN_BACK: "given_back",
    CALLED_BACK: "called_back",
    RETURNED: "returned",
    HANDED_BACK: "handed_back",
    PACKED: "packed",
    UNPACKED: "unpacked",
    AT_DOOR: "at_door",
    BACK_FROM_DOOR: "back_from_door",
}
"""What services.events is told of them, without desk and person."""
