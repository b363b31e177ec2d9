"""Facts of an OpenAPI document: calls, parameters, fields, types, what is required, and status codes."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

FILE = Path(__file__).with_name("facts.json")
"""The facts of the published document."""

CALLS = (
    "GET /health",
    "GET /projects/",
    "POST /projects/create",
    "GET /projects/{project_id}",
    "PUT /projects/{project_id}",
    "GET /api/interviews/config",
    "GET /api/interviews/rooms",
    "POST /api/interviews/rooms",
    "GET /api/interviews/rooms/{room_id}",
    "PATCH /api/interviews/rooms/{room_id}",
    "DELETE /api/interviews/rooms/{room_id}",
    "GET /api/interviews/join/{access_token}",
    "POST /api/interviews/join/{access_token}",
    "POST /api/interviews/join/{access_token}/leave",
)
"""The calls that the sandbox promises to serve."""

Facts = dict[str, dict[str, Any]]
Schema = Mapping[str, Any]
_Made = TypeVar("_Made")

_PROSE = frozenset(("title", "summary", "description"))
_JSON = "application/json"


def published() -> Facts:
    """The facts of the published document, as they were written by `python -m tests.contract`."""
    facts: Facts = json.loads(FILE.read_text())
    return facts


def served(document: Schema) -> set[str]:
    """The calls of a document, such as "GET /projects/"."""
    return {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}


def facts(document: Schema) -> Facts:
    """The facts of CALLS in a document, and of every type that they name.

    Raises ValueError for what this form has no place for, so that nothing is left out in silence.
    """
    calls = {name: _call(document, name) for name in CALLS}
    types: dict[str, Any] = {}
    _add_types(document["components"]["schemas"], _names(calls), types)
    tokens = {call["token"] for call in calls.values() if "token" in call}
    schemes = document["components"]["securitySchemes"]
    return {"calls": calls, "types": types, "tokens": {name: dict(schemes[name]) for name in sorted(tokens)}}


def differences(ours: object, theirs: object, place: str) -> Iterator[str]:
    """Each place where two facts differ."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted(ours.keys() | theirs.keys()):
            yield from differences(ours.get(key, _NOTHING), theirs.get(key, _NOTHING), f"{place}/{key}")
    elif ours != theirs:
        yield f"{place}: ours {ours!r}, published {theirs!r}"


class _Nothing:
    def __repr__(self) -> str:
        return "nothing"


_NOTHING = _Nothing()


def _call(document: Schema, name: str) -> dict[str, Any]:
    method, path = name.split()
    said = _without_prose(document["paths"][path][method.lower()])
    call: dict[str, Any] = {"id": said.pop("operationId"), "answers": _answers(said.pop("responses"))}
    if "tags" in said:
        call["tags"] = said.pop("tags")
    if "security" in said:
        (scheme,) = said.pop("security")
        (call["token"],) = scheme
    if "parameters" in said:
        call["parameters"] = dict(map(_parameter, said.pop("parameters")))
    if "requestBody" in said:
        body = said.pop("requestBody")
        call["body"] = _marked(_content(body), required=body["required"])
    return _complete(call, said)


def _parameter(parameter: Schema) -> tuple[str, str]:
    said = _without_prose(parameter)
    name = f"{said.pop('in')} {said.pop('name')}"
    text = _marked(_type(said.pop("schema")), required=said.pop("required"))
    return _complete((name, text), said)


def _answers(responses: Schema) -> dict[str, str]:
    return {status: _content(response) for status, response in sorted(responses.items())}


def _content(holder: Schema) -> str:
    """The type of a JSON body."""
    said = _without_prose(holder)
    said.pop("required", None)
    content = dict(said.pop("content"))
    schema = content.pop(_JSON)["schema"]
    return _complete(_complete(_type(schema), said), content)


def _add_types(schemas: Schema, names: set[str], types: dict[str, Any]) -> None:
    """Add the named types, and the types that these name."""
    for name in sorted(names - types.keys()):
        types[name] = _fields(schemas[name])
        _add_types(schemas, _names(types[name]), types)


def _fields(schema: Schema) -> dict[str, str]:
    said = _without_prose(schema)
    if (kind := said.pop("type")) != "object":
        raise ValueError(f"There is no form for a named type that is {kind}.")
    required = said.pop("required", [])
    properties = said.pop("properties")
    return _complete(
        {name: _marked(_type(field), required=name in required) for name, field in sorted(properties.items())}, said
    )


def _type(schema: Schema) -> str:
    """A type as one line, such as `<Room>[]` or `string uuid | null = null`."""
    said = _without_prose(schema)
    default = f" = {json.dumps(said.pop('default'))}" if "default" in said else ""
    return _complete(f"{_bare_type(said)}{default}", said)


def _bare_type(said: dict[str, Any]) -> str:
    """The same without the default; takes what it understands out of `said`."""
    if "$ref" in said:
        return f"<{said.pop('$ref').rpartition('/')[2]}>"
    if "anyOf" in said:
        return " | ".join(map(_type, said.pop("anyOf")))
    kind = said.pop("type", "anything")
    if kind == "array":
        return f"({_type(said.pop('items'))})[]"
    form = f" {said.pop('format')}" if "format" in said else ""
    longest = f" of at most {said.pop('maxLength')}" if "maxLength" in said else ""
    return f"{kind}{form}{longest}"


def _names(holder: object) -> set[str]:
    """The named types anywhere in facts."""
    text = json.dumps(holder)
    return {part.partition(">")[0] for part in text.split("<")[1:]}


def _marked(text: str, *, required: bool) -> str:
    return f"{text}, required" if required else text


def _without_prose(said: Schema) -> dict[str, Any]:
    return {key: value for key, value in said.items() if key not in _PROSE}


def _complete(made: _Made, left: Schema) -> _Made:
    if left:
        raise ValueError(f"There is no form for {', '.join(sorted(left))}.")
    return made
