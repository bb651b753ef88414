"""A security key in a real browser: Chromium's own virtual authenticator is registered, signs in and confirms."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite
import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from app.demo.world import PASSWORD
from tests.servers import Installation, free_port

SECOND_FACTOR = "/my/security/second-factor/"


@pytest.fixture(scope="module")
def named_site(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The demo under a name: browsers offer no keys to bare addresses."""
    folder = tmp_path_factory.mktemp("named-site") / "var"
    shutil.copytree(prepared, folder)
    port = free_port()
    installation = Installation(folder, {"BASE_URL": f"http://localhost:{port}"}, port)
    web = installation.web()
    web.start()
    try:
        installation.wait()
        yield installation
    finally:
        web.stop()


@pytest.fixture
def window(chromium: Browser, named_site: Installation) -> Iterator[Page]:
    """A window with one virtual key; a script error or a breach of the content policy fails the test."""
    context = chromium.new_context(base_url=f"http://localhost:{named_site.port}", locale="en", reduced_motion="reduce")
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
    yield page
    context.close()
    assert faults == []


def plug_in(page: Page, **options: Any) -> tuple[CDPSession, str]:
    """A virtual key; the session through which it is asked and its name there."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "usb", "isUserVerified": True, "automaticPresenceSimulation": True, **options}
    return cdp, str(cdp.send("WebAuthn.addVirtualAuthenticator", {"options": kind})["authenticatorId"])


def sign_in(page: Page, account: str) -> None:
    page.goto("/sign-in")
    page.fill("[name=email]", f"{account}@demo.example")
    page.fill("[name=password]", PASSWORD)
    page.click("main button.btn-primary")


def sign_out(page: Page) -> None:
    page.click("details.menu:has(.user) summary")
    page.click("button:has-text('Sign out')")
    page.wait_for_url("**/sign-in")


def register(page: Page, name: str) -> None:
    page.goto(SECOND_FACTOR)
    page.fill("[name=name]", name)
    page.click("button:has-text('Add a key')")


def let_the_proof_age(site: Installation, account: str) -> None:
    """Ten minutes pass for the person's sessions."""
    with sqlite.connect(site.folder / "jiebang.db") as database:
        mine = "(select id from users where email = ?)"
        database.execute(
            "update user_sessions set reauthenticated_at = datetime(reauthenticated_at, '-10 minutes'),"
            f" second_factor_at = datetime(second_factor_at, '-10 minutes') where user_id = {mine}",
            [f"{account}@demo.example"],
        )


def test_a_key_is_registered_signs_in_and_confirms(window: Page, named_site: Installation) -> None:
    cdp, key = plug_in(window)
    sign_in(window, "team")
    window.wait_for_url("**/my/")
    register(window, "Blue key")
    expect(window.locator("main li code")).to_have_count(10)
    window.goto(SECOND_FACTOR)
    expect(window.locator("#keys tbody tr")).to_contain_text(["Blue key"])
    sign_out(window)

    sign_in(window, "team")
    window.wait_for_url("**/sign-in/code")
    window.click("button:has-text('Use a security key')")
    window.wait_for_url("**/my/")
    counted = cdp.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
    assert [credential["rpId"] for credential in counted] == ["localhost"]
    assert counted[0]["signCount"] >= 2

    let_the_proof_age(named_site, "team")
    window.goto(SECOND_FACTOR)
    expect(window).to_have_url(re.compile("/my/confirm"))
    window.fill("[name=password]", PASSWORD)
    window.click("button:has-text('Confirm with a security key')")
    window.wait_for_url(f"**{SECOND_FACTOR}")
    expect(window.locator("#keys tbody tr")).to_have_count(1)


def test_the_same_key_is_not_registered_twice(window: Page) -> None:
    plug_in(window)
    sign_in(window, "talent2")
    window.wait_for_url("**/my/")
    register(window, "Phone")
    expect(window.locator("main li code")).to_have_count(10)
    register(window, "Phone again")
    expect(window.locator("[data-key-error]")).to_have_text("This key is registered already.")
    expect(window.locator("#keys tbody tr")).to_have_count(1)


def test_a_recovery_code_opens_the_account_of_a_lost_key(window: Page) -> None:
    cdp, key = plug_in(window)
    sign_in(window, "student1")
    window.wait_for_url("**/my/")
    register(window, "Red key")
    code = window.locator("main li code").first.inner_text()
    window.goto("/my/")
    sign_out(window)
    cdp.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})
    sign_in(window, "student1")
    window.wait_for_url("**/sign-in/code")
    window.fill("[name=code]", code)
    window.click("main form:has([name=code]) button.btn")
    window.wait_for_url("**/my/")


def test_whoever_types_for_long_is_not_signed_out(window: Page) -> None:
    told: list[str] = []
    window.on("request", lambda request: told.append(request.url) if request.url.endswith("/my/awake") else None)
    window.clock.install()
    sign_in(window, "host2")
    window.wait_for_url("**/my/")
    window.goto("/my/profile/")
    window.fill("[name=title]", "a")
    window.clock.fast_forward("05:00")
    window.fill("[name=title]", "ab")
    window.fill("[name=title]", "abc")
    window.wait_for_load_state("networkidle")
    assert len(told) == 1


def test_under_a_bare_address_the_page_says_why_there_are_no_keys(sign_in: Any) -> None:
    page = sign_in("team", SECOND_FACTOR, locale="en")
    expect(page.locator("#keys")).to_contain_text("Browsers offer keys only to sites with a name and https.")
    expect(page.locator("[data-key-button]")).to_have_count(0)
