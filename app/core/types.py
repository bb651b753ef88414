"""Column types that behave the same on both engines: UTC moments, enums with a CHECK, exact JSON, sealed JSON, typed structures."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

import msgspec
from sqlalchemy import BigInteger, DateTime, Dialect, Enum, Numeric, Text, TypeDecorator

from .crypto import keys

T = TypeVar("T")


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC with microseconds. Naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactNumeric(TypeDecorator[Decimal]):
    """A decimal of fixed scale; SQLite, which has no decimals, keeps it as an integer of minor units."""

    impl = Numeric
    cache_ok = True

    def __init__(self, precision: int = 18, scale: int = 4) -> None:
        super().__init__(precision, scale)
        self.precision, self.scale = precision, scale

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else Numeric(self.precision, self.scale))

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if isinstance(value, float):
            raise TypeError("a float is not exact")
        scaled = Decimal(value).scaleb(self.scale)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than {self.scale} decimals")
        return int(scaled) if dialect.name == "sqlite" else Decimal(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        return Decimal(value).scaleb(-self.scale) if dialect.name == "sqlite" else Decimal(value)


class JSONText(TypeDecorator[Any]):
    """JSON kept as readable text (not ``\\u`` escapes), so that both engines store and find the same bytes. Assign anew to change."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else msgspec.json.encode(value, order="sorted").decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else msgspec.json.decode(value)


class SealedJSON(TypeDecorator[Any]):
    """JSON that lies encrypted in the database; ``purpose`` binds it to its column. What an earlier version left in clear is read too.

    No statement can look into it: what must be found or sorted by belongs into a column of its own.
    """

    impl = Text
    cache_ok = True
    MARK = "sealed:"

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        text = msgspec.json.encode(value, order="sorted").decode()
        return self.MARK + base64.b64encode(keys.cipher.encrypt(text, self.purpose)).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        if value is not None and value.startswith(self.MARK):
            value = keys.cipher.decrypt(base64.b64decode(value[len(self.MARK) :]), self.purpose)
        return None if value is None else msgspec.json.decode(value)


class StructText(TypeDecorator[Any]):
    """A frozen ``msgspec.Struct`` kept as JSON text; what does not fit its type cannot be stored."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind
        self._decoder = msgspec.json.Decoder(kind)

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else self._decoder.decode(value)


def enum_column(kind: type[StrEnum]) -> Enum:
    """An enum stored as its value in a short string with a CHECK."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
        name=kind.__name__.lower(),
        validate_strings=True,
    )
