"""The frame of every page in a real browser: appearance is kept, the language switch stays, dialogs ask, nothing needs script."""

from __future__ import annotations

from .conftest import SignIn, Visit


def test_the_chosen_appearance_is_kept_for_the_next_page(visit: Visit) -> None:
    page = visit("/styleguide", color_scheme="light")
    assert page.get_attribute("html", "data-bs-theme") == "light"
    page.click("[data-appearance] > summary")
    page.click("[data-theme-set=dark]")
    page.click("[data-scale-set=large]")
    page.click("[data-contrast-set=high]")
    page.goto("/no-such-page")
    root = page.locator("html")
    kept = {name: root.get_attribute(f"data-{name}") for name in ("bs-theme", "scale", "contrast")}
    assert kept == {"bs-theme": "dark", "scale": "large", "contrast": "high"}


def test_the_language_switch_stays_on_the_page(visit: Visit) -> None:
    page = visit("/styleguide?errors=1")
    assert page.get_attribute("html", "lang") == "zh-CN"
    page.click("button.language")
    page.wait_for_load_state()
    assert page.url.endswith("/styleguide?errors=1")
    assert page.get_attribute("html", "lang") == "en"


def test_an_irrevocable_act_asks_for_its_reason_in_a_dialog(visit: Visit) -> None:
    page = visit("/styleguide")
    opener = page.locator("details[data-dialog] > summary.btn-danger").first
    opener.click()
    dialog = page.locator("dialog[open]")
    assert page.evaluate("document.activeElement.name") == "reason"
    dialog.locator("button.btn-danger").click()
    assert dialog.is_visible(), "an empty reason must not be sent"
    page.keyboard.press("Escape")
    assert page.locator("dialog").count() == 0
    assert opener.evaluate("el => el === document.activeElement")


def test_a_fault_in_the_summary_leads_to_its_field(visit: Visit) -> None:
    page = visit("/styleguide?errors=1")
    assert page.evaluate("document.activeElement.classList.contains('error-summary')")
    page.click(".error-summary a[href='#stage']")
    assert page.evaluate("document.activeElement.name") == "stage"


def test_words_are_counted_as_an_office_counts_them(visit: Visit) -> None:
    page = visit("/styleguide")
    page.fill("#text", "路线清楚 co-operation 2.5")
    assert page.inner_text("#text-counter").startswith("6 ")
    page.fill("#text", "字" * 301)
    assert "over" in str(page.get_attribute("#text-counter", "class"))


def test_the_keyboard_reaches_the_content_first(visit: Visit) -> None:
    page = visit("/styleguide")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_menus_and_questions_open_without_script(visit: Visit) -> None:
    page = visit("/styleguide", java_script_enabled=False, viewport={"width": 390, "height": 844})
    question = page.locator("details[data-dialog]").first
    question.locator("summary").click()
    assert question.locator("textarea").is_visible()
    assert page.locator("#side").is_visible()


def test_only_what_belongs_to_the_choice_is_shown(sign_in: SignIn) -> None:
    page = sign_in("organizer", "/manage/chenghu-6-wuhan/stages", follow="main a[href*='/rubrics/']")
    assert not page.locator("[name=criteria-0-weight]").is_visible()
    page.select_option("[name=mode]", "weights")
    assert page.locator("[name=criteria-0-weight]").is_visible()
    page.goto(page.url.split("/rubrics/")[0])
    assert page.locator("[name=drop_high]").is_visible()
    page.select_option("[name=method]", "mean")
    assert not page.locator("[name=drop_high]").is_visible()
    assert page.locator("[name=decimals]").is_visible()


def test_back_and_reload_after_a_refused_form_lead_to_the_form(visit: Visit) -> None:
    page = visit("/sign-up")
    page.fill("[name=email]", "not an address")
    page.click("main .btn-primary")
    assert page.locator(".error-summary").is_visible()
    page.reload()
    assert (page.locator("[name=email]").input_value(), page.locator(".error-summary").count()) == ("", 0)
    page.fill("[name=email]", "not an address")
    page.click("main .btn-primary")
    page.fill("[name=email]", "somebody@example.org")
    page.click("main .btn-primary")
    page.wait_for_url("**/sign-up/sent")
    page.go_back()
    assert page.locator("main [name=email]").is_visible()


def test_a_refused_form_that_stands_on_another_page_goes_back_to_that_page(sign_in: SignIn) -> None:
    page = sign_in("team", "/my/entries/", follow="main a[href^='/my/entries/'].btn-primary")
    home = page.url + "/team"
    page.goto(home)
    page.locator("form[action$='/team/invite'] button.btn-primary").click()
    page.locator(".error-summary").wait_for()
    assert page.url == home
    page.click("button.language")
    page.wait_for_load_state()
    assert (page.url, page.get_attribute("html", "lang")) == (home, "en")


def test_a_form_on_a_page_that_came_by_a_form_is_sent_to_its_own_address(sign_in: SignIn) -> None:
    page = sign_in("talent", "/talent/records?state=checked")
    page.locator("input[name=ids]").first.check()
    page.locator("form[data-bulk] button").first.click()
    page.locator("main [name=title]").wait_for()
    assert page.url.endswith("/talent/records?state=checked")
    page.locator("main [name=title]").fill("")
    page.locator("main form:has([name=title]) button.btn-primary").click()
    page.locator(".error-summary").wait_for()
    assert page.locator(".error-number").count() == 0
