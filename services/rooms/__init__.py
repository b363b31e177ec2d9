"""The rooms of a study as its researcher follows them: one entry a room, views, figures, and flags.

It imports the models, the journal's records, participants, trust and local_time; never the client.
"""
