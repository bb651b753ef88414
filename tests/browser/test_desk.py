"""The judge's two panes in a real browser: the buttons stay in sight, the keyboard need not walk through the file."""

from __future__ import annotations

from playwright.sync_api import expect

from .conftest import SignIn


def test_what_is_told_above_the_panes_leaves_the_buttons_in_sight(sign_in: SignIn) -> None:
    page = sign_in("judge", "/desk/?status=todo", ".queue-item a", locale="en", viewport={"width": 1280, "height": 800})
    page.fill("[data-mark] >> nth=0", "4")
    left = page.url
    page.click("[data-next]")
    page.wait_for_url(lambda address: address != left)
    expect(page.locator(".flash, .callout", has_text="still want a mark or reasons")).to_be_visible()
    expect(page.locator("[data-next]")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_a_link_leads_past_the_file_to_the_score_sheet(sign_in: SignIn) -> None:
    page = sign_in("judge", "/desk/?status=draft", ".queue-item a", locale="en")
    link = page.locator("a.skip", has_text="Skip to the score sheet")
    link.focus()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('[data-mark]')")
