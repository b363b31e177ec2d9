"""Printed cards with a QR code each, as PDF.

It imports codes, rooms, models and local_time, and reportlab, python-bidi and pypdfium2.
"""
