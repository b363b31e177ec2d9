"""Doors and their visitors in the journal: settings, states, visits, and the claim of a room."""
