"""Fetch the browser files that package-lock.json pins into app/static/vendor/; node is not needed.

Usage: fetch_assets.py [--dev]. Each tarball's sha512 must equal the lock's; only listed files and their licences are
kept. The registry is npm's own setting (npm_config_registry, .npmrc), or the public one. Standard library only.
"""

import base64
import concurrent.futures
import hashlib
import io
import json
import os
import shutil
import ssl
import sys
import tarfile
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "app" / "static" / "vendor"
PUBLIC_REGISTRY = "https://registry.npmjs.org/"

# package in the lock → (folder in vendor/, wanted path or folder in the tarball → name there)
WANTED = {
    "bootstrap": ("bootstrap", {"dist/css/bootstrap.min.css": "", "dist/js/bootstrap.bundle.min.js": ""}),
    "bootstrap-icons": ("bootstrap-icons", {"bootstrap-icons.svg": ""}),
    "htmx.org": ("htmx", {"dist/htmx.min.js": ""}),
    "sortablejs": ("sortablejs", {"Sortable.min.js": ""}),
    "pdfjs-dist": (
        "pdfjs",
        {
            "build/pdf.min.mjs": "",
            "build/pdf.worker.min.mjs": "",
            "cmaps/": "cmaps/",
            "standard_fonts/": "standard_fonts/",
            "wasm/": "wasm/",
            "iccs/": "iccs/",
        },
    ),
    "axe-core": ("axe", {"axe.min.js": ""}),
}
DEVELOPMENT_ONLY = {"axe-core"}


class AssetError(Exception):
    """A browser file could not be had; the message says which and what to do."""


def setting(name: str) -> str:
    """What npm would take the setting from: the environment, the project's or the user's .npmrc; else empty."""
    for variable, value in os.environ.items():
        if variable.lower() == "npm_config_" + name and value:
            return value
    for path in (ROOT / ".npmrc", Path.home() / ".npmrc"):
        if not path.is_file():
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition("=")
            if key.strip() == name:
                return value.strip().strip('"')
    return ""


def registry() -> str:
    """The address of the npm registry to use, with its final slash."""
    return (setting("registry") or PUBLIC_REGISTRY).rstrip("/") + "/"


def tls() -> ssl.SSLContext:
    """Certificates of the system, and those that pip, node or npm were told to trust."""
    context = ssl.create_default_context()
    named = [os.environ.get(name, "") for name in ("PIP_CERT", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")]
    for extra in {*named, setting("cafile")}:
        if extra and Path(extra).is_file():
            context.load_verify_locations(extra)
    return context


def tarball(package: str, version: str, integrity: str) -> bytes:
    """The bytes of a package's tarball, downloaded and proved by the lock's digest."""
    address = f"{registry()}{package}/-/{package.rsplit('/', 1)[-1]}-{version}.tgz"
    try:
        with urllib.request.urlopen(address, timeout=60, context=tls()) as answer:
            body = answer.read()
    except (urllib.error.URLError, OSError) as error:
        raise AssetError(f"{package} {version} could not be downloaded from {address}: {error}") from error
    algorithm, _, expected = integrity.partition("-")
    actual = base64.b64encode(hashlib.new(algorithm, body).digest()).decode()
    if algorithm != "sha512" or actual != expected:
        raise AssetError(f"{package} {version} from {address} is not the file that package-lock.json names")
    return body


def destination(path: str, wanted: dict[str, str]) -> str | None:
    """Where a file of the tarball goes inside its vendor folder, or None when it is not wanted."""
    if "/" not in path and path.upper().startswith(("LICENSE", "LICENCE")):
        return path
    for source, target in wanted.items():
        if source.endswith("/") and path.startswith(source):
            return target + path[len(source) :]
        if path == source:
            return target or path.rsplit("/", 1)[-1]
    return None


def unpack(body: bytes, wanted: dict[str, str], folder: Path) -> int:
    """Write the wanted files and the licences into the folder; the number of files."""
    count = 0
    with tarfile.open(fileobj=io.BytesIO(body), mode="r:gz") as archive:
        for member in archive:
            name = destination(member.name.partition("/")[2], wanted)
            content = archive.extractfile(member)
            if content is None or name is None or ".." in name.split("/"):
                continue
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.read())
            count += 1
    return count


def locked(package: str) -> tuple[str, str]:
    """Version and integrity of a package in the lock."""
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    entry = packages["node_modules/" + package]
    return entry["version"], entry["integrity"]


def fetch(package: str) -> str:
    """Bring one package's folder to the locked version; the sentence to print, empty when nothing was to be done."""
    name, wanted = WANTED[package]
    version, integrity = locked(package)
    mark = f"{package} {version} {integrity}\n" + json.dumps(wanted, sort_keys=True) + "\n"
    folder, stamp = VENDOR / name, VENDOR / name / ".fetched"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == mark:
        return ""
    body = tarball(package, version, integrity)
    fresh = VENDOR / ("." + name)
    shutil.rmtree(fresh, ignore_errors=True)
    count = unpack(body, wanted, fresh)
    (fresh / ".fetched").write_text(mark, encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
    return f"{package} {version}: {count} files"


def main() -> int:
    """Fetch everything that is not yet there."""
    chosen = [name for name in WANTED if "--dev" in sys.argv[1:] or name not in DEVELOPMENT_ONLY]
    VENDOR.mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
        futures = [pool.submit(fetch, name) for name in chosen]
    failures = 0
    for future in futures:
        try:
            said = future.result()
        except AssetError as error:
            print(error)
            failures += 1
        else:
            if said:
                print("fetched " + said)
    if failures:
        print("Set npm_config_registry to a mirror that this machine reaches, and start again.")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
