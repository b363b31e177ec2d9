"""What the journal holds on respondents: found, told, and taken out. Every place that may name one is known here.

It may import what the journal may, and the journal's tables and verbs.
"""
