"""Rooms as files: tables and codes. Every cell and every URL passes services.trust on its way out."""
