"""What several screens show: buttons, pickers, progress, problems, and the panel that takes links away.

It imports state, and no screen.
"""
