"""The gate before Streamlit and the sandbox: which hosts, origins, browsers and amounts of data come in.

Each module is one ASGI middleware. It imports starlette and `services.settings`, and never streamlit.
"""
