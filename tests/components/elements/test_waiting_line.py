"""What a page says while a list waits for others to be read."""

from streamlit.testing.v1 import AppTest


def test_place_is_said_until_the_list_is_read() -> None:
    def script() -> None:
        import streamlit as st

        from components.elements.waiting_line import place_in_line

        with place_in_line() as say:
            for before in (3, 2, 1):
                say(before)
                if before == st.session_state.get("stop_at"):
                    # As when the tab is closed: the page stays as it is at this moment.
                    st.stop()

    app = AppTest.from_function(script)
    app.session_state["stop_at"] = 2
    assert [each.value for each in app.run().info] == ["**Waiting:** 2 lists are being read before yours."]
    app.session_state["stop_at"] = 0
    assert not app.run().info and not app.exception
