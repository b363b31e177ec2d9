"""QR codes: symbols, pictures, and a ZIP file of many.

It imports rooms, table and trust, and qrcode.
"""
