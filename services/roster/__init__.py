"""Rosters: lists of people from files and pasted text: reading makes a Sheet, columns a mapping, people a Report.

Readers run in a child process (spreadsheet), but for short plain text. Those of spreadsheets make grids (grid): ooxml,
opendocument, old_excel and html_table.

May import services.aseed.models, email_address, labels, languages, normal_form, participants, settings and trust; xlrd
only in the child process.
"""
