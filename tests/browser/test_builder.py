"""The form builder and what it makes, in a real browser: order by mouse and by keyboard, preview without script, conditions."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import SignIn

FORMS, FORM = "/manage/chenghu-6-wuhan/forms/", "main table a, main .panel a"
NAMES = "[data-sortable] > li .task-text a"


@pytest.fixture
def builder(sign_in: SignIn) -> Page:
    """The draft of a contest in preparation; begun where there is only a published version."""
    page = sign_in("organizer", FORMS, FORM, locale="en")
    if not page.locator(".sortable-handle").count():
        page.get_by_role("button", name="Begin a new version").click()
        page.wait_for_selector(".sortable-handle")
    return page


def order(page: Page) -> list[str]:
    return page.locator(NAMES).all_inner_texts()


def drag_to_the_top(page: Page, row: int, wanted: list[str]) -> None:
    """Held above the first row until the list has made room: rows that still glide take no part in the order yet."""
    handles = page.locator(".sortable-handle")
    handles.nth(row).hover()
    page.mouse.down()
    for _ in range(30):
        first = handles.nth(0).bounding_box()
        assert first is not None
        page.mouse.move(first["x"] + 5, first["y"] + 20, steps=6)
        page.mouse.move(first["x"] + 5, first["y"] - 8, steps=6)
        if order(page) == wanted:
            break
        page.wait_for_timeout(100)
    page.mouse.up()


def test_fields_are_dragged_into_another_order_and_stay_there(builder: Page) -> None:
    before = order(builder)
    wanted = [before[2], before[0], before[1], *before[3:]]
    drag_to_the_top(builder, 2, wanted)
    expect(builder.locator(NAMES)).to_have_text(wanted)
    builder.get_by_role("button", name="Save the order").click()
    builder.reload()
    assert order(builder) == wanted


def test_the_keyboard_moves_a_field_and_keeps_its_place(builder: Page) -> None:
    before = order(builder)
    builder.get_by_role("button", name=f"Move down: {before[0]}").focus()
    builder.keyboard.press("Enter")
    builder.wait_for_url(re.compile(r"#move-"))
    wanted = [before[1], before[0], *before[2:]]
    assert order(builder) == wanted
    assert builder.locator("li:target").locator(".task-text a").inner_text() == before[0]
    builder.keyboard.press("Tab")
    assert builder.evaluate("document.activeElement.closest('li').id") == builder.locator("li:target").get_attribute("id")


def test_the_preview_follows_the_typing(builder: Page) -> None:
    builder.goto(str(builder.locator(NAMES).first.get_attribute("href")))
    builder.fill("[name=label_en]", "What do you call it?")
    expect(builder.locator("#preview")).to_contain_text("What do you call it?")


def test_without_script_the_preview_comes_with_the_saving(builder: Page, sign_in: SignIn) -> None:
    field = str(builder.locator(NAMES).first.get_attribute("href"))
    page = sign_in("organizer", field, locale="en", java_script_enabled=False)
    page.fill("[name=label_en]", "Asked without script")
    page.get_by_role("button", name="Save and stay").click()
    assert "Asked without script" in page.locator("#preview").inner_text()
    page.goto(builder.url)
    assert "Asked without script" in page.locator("#move-" + field.rsplit("/", 1)[1]).inner_text()


def test_a_question_appears_when_its_condition_is_met(sign_in: SignIn) -> None:
    page = sign_in("team", "/my/entries/", ".panel a.btn", locale="en")
    page.goto(str(page.locator("main a[href$='/sections/entrant']").get_attribute("href")))
    asked = page.locator("[data-field=financing_amount]")
    for answer, shown in (("no", False), ("yes", True), ("no", False)):
        page.locator(f"[data-field=financing] input[value={answer}]").check()
        expect(asked).to_be_visible(visible=shown)
