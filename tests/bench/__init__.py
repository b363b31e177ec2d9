"""Speed, as ratios within one run: `python -m tests.bench`. Machines are shared and noisy, so no test waits on it."""

import logging

# Streamlit warns of every page that runs without a browser, already while it is imported.
logging.disable()
