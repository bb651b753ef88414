"""A team sends a file in a real browser: a session that has ended is told, and one press sends the file again."""

from __future__ import annotations

from playwright.sync_api import expect

from .conftest import SignIn, enter

PLAN = {
    "name": "plan.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
}


def test_an_ended_session_is_told_and_the_file_is_sent_again_afterwards(sign_in: SignIn) -> None:
    page = sign_in("team", "/my/entries/", "main .panel a.btn", locale="en")
    page.goto(str(page.locator("ul.tasks a[href$='/files']").get_attribute("href")))
    kept = page.context.cookies()
    page.context.clear_cookies()
    field = page.locator(".field-file").first
    field.locator("input[type=file]").set_input_files(files=[PLAN])
    status = field.locator("[data-upload-status]")
    expect(status).to_contain_text("You have been signed out")
    window = page.context.new_page()
    window.goto("/sign-in")
    enter(window, "team")
    window.close()
    assert page.context.cookies() != kept
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.status != 400) as answered:
        status.locator("button").click()
    assert answered.value.status in (200, 422), "the server has looked at the file itself"
    expect(status).not_to_contain_text("You have been signed out")


def test_the_button_opens_the_choice_instead_of_sending_nothing(sign_in: SignIn) -> None:
    page = sign_in("team", "/my/entries/", "main .panel a.btn", locale="en")
    page.goto(str(page.locator("ul.tasks a[href$='/files']").get_attribute("href")))
    here = page.url
    for _again in range(2):
        with page.expect_file_chooser():
            page.locator("form:has(input[type=file]) button").first.click()
    assert page.url == here


def test_a_file_just_above_the_limit_is_told_by_its_bytes(sign_in: SignIn) -> None:
    page = sign_in("team", "/my/entries/", "main .panel a.btn", locale="en")
    page.goto(str(page.locator("ul.tasks a[href$='/files']").get_attribute("href")))
    field = page.locator(".field-file").first
    field.evaluate("field => { field.dataset.maxBytes = '2000000'; }")
    field.locator("input[type=file]").set_input_files(files=[{**PLAN, "buffer": b"%PDF-1.4" + b"0" * 2_000_000}])
    expect(field.locator("[data-upload-status]")).to_have_text("plan.pdf has 2,000,008 B; at most 2,000,000 B are allowed.")
    field.locator("input[type=file]").set_input_files(files=[{**PLAN, "buffer": b"%PDF-1.4" + b"0" * 2_300_000}])
    expect(field.locator("[data-upload-status]")).to_have_text("plan.pdf has 2.3 MB; at most 2 MB are allowed.")
