"""The words of the data inventory: what each table holds, why, who reads it, how long, and what an erasure does to it.

Every feature lists its own tables in ``inventory.py`` beside its models; ``app.privacy`` puts them together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class DataClass(StrEnum):
    """How much harm a leak does. ``SENSITIVE`` is encrypted or withheld by default; ``SECRET`` is shown to nobody."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"
    SECRET = "secret"


class Basis(StrEnum):
    """On what ground personal data are processed (个人信息保护法 §13)."""

    NONE = "none"
    CONSENT = "consent"
    CONTRACT = "contract"
    DUTY = "duty"


class Reader(StrEnum):
    """Who may read it in the application, beyond the program itself."""

    PROGRAM = "program"
    EVERYBODY = "everybody"
    ONESELF = "oneself"
    TEAM = "team"
    JUDGES = "judges"
    ORGANIZERS = "organizers"
    HOSTS = "hosts"
    TALENT = "talent"
    SUPERVISORS = "supervisors"
    ADMINS = "admins"
    AUDITORS = "auditors"


class Keep(StrEnum):
    """How long. What has a time limit (``KEPT_FOR``) is removed by the nightly job; the others end with what they belong to."""

    SITE = "site"
    ACCOUNT = "account"
    RECORD = "record"
    JOURNAL = "journal"
    LINK = "link"
    SECURITY = "security"
    MAIL = "mail"
    DELIVERY = "delivery"


#: Counted from the moment when the row has done its duty. Logs of sign-ins: 网络安全法 §21 asks for six months at least.
KEPT_FOR = {
    Keep.LINK: timedelta(days=30),
    Keep.SECURITY: timedelta(days=190),
    Keep.DELIVERY: timedelta(days=190),
    Keep.MAIL: timedelta(days=730),
}
#: After these years the file of an edition is due for the office's archive; until then an erasure leaves official records alone.
RECORD_YEARS = 10


class Erasure(StrEnum):
    """What the erasure of a person does to their rows."""

    NOTHING = "nothing"
    DELETE = "delete"
    BLANK = "blank"
    STAY = "stay"


@dataclass(frozen=True)
class Holding:
    """One table. Each of its columns stands, by name, in exactly one of the five classes."""

    table: str
    purpose: object
    keep: Keep
    readers: tuple[Reader, ...]
    basis: Basis = Basis.NONE
    erasure: Erasure = Erasure.NOTHING
    public: str = ""
    internal: str = ""
    personal: str = ""
    sensitive: str = ""
    secret: str = ""

    def columns(self) -> Iterator[tuple[DataClass, list[str]]]:
        """The classes that occur, with their columns."""
        for kind in DataClass:
            names = getattr(self, kind.value).split()
            if names:
                yield kind, names

    @property
    def is_personal(self) -> bool:
        return bool(self.personal or self.sensitive or self.secret)
