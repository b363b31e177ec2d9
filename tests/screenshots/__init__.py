"""Pictures of the real pages: `python -m tests.screenshots FOLDER`, and the one in the README."""
