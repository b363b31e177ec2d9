"""Posters of doors: one code for all who come, with what to do in each of the door's languages.

It imports the lettering, the shaping and the papers of cards.
"""
