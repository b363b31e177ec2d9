"""What screens are made of: one folder a screen, `elements/` that several screens show, `state/` that a session knows.

The only place that knows Streamlit's state. It imports services; pages import it.
"""
