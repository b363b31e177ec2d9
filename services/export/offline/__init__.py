"""The offline pack: one HTML file that stands for a desk where there is no network.

It imports codes, the words of cards, and rooms.
"""
