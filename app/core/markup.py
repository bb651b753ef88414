"""Texts that organizers write: Markdown without HTML, and the reader's side of a text in two languages."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from app.core.later import later

if TYPE_CHECKING:
    import markdown_it
    import nh3
else:
    markdown_it = later("markdown_it")
    nh3 = later("nh3")

_TAGS = {
    "p",
    "br",
    "h2",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "a",
    "blockquote",
    "code",
    "pre",
    "hr",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}


@cache
def _markdown() -> markdown_it.MarkdownIt:
    return markdown_it.MarkdownIt("commonmark", {"html": False}).enable("table")


def prose(text: str | None, *, demote: int = 0) -> Markup:
    """Markdown as safe HTML; headings go down by ``demote`` levels, so that they fit below the page's own."""
    html = _markdown().render(text or "")
    for level in range(4, 0, -1):
        low = min(level + demote, 4)
        html = html.replace(f"<h{level}>", f"<h{low}>").replace(f"</h{level}>", f"</h{low}>")
    clean = nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"})
    table = '<div class="table-wrap" role="region" tabindex="0" aria-label="{}"><table class="data">'.format(_("Table"))
    framed = clean.replace("<table>", table).replace("</table>", "</table></div>")
    return Markup(framed)  # nosec B704 -- cleaned by nh3 just above


def named(thing: Any) -> str:
    """What a row is called, for a reader of this language: its title or name, with the English one for English readers."""
    word = "title" if hasattr(thing, "title") else "name"
    return pick(getattr(thing, word), getattr(thing, f"{word}_en", ""))


def pick(zh: str | None, en: str | None) -> str:
    """The English text for English readers where there is one, else the Chinese."""
    locale = get_locale()
    return (en if en and locale is not None and locale.language == "en" else zh) or ""
