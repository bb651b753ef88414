"""Why a file was not taken, each refusal as a sentence the sender can act on."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError


class FileRefused(DomainError):
    """Base of all refusals of an uploaded file."""

    message = _l("This file cannot be accepted.")


class NoFile(FileRefused):
    message = _l("Please choose a file first.")


class EmptyFile(FileRefused):
    message = _l("This file is empty.")


class TypeNotAllowed(FileRefused):
    message = _l("Files of this type are not accepted here.")


class ContentDiffers(FileRefused):
    message = _l("The content of this file is not what its name says. Please save it again in the right format.")


class TooLarge(FileRefused):
    message = _l("This file is too large.")


class TooManyPages(FileRefused):
    message = _l("This document has too many pages.")


class TooManyPixels(FileRefused):
    message = _l("This picture has too many pixels. Please send a smaller version.")


class Damaged(FileRefused):
    message = _l("This file is damaged and cannot be opened. Please save it again and send the new copy.")


class Locked(FileRefused):
    message = _l("This file is protected by a password. Please send it without protection.")


class SuspiciousArchive(FileRefused):
    message = _l("This file unpacks to far more than its size, or holds entries that no honest document needs.")


class HasMacros(FileRefused):
    message = _l("This document contains macros. Please save it without them.")


class TooManyFiles(FileRefused):
    message = _l("This field takes no more files. Please remove another one first.")


class QuotaReached(FileRefused):
    message = _l("There is no room left in this entry: replaced files are kept and count. Send a smaller file, or ask the organizer.")


class PersonIsFull(FileRefused):
    message = _l("You have sent as many files as one person may. Please send a smaller file, or let another member of the team send it.")


class HostIsFull(FileRefused):
    message = _l("The room that the host has for files is full. Nothing was stored; please tell the organizer.")


class FileMissing(DomainError):
    """The store has no such object, or other bytes than were received."""

    message = _l("This file cannot be delivered: the stored bytes are not the ones that were received. The staff has been told.")
