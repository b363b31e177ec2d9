"""Rosters: lists of people from files and pasted text: reading makes a Sheet, columns a mapping, people a Report.

Readers of spreadsheets run in a child process (spreadsheet), and make grids (grid): ooxml, opendocument, old_excel and
html_table.

May import services.aseed.models, email_address, languages, participants, settings and trust; xlrd only in the child
process.
"""
