"""Several replicas behind a proxy, set up as README.md says: its own blocks are what runs here."""
