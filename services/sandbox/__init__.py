"""The sandbox: a local implementation on SQLite of the part of Aseed's API that the dashboard uses.

May import services.aseed.models, services.headers, services.settings, fastapi, starlette, pydantic and uvicorn.
"""
