"""Whether the chain of the audit is whole, and what to keep elsewhere so that a cut end shows."""

import re
import time

import streamlit as st

from components.state import audit, process
from services.journal.audit import Which
from services.journal.chain import Fault, Head, Verdict
from services.texts.speech import N_, _, ngettext

LOOK_SECONDS = 60.0
"""For how long a look along the whole chain counts, as long as no line is added."""

FAULTS = {
    Fault.MISSING: N_("**The record is not whole: line {number} is missing.** Compare it with a backup."),
    Fault.CHANGED: N_(
        "**The record is not whole: line {number}, or the one before it, is not as it was written.** Compare it with "
        "a backup."
    ),
}

_HEAD = re.compile(r"\s*(\d{1,15})\s+([0-9a-fA-F]{64})\s*")


def show_whole() -> None:
    """Says it; in a place of its own, as the field for a head that was kept comes after."""
    place = st.container()
    kept = ""
    verdict = _looked(str(st.session_state.get("audit_kept", "")).strip())
    if verdict.lines or not verdict.is_whole:
        with st.expander(_("Keep a proof elsewhere"), icon=":material/key_vertical:"):
            kept = _proof(verdict)
    with place:
        if verdict.broken is not None and verdict.fault is not None:
            st.error(_(FAULTS[verdict.fault], number=verdict.broken), icon=":material/link_off:")
        elif verdict.lines:
            whole = ngettext("The record is whole: {count} line.", "The record is whole: {count} lines.", verdict.lines)
            st.success(whole, icon=":material/verified:")
    if kept and not _HEAD.fullmatch(kept):
        st.caption(_("A proof is a number and a hash of 64 digits. This is none."))


def _proof(verdict: Verdict) -> str:
    st.markdown(
        _(
            "The number of the newest line and its hash. Kept where no one can change both, they show later whether "
            "the end of this record was cut off or all of it was written again."
        )
    )
    st.code(f"{verdict.head.id} {verdict.head.hash}", language=None, wrap_lines=True)
    return str(st.text_input(_("Compare with one that you kept"), key="audit_kept", autocomplete="off") or "").strip()


def _looked(kept: str) -> Verdict:
    """The verdict of a look along the whole chain, not older than LOOK_SECONDS."""
    journal = process.journal().audit
    newest = max((line.id for line in journal.lines(Which(), 1)), default=0)
    last = audit.current().verdict
    if last and last[0].head.id == newest and last[1] == kept and time.monotonic() - last[2] < LOOK_SECONDS:
        return last[0]
    found = _HEAD.fullmatch(kept)
    heads = [Head(int(found[1]), found[2].lower())] if found else []
    verdict = journal.verify(*heads)
    audit.current().verdict = (verdict, kept, time.monotonic())
    return verdict
