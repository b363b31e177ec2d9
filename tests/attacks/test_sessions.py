"""Sessions of others: the id of a session, as it stands in addresses and logs, opens nothing in another browser."""

import httpx
import pytest

from tests.attacks.sockets import Visitor


def test_own_browser_resumes_its_session(dashboard: str) -> None:
    with Visitor(dashboard) as person:
        with person.page() as tab:
            session_id = tab.session_id()
        with person.page(session_id) as tab:
            assert tab.session_id() == session_id


@pytest.mark.parametrize("is_open", [True, False], ids=["open", "closed"])
def test_session_id_alone_opens_nothing(dashboard: str, is_open: bool) -> None:
    with Visitor(dashboard) as person, Visitor(dashboard) as thief:
        with person.page() as tab:
            session_id = tab.session_id()
            if is_open:
                with thief.page(session_id) as stolen:
                    assert stolen.session_id() != session_id
        with thief.page(session_id) as stolen:
            assert stolen.session_id() != session_id


def test_invented_header_opens_nothing(dashboard: str) -> None:
    invented = {"X-Rooms-Browser": "known", "Cookie": ""}
    with Visitor(dashboard) as first, first.page(**invented) as tab:
        session_id = tab.session_id()
    with Visitor(dashboard) as second, second.page(session_id, **invented) as tab:
        assert tab.session_id() != session_id


def test_cookie_is_hidden_from_scripts_and_others(dashboard: str) -> None:
    told = httpx.get(f"{dashboard}/_stcore/health", trust_env=False).headers.get_list("Set-Cookie")
    (ours,) = [cookie for cookie in told if cookie.startswith("rooms_browser=")]
    assert "; HttpOnly" in ours and "; SameSite=Strict" in ours and "; Secure" not in ours
    behind_tls = {"X-Forwarded-Proto": "https"}
    answer = httpx.get(f"{dashboard}/_stcore/health", headers=behind_tls, trust_env=False)
    (ours,) = [cookie for cookie in answer.headers.get_list("Set-Cookie") if "rooms_browser=" in cookie]
    assert ours.startswith("__Host-rooms_browser=") and "; Secure" in ours
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_page_opened_from_elsewhere_keeps_the_cookie(dashboard: str) -> None:
    answer = httpx.get(dashboard, headers={"Sec-Fetch-Site": "cross-site"}, trust_env=False)
    assert "rooms_browser" not in answer.headers.get("Set-Cookie", "")
