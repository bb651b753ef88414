"""Announcements and files."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.core.forms import Form

from .rows import SHORT

FILE_TYPES = ("pdf", "docx", "xlsx", "pptx", "doc", "xls", "ppt", "zip", "png", "jpg", "jpeg")


class AnnouncementForm(Form):
    """News in both languages."""

    title = StringField(_l("Title"), [InputRequired(), SHORT])
    title_en = StringField(_l("Title in English"), [SHORT])
    body = TextAreaField(_l("Text"), [InputRequired(), Length(max=10000)], description=_l("Markdown: ## heading, - list, **bold**."))
    body_en = TextAreaField(_l("Text in English"), [Length(max=10000)])


class FileForm(Form):
    """A file to download."""

    title = StringField(_l("Name of the file"), [InputRequired(), SHORT])
    file = FileField(_l("File"), [FileRequired(_l("Please choose a file."))])
