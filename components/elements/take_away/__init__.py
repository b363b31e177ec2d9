"""The panel that takes links away: as files, as printed cards, as messages.

It imports its neighbours in elements, and state.
"""
