"""Engine, metadata and sessions: one plain SQLAlchemy set-up for web, worker and command line.

SQLite runs in WAL with ``synchronous=FULL``; a write transaction begins IMMEDIATE. PostgreSQL needs nothing special.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, MetaData, create_engine, event, make_url
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from .types import UTCDateTime

SAFE_WAL = (
    3,
    51,
    3,
)  # earlier libraries can corrupt a WAL file when two connections write and checkpoint at once
BUSY_MS = 20_000

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables. Plural names by hand; times are UTC; no behaviour beyond what one row knows of itself."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UTCDateTime()}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {getattr(self, 'id', None)}>"


class Identified:
    """A table with an integer key of its own."""

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-10)


class Versioned:
    """A row on which two people may work: a lost race raises StaleDataError instead of overwriting."""

    version: Mapped[int] = mapped_column(default=1, sort_order=90)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)

    @classmethod
    def version_args(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


def make_engine(url: str, **options: Any) -> Engine:
    """An engine with the durability that receipts promise; see ``Database.check_durability``.

    ``statement_seconds``: PostgreSQL gives up a statement after so long, and waiting for a lock after half of it; 0 waits for ever.
    """
    seconds = options.pop("statement_seconds", 0)
    if not url.startswith("sqlite"):
        given = dict(make_url(url).query)
        limits = {"options": f"-c statement_timeout={seconds * 1000} -c lock_timeout={seconds * 500}"} if seconds else {}
        engine = create_engine(
            url,
            pool_pre_ping=True,
            pool_size=options.pop("pool_size", 16),
            connect_args={"connect_timeout": 5, "tcp_user_timeout": 15_000, **limits, **given},  # a lost server holds nobody up
            json_serializer=_dumps,
            hide_parameters=True,
            **options,
        )
        event.listen(engine, "begin", _begin_postgresql)
        return engine
    import pysqlite3.dbapi2 as sqlite  # noqa: PLC0415 -- optional: only where SQLite is the database

    engine = create_engine(url, module=sqlite, json_serializer=_dumps, hide_parameters=True, **options)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(dbapi: Any, record: Any) -> None:
    dbapi.isolation_level = None  # SQLAlchemy, not the driver, says BEGIN
    version = tuple(map(int, dbapi.execute("select sqlite_version()").fetchone()[0].split(".")))
    for pragma in (
        f"busy_timeout={BUSY_MS}",
        "foreign_keys=ON",
        f"journal_mode={'WAL' if version >= SAFE_WAL else 'DELETE'}",
        "synchronous=FULL",
    ):
        dbapi.execute(f"PRAGMA {pragma}")
    dbapi.create_function(
        "regexp",
        2,
        lambda pattern, text: bool(re.search(pattern, text or "")),
        deterministic=True,
    )


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("write") else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    """A page sees one state of the data, as on SQLite, never half of a release; a write sees what it waited for. Costs no statement."""
    from psycopg import IsolationLevel  # noqa: PLC0415 -- optional: only where PostgreSQL is the database

    raw: Any = connection.connection.driver_connection
    writes = connection.get_execution_options().get("write")
    raw.isolation_level = IsolationLevel.READ_COMMITTED if writes else IsolationLevel.REPEATABLE_READ


def _dumps(value: Any) -> str:
    return msgspec.json.encode(value).decode()


class Database:
    """Holds the engine and hands every request, job or command its one session."""

    def __init__(self) -> None:
        self.engine: Engine | None = None
        self._make: sessionmaker[Session] | None = None
        self._current: ContextVar[Session | None] = ContextVar("session", default=None)

    def open(self, url: str, **options: Any) -> None:
        """Connect to ``url``; sessions keep loaded rows after a commit, operations re-read under a lock."""
        self.engine = make_engine(url, **options)
        self.bind(self.engine)

    def bind(self, bind: Engine | Connection, **options: Any) -> None:
        self._make = sessionmaker(bind, expire_on_commit=False, autoflush=True, **options)

    @property
    def session(self) -> Session:
        """This context's session, begun on first use."""
        session = self._current.get()
        if session is None:
            if self._make is None:
                raise RuntimeError("the database is not open")
            session = self._make()
            self._current.set(session)
        return session

    def release(self) -> None:
        """Close this context's session, giving up whatever was not committed."""
        session = self._current.get()
        if session is not None:
            session.close()
            self._current.set(None)

    @property
    def is_sqlite(self) -> bool:
        return self.engine is not None and self.engine.dialect.name == "sqlite"


db = Database()
