"""A judge types in a real browser: nothing typed is lost when the network, the session or the page goes away."""

from __future__ import annotations

import re

from playwright.sync_api import LocatorAssertions, Page, expect

from .conftest import SignIn, enter

QUEUE = "/desk/?status=draft"
ENTRY = ".queue-item a"
SAVED = re.compile(r"^Saved \d\d:\d\d, receipt \w{4} \w{4}$")


def state(page: Page) -> LocatorAssertions:
    return expect(page.locator("[data-save-state]").first)


def first_mark(page: Page) -> str:
    return str(page.locator("[data-mark]").first.get_attribute("name"))


def test_what_is_typed_is_saved_with_a_receipt_and_is_there_again(sign_in: SignIn) -> None:
    page = sign_in("judge", QUEUE, ENTRY, locale="en")
    name = first_mark(page)
    before = page.input_value(f"[name={name}]")
    page.press(f"[name={name}]", "ArrowDown")
    typed = page.input_value(f"[name={name}]")
    assert typed != before
    state(page).to_have_text(SAVED)
    page.reload()
    assert page.input_value(f"[name={name}]") == typed


def test_words_typed_without_network_arrive_when_it_is_back(sign_in: SignIn) -> None:
    page = sign_in("judge", QUEUE, ENTRY, locale="en")
    page.context.set_offline(True)
    page.fill("[name=comment]", "typed on the train")
    state(page).to_contain_text("No connection")
    page.fill("[name=comment]", "typed on the train, in the tunnel")
    page.context.set_offline(False)
    state(page).to_have_text(SAVED, timeout=15_000)
    page.reload()
    assert page.input_value("[name=comment]") == "typed on the train, in the tunnel"


def test_an_ended_session_loses_nothing(sign_in: SignIn) -> None:
    page = sign_in("judge", QUEUE, ENTRY, locale="en")
    page.context.clear_cookies()
    page.fill("[name=comment]", "typed after the session had ended")
    state(page).to_contain_text("You have been signed out")
    sheet = page.url
    page.click("button[name=then][value=stay]")  # the page as a whole would be refused
    assert page.evaluate("document.activeElement.closest('[data-save-panel]') !== null")
    assert (page.url, page.locator(".error-page").count()) == (sheet, 0)
    with page.context.expect_page() as opened:
        page.click("[data-save-panel] button:has-text('Sign in again')")
    window = opened.value
    enter(window, "judge")
    window.close()
    state(page).to_have_text(SAVED, timeout=10_000)
    page.reload()
    assert page.input_value("[name=comment]") == "typed after the session had ended"


def test_a_sheet_that_was_taken_away_says_so_and_stops_trying(sign_in: SignIn) -> None:
    """A conflict was found, or the entry withdrawn, while the page stood open: no promise to send, and the words stay."""
    page = sign_in("judge", QUEUE, ENTRY, locale="en")
    asked = []
    page.route("**/desk/assignments/*", lambda route: (asked.append(route.request.method), route.continue_(url=f"{page.url}0000")))
    page.fill("[name=comment]", "typed too late")
    state(page).to_have_text("Not saved: this is not open to you any more.")
    expect(page.locator("[data-save-panel]")).to_contain_text("What you typed is kept on this device")
    page.wait_for_timeout(2_500)  # longer than the first pause between two attempts
    assert (asked, page.input_value("[name=comment]")) == (["POST"], "typed too late")
    page.unroute("**/desk/assignments/*")
    page.click("[data-save-panel] button:has-text('Try again')")
    state(page).to_have_text(SAVED)


def test_a_page_that_was_closed_without_network_offers_its_words_again(sign_in: SignIn) -> None:
    page = sign_in("judge", QUEUE, ENTRY, locale="en")
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError()); }")  # also for the last attempt, which outlives the page
    page.fill("[name=private_note]", "never sent")
    state(page).to_contain_text("No connection")
    sheet = page.url
    page.goto("about:blank")
    page.goto(sheet)
    page.click("[data-save-panel] button:has-text('Use them')")
    state(page).to_have_text(SAVED)
    assert page.input_value("[name=private_note]") == "never sent"


