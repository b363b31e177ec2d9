"""Loaded by schemathesis: email addresses that exist in form, since reserved domains such as .test are refused."""

import schemathesis
from hypothesis import strategies as st

schemathesis.openapi.format("email", st.from_regex(r"\A[a-z]{1,8}(\.[a-z]{1,8})?@[a-z]{2,8}\.(com|org|de)\Z"))
