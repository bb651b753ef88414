"""Settings read from the environment, once, at start.

Everything an administrator may change while the system runs lives in ``app.settings``; here is only what a process needs
before it can open its database. Development invents its secrets under ``var/secrets``; production refuses to start without real ones.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent
WEAK_SECRETS = frozenset({"", "dev", "secret", "changeme", "change-me", "password", "jiebang"})
MIN_SECRET_LENGTH = 32


class ConfigError(RuntimeError):
    """The environment does not allow a safe start; the message says what to set."""


@dataclass(frozen=True)
class Config:
    """One process's settings. ``env`` is production, development or test."""

    env: str
    secret_key: str
    field_key: str
    base_url: str
    database_url: str
    redis_url: str
    storage_url: str
    mail_url: str
    var: Path
    secret_key_fallbacks: tuple[str, ...] = ()
    storage_options: Mapping[str, str] = field(default_factory=dict)
    trusted_hosts: tuple[str, ...] = ()
    proxy_hops: int = 0
    backups: Path | None = None
    statement_seconds: int = 0
    debug: bool = False

    @property
    def is_production(self) -> bool:
        return self.env == "production"

    @property
    def is_secure(self) -> bool:
        return self.base_url.startswith("https://")


def load_config(environ: Mapping[str, str] | None = None) -> Config:
    """Read the settings; raise ConfigError where production would be unsafe (trust: OPS-02, OPS-03)."""
    env = dict(os.environ if environ is None else environ)
    var = Path(env.get("JIEBANG_VAR") or ROOT / "var")
    name = env.get("JIEBANG_ENV", "development")
    config = Config(
        env=name,
        secret_key=_secret(env, "SECRET_KEY", name, var),
        field_key=_secret(env, "FIELD_KEY", name, var),
        base_url=_base_url(env, name),
        database_url=_database_url(env, var),
        redis_url=env.get("REDIS_URL", ""),
        storage_url=env.get("STORAGE_URL") or f"file://{var / 'files'}",
        storage_options={k: env[k] for k in ("S3_ENDPOINT", "S3_REGION", "S3_KEY", "S3_SECRET") if env.get(k)},
        mail_url=env.get("MAIL_URL") or f"file://{var / 'mail'}",
        var=var,
        secret_key_fallbacks=tuple(filter(None, env.get("SECRET_KEY_FALLBACKS", "").split(","))),
        trusted_hosts=_trusted_hosts(env),
        proxy_hops=_number(env, "PROXY_HOPS"),
        backups=Path(env["BACKUP_FOLDER"]) if env.get("BACKUP_FOLDER") else None,
        statement_seconds=_number(env, "STATEMENT_SECONDS"),
        debug=env.get("FLASK_DEBUG", "") in {"1", "true"},
    )
    _refuse_unsafe(config)
    return config


def _number(env: Mapping[str, str], key: str) -> int:
    value = env.get(key) or "0"
    if not (value.isascii() and value.isdigit()):
        raise ConfigError(f"{key} must be a whole number, not {value!r}.")
    return int(value)


def _database_url(env: Mapping[str, str], var: Path) -> str:
    url = env.get("DATABASE_URL") or f"sqlite:///{var / 'jiebang.db'}"
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _base_url(env: Mapping[str, str], name: str) -> str:
    url = env.get("BASE_URL", "").rstrip("/")
    if url or name == "production":
        return url
    return f"http://{env.get('HOST', '127.0.0.1')}:{env.get('PORT', '8000')}"


def _trusted_hosts(env: Mapping[str, str]) -> tuple[str, ...]:
    listed = tuple(filter(None, (host.strip() for host in env.get("TRUSTED_HOSTS", "").split(","))))
    base = env.get("BASE_URL", "")
    if base:
        return (*listed, base.split("://", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0])
    return (*listed, "localhost", "127.0.0.1", "[::1]", *_names_of(env.get("HOST") or "127.0.0.1"))


def _names_of(host: str) -> tuple[str, ...]:
    """The host itself; for "listen everywhere" the names and addresses by which the neighbours know this machine."""
    if host not in {"0.0.0.0", "::"}:  # nosec B104 -- compared, not bound
        return (host,)
    name = socket.gethostname()
    found = {name, f"{name}.local"}
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing; only asks which of our addresses would be used
        found.add(str(probe.getsockname()[0]))
    return tuple(sorted(found))


def _secret(env: Mapping[str, str], key: str, name: str, var: Path) -> str:
    """The secret from the environment or its file; development and test make one on first use."""
    if env.get(key):
        return env[key]
    path = Path(env.get(f"{key}_FILE") or var / "secrets" / key.lower())
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    if name == "production":
        return ""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    value = secrets.token_hex(32)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(value)
    except FileExistsError:  # another process of the same first start was quicker
        return path.read_text(encoding="ascii").strip()
    return value


def backup_key(config: Config, environ: Mapping[str, str] | None = None) -> str:
    """The key of backups. Only their commands read it, so that the servers need not have it; it is never made up: it must outlive them."""
    env = dict(os.environ if environ is None else environ)
    path = env.get("BACKUP_KEY_FILE")
    try:
        key = env.get("BACKUP_KEY") or (Path(path).read_text(encoding="ascii").strip() if path else "")
    except OSError as error:
        raise ConfigError(f"BACKUP_KEY_FILE cannot be read: {error.strerror}: {path}") from error
    if len(key) < MIN_SECRET_LENGTH:
        raise ConfigError("BACKUP_KEY is missing or short. Make one with python3 -c 'import secrets; print(secrets.token_hex(32))', and "
                          "keep it in two places outside this machine: without it no backup can be read.")  # fmt: skip
    if key in {config.secret_key, config.field_key}:
        raise ConfigError("BACKUP_KEY must be a key of its own: whoever keeps the backups need not sign cookies or read sealed fields.")
    return key


def _refuse_unsafe(config: Config) -> None:
    if config.env not in {"production", "development", "test"}:
        raise ConfigError(f"JIEBANG_ENV must be production, development or test, not {config.env!r}.")
    if not config.is_production:
        return
    if config.debug:
        raise ConfigError("FLASK_DEBUG is on. Unset it: production never runs in debug mode.")
    if not config.base_url:
        raise ConfigError("BASE_URL is missing. Set it to the public address, for example https://contest.example.gov.cn.")
    for key, value in (
        ("SECRET_KEY", config.secret_key),
        ("FIELD_KEY", config.field_key),
    ):
        if value.lower() in WEAK_SECRETS or len(value) < MIN_SECRET_LENGTH:
            raise ConfigError(f"{key} is missing or weak. Generate one: python3 -c 'import secrets; print(secrets.token_hex(32))'.")
