"""The dialog that takes links away: as files, as codes, as printed cards, as messages.

It imports its neighbours in elements, and state.
"""
