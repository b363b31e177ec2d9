"""Printed cards with a QR code each, as PDF.

It imports codes, rooms and trust, and reportlab and pypdfium2.
"""
