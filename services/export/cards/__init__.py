"""Printed cards with a QR code each, as PDF.

It imports codes, rooms, models and local_time, and reportlab, python-bidi, uharfbuzz, Noto's fonts and pypdfium2.
"""