def test_words_that_reached_the_server_are_not_offered_again(sign_in: SignIn) -> None:
    page = sign_in("judge", QUEUE, ENTRY, locale="en")
    page.fill("[name=private_note]", "arrived")
    kept = page.evaluate("Object.entries(localStorage).find(([key]) => key.startsWith('draft:'))")
    state(page).to_have_text(SAVED)
    page.evaluate("([key, value]) => localStorage.setItem(key, value)", kept)  # the answer to the save was lost
    page.reload()
    expect(page.locator("[data-save-panel]")).to_have_count(0)
    assert page.input_value("[name=private_note]") == "arrived"


def test_a_page_of_faults_that_is_left_offers_its_words_again(sign_in: SignIn) -> None:
    page = sign_in("judge", QUEUE, ENTRY, locale="en")
    sheet, name = page.url, first_mark(page)
    page.fill("[name=private_note]", "beside a wrong mark")
    page.fill(f"[name={name}]", "9999")
    expect(page.locator("[data-live-error]")).to_be_visible()
    page.click("button[name=then][value=stay]")
    expect(page.locator(".error-summary")).to_be_visible()
    page.goto(sheet)
    page.click("[data-save-panel] button:has-text('Use them')")
    assert (page.input_value("[name=private_note]"), page.input_value(f"[name={name}]")) == ("beside a wrong mark", "9999")
    page.evaluate("localStorage.clear()")


def test_a_page_of_faults_does_not_offer_the_words_that_stand_on_it(sign_in: SignIn) -> None:
    page = sign_in("judge", QUEUE, ENTRY, locale="en")
    page.fill("[name=private_note]", " two lines,  \nwith space around them ")
    page.fill(f"[name={first_mark(page)}]", "9999 ")
    expect(page.locator("[data-live-error]")).to_be_visible()
    page.click("button[name=then][value=stay]")
    expect(page.locator(".error-summary")).to_be_visible()
    assert page.input_value("[name=private_note]") == "two lines,  \nwith space around them"
    expect(page.locator("[data-save-panel]")).to_have_count(0)
    page.evaluate("localStorage.clear()")


def test_a_mark_that_wants_reasons_says_so_beside_them_as_soon_as_it_is_saved(sign_in: SignIn) -> None:
    page = sign_in("judge", QUEUE, ENTRY, locale="en")
    name = first_mark(page)
    before = page.input_value(f"[name={name}]")
    item = page.locator(f"[data-item]:has([name={name}])")
    page.fill(f"[name={name}]", "1")
    expect(item.locator("[data-fault]")).to_contain_text("Please give your reasons")
    assert item.locator("textarea").get_attribute("aria-describedby") == item.locator("[data-fault]").get_attribute("id")
    item.locator("textarea").fill("Nothing was shown that works.")
    state(page).to_have_text(SAVED)
    expect(item.locator("[data-fault]")).to_be_hidden()
    item.locator("textarea").fill("")
    page.fill(f"[name={name}]", before)
    state(page).to_have_text(SAVED)


def test_a_second_window_is_not_overwritten_silently(sign_in: SignIn) -> None:
    page = sign_in("judge", QUEUE, ENTRY, locale="en")
    other = page.context.new_page()
    other.goto(page.url)
    page.fill("[name=comment]", "from the first window")
    state(page).to_have_text(SAVED)
    other.fill("[name=comment]", "from the second window")
    state(other).to_contain_text("Somebody else has saved")
    assert "from the first window" in other.inner_text("[data-save-panel]")
    other.click("[data-save-panel] button:has-text('Keep my version')")
    state(other).to_have_text(SAVED)
    page.reload()
    assert page.input_value("[name=comment]") == "from the second window"


def test_a_mark_out_of_range_is_refused_beside_its_field(sign_in: SignIn) -> None:
    page = sign_in("judge", QUEUE, ENTRY, locale="en")
    name = first_mark(page)
    before = page.input_value(f"[name={name}]")
    page.fill(f"[name={name}]", "9999")
    expect(page.locator("[data-live-error]")).to_be_visible()
    assert page.get_attribute(f"[name={name}]", "aria-invalid") == "true"
    page.fill(f"[name={name}]", before)
    state(page).to_have_text(SAVED)
    expect(page.locator("[data-live-error]")).to_have_count(0)
