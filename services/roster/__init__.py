"""Rosters: lists of people from files and pasted text: reading makes a Sheet, columns a mapping, people a Report.

May import services.aseed.models, email_address, languages, participants, settings and trust; openpyxl only in the child
process.
"""
