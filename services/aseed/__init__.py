"""Aseed's API: the contract as models, its errors as a tree, and the one client that speaks HTTP to it.

Imports pydantic, httpx, stamina and nothing else of ours.
"""
