"""QR codes: symbols, pictures, and a ZIP file of many.

It imports rooms, link, names and table, and qrcode.
"""
