"""The work itself: the Aseed client, the sandbox, exports, checks. Never imports streamlit, components or pages."""
