"""The catalogue tool on a small house of its own."""

from __future__ import annotations

import gettext
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VIEW = """from flask_babel import gettext as _, ngettext
def show(name, number):
    return _("Hello, %(name)s", name=name) + ngettext("%(num)s entry", "%(num)s entries", number)
"""
CATALOGUE = "app/greeting/translations/zh_CN/LC_MESSAGES/messages.po"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A house with one feature, one page of it and one page of nobody's."""
    for folder in ("tools", "app/greeting", "templates/greeting", "templates/macros"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(ROOT / "tools" / "strings.py", tmp_path / "tools")
    (tmp_path / "app/greeting/__init__.py").write_text("")
    (tmp_path / "app/greeting/views.py").write_text(VIEW)
    (tmp_path / "templates/greeting/page.html").write_text("<p>{{ _('Good bye') }}</p>")
    (tmp_path / "templates/macros/form.html").write_text("<b>{{ _('Required') }}</b>")
    return tmp_path


def strings(house: Path, command: str) -> tuple[int, str]:
    done = subprocess.run([sys.executable, house / "tools/strings.py", command], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def translate(house: Path, path: str, **texts: str) -> None:
    file = house / path
    body = file.read_text(encoding="utf-8")
    for source, text in texts.items():
        source = source.replace("_", " ")
        body = body.replace(f'msgid "{source}"\nmsgstr ""', f'msgid "{source}"\nmsgstr "{text}"')
    file.write_text(body, encoding="utf-8")


def complete(house: Path) -> None:
    strings(house, "update")
    file = house / CATALOGUE
    body = file.read_text(encoding="utf-8")
    body = body.replace('msgid "Hello, %(name)s"\nmsgstr ""', 'msgid "Hello, %(name)s"\nmsgstr "%(name)s，您好"')
    body = body.replace('msgid_plural "%(num)s entries"\nmsgstr[0] ""', 'msgid_plural "%(num)s entries"\nmsgstr[0] "%(num)s 项"')
    file.write_text(body, encoding="utf-8")
    translate(house, CATALOGUE, Good_bye="再见")
    translate(house, "app/translations/zh_CN/LC_MESSAGES/messages.po", Required="必填")


def test_each_text_goes_to_the_catalogue_of_its_feature(house: Path) -> None:
    strings(house, "update")
    own = (house / CATALOGUE).read_text(encoding="utf-8")
    shared = (house / "app/translations/zh_CN/LC_MESSAGES/messages.po").read_text(encoding="utf-8")
    assert ["Good bye" in own, "Hello, %(name)s" in own, "Required" in own] == [True, True, False]
    assert ["Good bye" in shared, "Required" in shared] == [False, True]


def test_a_missing_translation_is_named(house: Path) -> None:
    strings(house, "update")
    code, said = strings(house, "check")
    assert code == 1
    assert "greeting: no zh_CN translation: 'Good bye'" in said
    assert "app: no zh_CN translation: 'Required'" in said


def test_complete_catalogues_pass_and_speak_both_languages(house: Path) -> None:
    complete(house)
    assert strings(house, "check") == (0, "catalogues: complete\n")
    assert strings(house, "compile")[0] == 0
    texts = {}
    for language in ("zh_Hans_CN", "en"):
        folder = house / "app/greeting/translations"
        catalogue = gettext.translation("messages", folder, languages=[language])
        texts[language] = [catalogue.gettext("Good bye"), catalogue.ngettext("%(num)s entry", "%(num)s entries", 2)]
    assert texts == {"zh_Hans_CN": ["再见", "%(num)s 项"], "en": ["Good bye", "%(num)s entries"]}


def test_a_translation_that_loses_a_placeholder_is_refused(house: Path) -> None:
    complete(house)
    file = house / CATALOGUE
    file.write_text(file.read_text(encoding="utf-8").replace("%(name)s，您好", "您好"), encoding="utf-8")
    code, said = strings(house, "check")
    assert code == 1
    assert "other placeholders than the source: 'Hello, %(name)s'" in said


def test_two_features_must_agree_on_a_text(house: Path) -> None:
    complete(house)
    (house / "templates/macros/form.html").write_text("<b>{{ _('Required') }}{{ _('Good bye') }}</b>")
    strings(house, "update")
    assert strings(house, "check") == (0, "catalogues: complete\n"), "a text known elsewhere is filled in"
    file = house / "app/translations/zh_CN/LC_MESSAGES/messages.po"
    file.write_text(file.read_text(encoding="utf-8").replace("再见", "回见"), encoding="utf-8")
    code, said = strings(house, "check")
    assert code == 1
    assert "translated differently: 'Good bye'" in said


def test_a_text_that_nobody_uses_is_reported_and_then_removed(house: Path) -> None:
    complete(house)
    (house / "templates/greeting/page.html").write_text("<p></p>")
    code, said = strings(house, "check")
    assert code == 1
    assert "greeting: no longer used: 'Good bye'" in said
    strings(house, "update")
    assert strings(house, "check") == (0, "catalogues: complete\n")
