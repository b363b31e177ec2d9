"""The sandbox as routes: the API under /custdev, the respondent's page under /interview."""

from starlette.routing import BaseRoute, Mount

from services.sandbox.api import create_api
from services.sandbox.interview.page import create_interview
from services.sandbox.store import Store


def sandbox_routes(store: Store, public_url: str | None = None) -> list[BaseRoute]:
    """The routes that an ASGI application mounts to serve the sandbox. public_url: see `create_api`."""
    return [Mount("/custdev", create_api(store, public_url)), Mount("/interview", create_interview(store))]
