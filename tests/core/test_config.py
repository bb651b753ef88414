"""Production refuses to start unsafely, and says what to set."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from config import ConfigError, backup_key, load_config

GOOD = {"JIEBANG_ENV": "production", "SECRET_KEY": "a1" * 32, "FIELD_KEY": "b2" * 32, "BASE_URL": "https://contest.example.gov.cn"}


def with_var(tmp_path: Path, **changes: str) -> dict[str, str]:
    return {**GOOD, "JIEBANG_VAR": str(tmp_path), **changes}


def test_a_complete_production_environment_is_accepted(tmp_path: Path) -> None:
    config = load_config(with_var(tmp_path))
    assert (config.is_production, config.is_secure, config.trusted_hosts) == (True, True, ("contest.example.gov.cn",))


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "changeme"}, "SECRET_KEY"),
        ({"FIELD_KEY": "short"}, "FIELD_KEY"),
        ({"BASE_URL": ""}, "BASE_URL"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
        ({"JIEBANG_ENV": "staging"}, "JIEBANG_ENV"),
        ({"PROXY_HOPS": "one"}, "PROXY_HOPS must be a whole number"),
        ({"STATEMENT_SECONDS": "-5"}, "STATEMENT_SECONDS must be a whole number"),
    ],
)
def test_an_unsafe_environment_is_refused_by_name(tmp_path: Path, changes: dict[str, str], word: str) -> None:
    with pytest.raises(ConfigError, match=word):
        load_config(with_var(tmp_path, **changes))


def test_development_makes_its_secrets_once_and_keeps_them_private(tmp_path: Path) -> None:
    env = {"JIEBANG_ENV": "development", "JIEBANG_VAR": str(tmp_path)}
    first, second = load_config(env), load_config(env)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) == 64
    assert (tmp_path / "secrets" / "secret_key").stat().st_mode & 0o077 == 0


def test_plain_postgresql_addresses_use_the_third_psycopg(tmp_path: Path) -> None:
    assert load_config(with_var(tmp_path, DATABASE_URL="postgresql://db/x")).database_url == "postgresql+psycopg://db/x"


def test_listening_everywhere_trusts_the_names_of_this_machine_and_no_others(tmp_path: Path) -> None:
    env = {"JIEBANG_ENV": "development", "JIEBANG_VAR": str(tmp_path)}
    alone = set(load_config(env).trusted_hosts)
    everywhere = set(load_config({**env, "HOST": "0.0.0.0"}).trusted_hosts)
    assert alone == {"localhost", "127.0.0.1", "[::1]"}
    assert {*alone, socket.gethostname()} <= everywhere
    assert "0.0.0.0" not in everywhere
    assert set(load_config({**env, "HOST": "192.0.2.7"}).trusted_hosts) == {*alone, "192.0.2.7"}


def test_the_key_of_backups_is_given_and_is_one_of_its_own(tmp_path: Path) -> None:
    config = load_config(with_var(tmp_path))
    (tmp_path / "key").write_text("c3" * 32 + "\n")
    assert backup_key(config, {"BACKUP_KEY": "d4" * 32}) == "d4" * 32
    assert backup_key(config, {"BACKUP_KEY_FILE": str(tmp_path / "key")}) == "c3" * 32
    for given, words in (
        ({}, "BACKUP_KEY is missing"), ({"BACKUP_KEY": "e" * 31}, "missing or short"),
        ({"BACKUP_KEY": GOOD["FIELD_KEY"]}, "a key of its own"),
        ({"BACKUP_KEY": GOOD["SECRET_KEY"]}, "a key of its own"), ({"BACKUP_KEY_FILE": str(tmp_path / "none")}, "cannot be read"),
    ):  # fmt: skip
        with pytest.raises(ConfigError, match=words):
            backup_key(config, given)
    assert list(tmp_path.iterdir()) == [tmp_path / "key"], "none is made up"
