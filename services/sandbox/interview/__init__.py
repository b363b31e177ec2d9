"""The page of a respondent, which opens behind a link of the sandbox.

It imports the sandbox's store, the contract's models and headers.
"""
