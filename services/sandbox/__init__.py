"""The sandbox: a faithful local implementation of the part of Aseed's API that the dashboard uses, on SQLite.

It shares the models with the client, and nothing else: the client and the journal are never imported here.
"""
