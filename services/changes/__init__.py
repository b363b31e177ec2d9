"""Many rooms changed or cancelled at once, outside the page's script.

It imports the client, the journal, participants, texts and threads.
"""
