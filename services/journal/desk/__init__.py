"""Giving links in person: stations, hand-outs, and packs for places without a network.

It may import SQLAlchemy, the contract's models and the journal's records, rows, tables and histories of rooms.
"""
