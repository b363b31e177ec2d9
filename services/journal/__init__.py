"""The only memory of our own: what was asked for, what came of it, and whom it is for; `journal.py` is its face.

It may import SQLAlchemy, Alembic, the contract's models and errors, services.folding and services.participants.
"""
