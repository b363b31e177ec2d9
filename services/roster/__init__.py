"""Rosters: lists of people, read from files and pasted text with nothing lost, guessed or cut in silence.

reading -> Sheet, columns -> which column is what, people -> Report. Imports participants, the contract's limits, the
formula guard and settings of ours; openpyxl only in the child process.
"""
