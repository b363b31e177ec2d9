"""The screen Audit: whether the record is whole, filters, the lines in words.

It imports elements and state, and no other screen.
"""
