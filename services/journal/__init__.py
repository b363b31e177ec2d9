"""The only memory of our own: what was asked for, what came of it, and who it is for.

`journal.py` is its face: verbs, each one transaction. It may import SQLAlchemy, Alembic and the contract's models.
"""
