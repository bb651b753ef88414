"""Run the test suite on PostgreSQL, Redis and an S3-compatible store, each on scratch data of its own.

Usage: test_services.py [--probe] [pytest arguments]. Servers that answer are used (libpq's variables and
TEST_REDIS_URL are honoured); what is installed but not running is started privately for the time of the run.
"""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import redis
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
TEST_REDIS_DATABASE = 15
START_SECONDS = 30


class ServiceUnavailableError(Exception):
    """A service neither answers nor can be started; the message names it."""


def free_port() -> int:
    """A TCP port of the loopback address that nobody holds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return when the port answers, or say that the process did not come up."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise ServiceUnavailableError(f"{process.args!r} did not start")


@contextlib.contextmanager
def running(command: list[str], port: int, **options: object) -> Iterator[None]:
    """A server process for the time of the block."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)  # type: ignore[call-overload]
    try:
        wait_for_port(port, process)
        yield
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


def administrators() -> Iterator[str]:
    """Connection strings that may be allowed to create a database, best first."""
    if "PGHOST" in os.environ or "PGSERVICE" in os.environ:
        yield "dbname=postgres"
        return
    yield "dbname=postgres user=postgres host=127.0.0.1"
    yield "dbname=postgres"


def answering_postgresql() -> str:
    """A connection string of a running server that lets us create databases; empty when there is none."""
    for candidate in administrators():
        try:
            with psycopg.connect(candidate, connect_timeout=3) as connection:
                row = connection.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        except psycopg.Error:
            continue
        if row and row[0]:
            return candidate
    return ""


def postgresql_programs() -> Path | None:
    """Where the newest installed PostgreSQL keeps initdb and postgres."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    return Path(named).parent if named else None


@contextlib.contextmanager
def private_postgresql(programs: Path) -> Iterator[str]:
    """A server of our own in a temporary folder; PostgreSQL refuses to run as root, so root lends it to `postgres`."""
    with tempfile.TemporaryDirectory(prefix="jiebang-pg-") as folder:
        owner = {"user": "postgres"} if os.geteuid() == 0 else {}
        if owner:
            shutil.chown(folder, "postgres")
        data, port = os.path.join(folder, "data"), free_port()
        initdb = [
            str(programs / "initdb"),
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd=folder, **owner)  # type: ignore[call-overload]
        server = [str(programs / "postgres"), "-D", data, "-p", str(port), "-k", folder, "-h", "127.0.0.1"]
        with running(server, port, cwd=folder, **owner):
            yield f"dbname=postgres user=postgres host=127.0.0.1 port={port}"


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """The SQLAlchemy address of a fresh database, dropped afterwards."""
    with contextlib.ExitStack() as stack:
        administrator = answering_postgresql()
        if not administrator:
            programs = postgresql_programs()
            if programs is None:
                raise ServiceUnavailableError("PostgreSQL neither answers nor is installed")
            administrator = stack.enter_context(private_postgresql(programs))
        name = "jiebang_test_" + secrets.token_hex(4)
        with psycopg.connect(administrator, autocommit=True) as connection:
            create = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'")
            connection.execute(create.format(sql.Identifier(name)))
            try:
                yield address(connection, name)
            finally:
                drop_all(connection, name)


def drop_all(connection: psycopg.Connection, name: str) -> None:
    """Drop the scratch database and those that test workers derived from it."""
    derived = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [name]).fetchall()
    for (database,) in derived:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))


def address(connection: psycopg.Connection, name: str) -> str:
    """The SQLAlchemy address of a database on the server that the connection talks to."""
    info = connection.info
    password = f":{info.password}" if info.password else ""
    if info.host.startswith("/"):
        return f"postgresql+psycopg://{info.user}{password}@/{name}?host={info.host}&port={info.port}"
    return f"postgresql+psycopg://{info.user}{password}@{info.host}:{info.port}/{name}"


# --- Redis and S3 -----------------------------------------------------------------------------------------------------


def answering_redis() -> str:
    """The address of a running Redis; empty when there is none."""
    url = os.environ.get("TEST_REDIS_URL") or f"redis://127.0.0.1:6379/{TEST_REDIS_DATABASE}"
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=2) as client:
            client.ping()
    except redis.RedisError:
        return ""
    return url


@contextlib.contextmanager
def redis_database() -> Iterator[str]:
    """The address of an empty Redis database, emptied again afterwards."""
    with contextlib.ExitStack() as stack:
        url = answering_redis()
        if not url:
            program = shutil.which("redis-server") or shutil.which("valkey-server")
            if program is None:
                raise ServiceUnavailableError("Redis neither answers nor is installed")
            port = free_port()
            options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
            stack.enter_context(running([program, *options], port))
            url = f"redis://127.0.0.1:{port}/{TEST_REDIS_DATABASE}"
        client = stack.enter_context(redis.Redis.from_url(url))
        client.flushdb()
        try:
            yield url
        finally:
            client.flushdb()


@contextlib.contextmanager
def object_store() -> Iterator[str]:
    """The address of an S3-compatible server that forgets everything afterwards."""
    named = os.environ.get("TEST_S3_ENDPOINT")
    if named:
        yield named
        return
    port = free_port()
    with running([str(BIN / "moto_server"), "-H", "127.0.0.1", "-p", str(port)], port):
        yield f"http://127.0.0.1:{port}"


# --- the run ----------------------------------------------------------------------------------------------------------


def available() -> bool:
    """Whether PostgreSQL and Redis answer, or can be started here; says what was found."""
    database = answering_postgresql() or postgresql_programs()
    cache = answering_redis() or shutil.which("redis-server") or shutil.which("valkey-server")
    print(f"PostgreSQL: {'yes' if database else 'no'}; Redis: {'yes' if cache else 'no'}")
    return bool(database and cache)


def main(arguments: list[str]) -> int:
    """Start what is needed, run pytest against it, clean up; the exit code."""
    if arguments == ["--probe"]:
        return 0 if available() else 1
    try:
        with postgresql() as database, redis_database() as cache, object_store() as store:
            services = {"TEST_DATABASE_URL": database, "TEST_REDIS_URL": cache, "TEST_S3_ENDPOINT": store}
            for name, value in services.items():
                print(f"{name}={value}", flush=True)
            environment = dict(os.environ, **services)
            command = [sys.executable, "-m", "pytest", *arguments]
            return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode
    except ServiceUnavailableError as error:
        print(f"The tests on services cannot run: {error}.")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
