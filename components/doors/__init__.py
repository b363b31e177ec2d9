"""The screen Doors: the form, cards, the view for a screen in the room, rooms that are left.

It imports elements and state, and no other screen.
"""
