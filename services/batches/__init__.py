"""Creating rooms exactly once in effect: a batch is planned, run outside the page's script, settled, resumed, ended.

It may import the journal, the client and the contract's models. The rules are those of `work.py`'s docstring.
"""
