"""What the filters of Links offer, in the words of the page, to be said by `_`."""

from services.texts.speech import N_

HOURS_LEFT = {None: N_("Any time"), 24: N_("24 hours"), 72: N_("3 days"), 168: N_("7 days")}
"""Within how many hours a pending link runs out."""

RUNS_OUT_WITHIN = {
    24: N_("Runs out within 24 hours"),
    72: N_("Runs out within 3 days"),
    168: N_("Runs out within 7 days"),
}
"""What tells that only these links are shown."""

REFRESH_SECONDS = {0: N_("Off"), 5: N_("5 s"), 15: N_("15 s"), 60: N_("60 s")}
"""How often Aseed is asked again while a person looks, in seconds; 0 for never."""
