"""The facts of Aseed's published API that the tests need, in a form of our own. Imports the standard library alone.

`python -m tests.contract DOCUMENT` writes facts.json from the published document; with ASEED_OPENAPI=DOCUMENT, the
tests hold the facts against the document.
"""
