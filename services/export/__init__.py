"""Rooms as files: tables, messages, codes, cards, the offline pack. Every cell of a CSV passes services.trust.

It imports rooms, link, models, the journal's records, participants, trust and local_time.
"""
