"""Batches: what was created so far, with its links, and what still needs a person."""

import streamlit as st

from components.batches.list import batch_list, opened_batch, show_batch
from services.texts.speech import _

opened = opened_batch()
if opened:
    show_batch(opened)
else:
    st.title(_("Batches"), anchor=False)
    batch_list()
