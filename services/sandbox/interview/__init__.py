"""The respondent's page, which a link of the sandbox opens: its calls, words and templates.

May import the rest of the sandbox, the contract's models, services.headers, fastapi, starlette and pydantic.
"""
