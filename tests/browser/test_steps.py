"""A step that is held up by a proof of identity comes back as it was typed."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

from playwright.sync_api import Page, expect

from app.demo.world import PASSWORD

from .conftest import SignIn, Site


def grow_old(site: Site) -> None:
    """Every proof of identity was given an hour ago."""
    with sqlite3.connect(site.installation.folder / "jiebang.db") as database:
        database.execute("UPDATE user_sessions SET reauthenticated_at = datetime(reauthenticated_at, '-1 hour') || '.000000'")


def prove(page: Page, account: str, cookies: dict[str, Any]) -> None:
    """With the password; the session has a new name from then on, which later tests need."""
    page.wait_for_url(re.compile("/my/confirm"))
    page.fill("[name=password]", PASSWORD)
    page.click("main form:has([name=password]) button.btn-primary")
    page.wait_for_url(lambda address: "/my/confirm" not in address)
    cookies[account] = page.context.storage_state()


def test_settings_that_were_typed_survive_the_proof(sign_in: SignIn, site: Site, cookies: dict[str, Any]) -> None:
    page = sign_in("admin", "/admin/settings/", locale="en")
    box = page.locator("main input[inputmode]:not([type=hidden])").first
    name, before = str(box.get_attribute("name")), box.input_value()
    page.fill(f"[name='{name}']", "7")
    grow_old(site)
    page.click("main form .form-actions button")
    prove(page, "admin", cookies)
    page.wait_for_url("**/admin/settings/")
    assert (before != "7", page.input_value(f"[name='{name}']")) == (True, "7")
    page.reload()
    assert page.input_value(f"[name='{name}']") == before, "what was put back once is not put back again"


def test_a_reason_in_a_dialog_survives_the_proof_and_the_dialog_is_open_again(sign_in: SignIn, site: Site, cookies: dict[str, Any]) -> None:
    page = sign_in("supervisor", "/supervise/", "main a[href^='/supervise/']", locale="en")
    asked = page.url
    page.click("#freeze summary")
    page.fill("dialog [name=reason]", "to look into the third sheet")
    grow_old(site)
    page.click("dialog .form-actions .btn-danger")
    prove(page, "supervisor", cookies)
    page.wait_for_url(asked)
    expect(page.locator("dialog[open] [name=reason]")).to_have_value("to look into the third sheet")
    assert page.evaluate("document.activeElement.name") == "reason"


def test_of_two_answers_to_one_question_the_one_that_was_given_comes_back(sign_in: SignIn, site: Site, cookies: dict[str, Any]) -> None:
    staff = sign_in("organizer", "/manage/campus-2026/progress/1/sheets", locale="en")
    staff.locator("main summary", has_text="Ask to strike it").first.click()
    staff.fill("dialog [name=reason]", "a joint project came to light")
    staff.click("dialog .form-actions .btn-danger")
    staff.wait_for_url("**/progress/?stage=1")
    for account, wanted in (("host", "agree"), ("host2", "refuse")):
        page = sign_in(account, "/manage/campus-2026/progress/?stage=1", locale="en")
        answer = page.locator("#reopenings summary", has_text=wanted.capitalize())
        answer.click()
        page.fill("dialog [name=reason]", f"I {wanted}")
        grow_old(site)
        page.click("dialog .form-actions .btn-primary")
        prove(page, account, cookies)
        expect(page.locator("dialog[open] [name=reason]")).to_have_value(f"I {wanted}")
        assert page.input_value("dialog[open] [name=decision]") == wanted


def test_what_was_typed_waits_for_nobody_else_and_holds_no_password(sign_in: SignIn, site: Site) -> None:
    page = sign_in("admin", "/admin/settings/", locale="en")
    grow_old(site)
    page.click("main form .form-actions button")
    page.wait_for_url(re.compile("/my/confirm"))
    page.fill("[name=password]", "not this one")
    page.click("main form:has([name=password]) button.btn-primary")
    expect(page.locator(".error-summary")).to_be_visible()
    step = page.evaluate("JSON.parse(sessionStorage.getItem('step'))")
    assert (step["page"], step["heldUp"]) == ("/admin/settings/", True)
    assert "not this one" not in str(step)
    page.evaluate(
        "step => sessionStorage.setItem('step', JSON.stringify({...step, who: '0', fields: step.fields.map(([n]) => [n, 'x', null])}))",
        step,
    )
    page.click("main .btn-link")
    page.wait_for_url("**/admin/settings/")
    assert "x" not in page.locator("main input").evaluate_all("boxes => boxes.map(box => box.value)")
    assert page.evaluate("sessionStorage.getItem('step')") is None
