"""What the screens are made of; the only place that knows Streamlit's state, cache and secrets.

Imports services and streamlit, never pages, httpx or sqlalchemy.
"""
