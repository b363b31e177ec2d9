"""Speed, as ratios within one run: `python -m tests.bench`. Machines are shared and noisy, so no test waits on it."""
