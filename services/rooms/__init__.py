"""The rooms of a study as its researcher follows them: one entry a room, views, figures, and flags.

It imports the models, the journal's records, email_address, folding, link, same_link, participants and local_time;
never the client.
"""
