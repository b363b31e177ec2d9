"""Doors: public addresses that give each visitor a room of their own.

The only part that is meant for strangers. It needs no page of the dashboard, and can be served alone.
"""
