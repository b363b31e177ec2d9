"""Presets: the form's settings under a name, for a study that makes the same rooms every week."""

import streamlit as st

from components.elements.groups import name_rows
from components.elements.writing import writing
from components.state import connection, create, process, visibility
from components.state.create_form import KEPT, fill, put
from services.aseed.models import ProjectResponse
from services.journal.records import Preset
from services.texts.speech import _
from services.trust import literal

LONGEST_NAME = 60
"""Characters."""


def presets(project: ProjectResponse | None) -> None:
    """Chooses a preset, saves one, makes one the default."""
    known = process.journal().presets.all(visibility.current())
    _begin_with_default(known)
    with st.popover(_("Presets"), icon=":material/bookmarks:", key="presets"):
        if not known:
            st.caption(_("Save the length, language, voice and topics of the form under a name, to use them again."))
        for preset in known:
            _one(preset)
        name_rows({_row_key(preset): preset.name for preset in known}, "presets")
        _save(project)


def _begin_with_default(known: list[Preset]) -> None:
    """The form begins with the default preset, where there is one, once for each token."""
    account = connection.client().account
    if create.current().default_used != account and connection.current().token:
        for preset in known:
            if preset.is_default:
                put(preset.settings)
        create.current().default_used = account


def _row_key(preset: Preset) -> str:
    return f"preset_row_{preset.id}"


def _one(preset: Preset) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=_row_key(preset)):
        st.button(
            literal(preset.name),
            key=f"preset_{preset.id}",
            icon=":material/bookmark:",
            on_click=fill,
            args=(preset.settings,),
        )
        st.button(
            _("Default") if preset.is_default else _("Make default"),
            key=f"default_{preset.id}",
            icon=":material/star:" if preset.is_default else ":material/star_border:",
            type="tertiary",
            help=_("The form begins with it, for everybody who sees this preset."),
            on_click=_make_default,
            args=(None if preset.is_default else preset.id,),
        )
        st.button(
            _("Delete"),
            key=f"forget_{preset.id}",
            icon=":material/delete:",
            type="tertiary",
            on_click=_delete,
            args=(preset.id,),
        )


def _make_default(preset_id: int | None) -> None:
    with writing(_("The default was not changed.")):
        process.journal().presets.set_default(visibility.current(), preset_id)


def _delete(preset_id: int) -> None:
    with writing(_("The preset was not deleted.")):
        process.journal().presets.delete(visibility.current(), preset_id)


def _save(project: ProjectResponse | None) -> None:
    if project is None:
        st.caption(_("Choose a project first: everyone who may read it can use the preset too."))
        return
    st.text_input(_("Save the form's settings as"), key="preset_name", max_chars=LONGEST_NAME)
    st.button(
        _("Save"),
        key="save_preset",
        icon=":material/bookmark_add:",
        on_click=_keep,
        args=(project.id,),
    )


def _keep(project_id: str) -> None:
    name = " ".join(st.session_state["preset_name"].split())
    if not name:
        st.toast(_("Give the preset a name first."), icon=":material/info:")
        return
    settings = {key: st.session_state.get(key) for key in KEPT}
    with writing(_("The preset could not be saved.")) as attempt:
        process.journal().presets.save(visibility.current(), project_id, name, settings)
    if not attempt.worked:
        return
    st.session_state["preset_name"] = ""
    st.toast(_("The preset is saved."), icon=":material/check_circle:")
