"""Why a room was not changed, as its outcome keeps it: in English, to be said by services.texts.kept."""

from services.texts.kept import kept
from services.texts.speech import N_

GONE = N_("Aseed does not know this room any more.")
OTHER_BY_NOW = kept("It was left alone, because it is {status} by now.")
TOKEN_REFUSED = N_("Aseed does not accept the token any more. Connect again on the Settings page, and repeat this.")
NOT_REACHED = N_("Aseed cannot be reached. Repeat this later: what is done stays done.")
PAUSE = N_("Aseed asks for a pause. Repeat this later: what is done stays done.")
SHUTDOWN = N_("The dashboard is shutting down.")
NO_THREAD = N_("This machine has no room for another thread just now.")
STOPPED = N_("You stopped before it came to this room.")
BROKEN = N_("Something of ours broke.")
BROKEN_IN_ROOM = N_("Something of ours broke. Do it again to be sure.")
AGAIN = N_("It may have been done all the same: do it again to be sure.")
FAILED_THEN_AGAIN = kept("{why} It may have been done all the same: do it again to be sure.")
