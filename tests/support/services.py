"""Where the suite's data lives: in memory, or on the services that TEST_DATABASE_URL, TEST_REDIS_URL, TEST_S3_ENDPOINT name.

Every xdist worker gets a database, a Redis number and a bucket of its own.
"""

from __future__ import annotations

import os
import urllib.request

import psycopg
from psycopg import sql
from sqlalchemy import make_url

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


def database_url() -> str | None:
    """The address of this worker's database on the server, made now; None means SQLite in memory."""
    named = os.environ.get("TEST_DATABASE_URL")
    if not named or not WORKER:
        return named
    url = make_url(named)
    own = url.set(database=f"{url.database}_{WORKER}")
    with psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True) as connection:
        name = sql.Identifier(own.database or "")
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(name))
    return own.render_as_string(hide_password=False)


def settings() -> dict[str, str]:
    """The product's settings for Redis and the object store, when the suite runs on them."""
    chosen: dict[str, str] = {}
    redis = os.environ.get("TEST_REDIS_URL")
    if redis:
        base, _, number = redis.rpartition("/")
        chosen["REDIS_URL"] = f"{base}/{int(number) - _worker_number()}"
    endpoint = os.environ.get("TEST_S3_ENDPOINT")
    if endpoint:
        bucket = "jiebang-test-" + (WORKER or "main")
        urllib.request.urlopen(urllib.request.Request(f"{endpoint}/{bucket}", method="PUT")).close()
        chosen.update(STORAGE_URL=f"s3://{bucket}", S3_ENDPOINT=endpoint, S3_REGION="us-east-1")
        chosen.update(S3_KEY="test", S3_SECRET="test-secret")
    return chosen


def _worker_number() -> int:
    return int(WORKER.removeprefix("gw")) if WORKER.startswith("gw") else 0
