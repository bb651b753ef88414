"""Keep one catalogue of texts for each feature: update, compile, check.

A feature's texts are those of app/<feature>/ and templates/<feature>/; everything else belongs to app/translations.
English is the language of the source; zh_CN must be complete, and the English catalogue is compiled as its mirror.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
APP, TEMPLATES = ROOT / "app", ROOT / "templates"
LANGUAGE = "zh_CN"
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
HEADER = f"""msgid ""
msgstr ""
"Project-Id-Version: jiebang\\n"
"Language: {LANGUAGE}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
PLACEHOLDER = re.compile(r"%\((\w+)\)[sdrf]|(?<![%\w])%[sd]|\{(\w+)\}")

Key = tuple[str | None, str]


def features() -> list[str]:
    """The names of the feature packages."""
    return sorted(path.parent.name for path in APP.glob("*/__init__.py"))


def sources(feature: str) -> Iterator[Path]:
    """The files whose texts belong to the feature; the empty name is the part that belongs to none."""
    if feature:
        yield from sorted((APP / feature).rglob("*.py"))
        yield from templates(TEMPLATES / feature)
        return
    yield from sorted(APP.glob("*.py"))
    yield from sorted(path for path in TEMPLATES.glob("*") if path.suffix in (".html", ".txt"))
    for folder in sorted(path for path in TEMPLATES.glob("*") if path.is_dir() and path.name not in features()):
        yield from templates(folder)


def templates(folder: Path) -> Iterator[Path]:
    """The page, mail and document templates below a folder."""
    return (path for path in sorted(folder.rglob("*")) if path.suffix in (".html", ".txt", ".svg"))


def extract(feature: str) -> Catalog:
    """The texts that the feature's sources ask for."""
    catalog = Catalog(locale=LANGUAGE)
    for path in sources(feature):
        method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
        for _line, message, comments, context in extract_from_file(
            method, path, keywords=KEYWORDS, comment_tags=("Translators:",), options={"silent": "false"}
        ):
            where = [(path.relative_to(ROOT).as_posix(), 0)]
            catalog.add(message, None, where, auto_comments=comments, context=context)
    return catalog


def catalogue_path(feature: str) -> Path:
    """Where the feature's translations are kept."""
    return APP / feature / "translations" / LANGUAGE / "LC_MESSAGES" / "messages.po"


def load(feature: str) -> Catalog:
    """The translations as they are on disk; an empty catalogue when there are none."""
    path = catalogue_path(feature)
    if not path.is_file():
        return Catalog(locale=LANGUAGE)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE, abort_invalid=True)


def key(message: Message) -> Key:
    """What makes a message one and the same across catalogues."""
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def texts(message: Message) -> list[str]:
    """The translated strings of a message, one for each plural form."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ("",))


def messages(catalog: Catalog) -> list[Message]:
    """The messages of a catalogue without its header."""
    return [message for message in catalog if message.id]


def translated(message: Message) -> bool:
    """Whether every form has a translation that somebody has confirmed."""
    return all(texts(message)) and not message.fuzzy


def update() -> int:
    """Bring every catalogue in line with the sources; a text known elsewhere is filled in."""
    loaded = {feature: load(feature) for feature in ["", *features()]}
    known = {key(m): m.string for catalog in loaded.values() for m in messages(catalog) if translated(m)}
    for feature, catalog in loaded.items():
        wanted = extract(feature)
        kept = {key(message) for message in wanted}
        for gone in (m for m in messages(catalog) if key(m) not in kept and translated(m)):
            print(f"{feature or 'app'}: no longer used: {key(gone)[1]!r}")
        catalog.update(wanted, no_fuzzy_matching=True, update_header_comment=False)
        for message in messages(catalog):
            if not translated(message) and isinstance(message.id, str) and key(message) in known:
                message.string = known[key(message)]
        write(feature, catalog)
    return 0


def write(feature: str, catalog: Catalog) -> None:
    """Write a catalogue sorted, without line numbers and dates, so that two branches seldom collide."""
    path = catalogue_path(feature)
    if not messages(catalog):
        path.unlink(missing_ok=True)
        return
    body = BytesIO()
    write_po(body, catalog, width=0, omit_header=True, sort_output=True, ignore_obsolete=True, include_lineno=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + body.getvalue().decode("utf-8").lstrip("\n"), encoding="utf-8")


def compile_all() -> int:
    """Write the binary catalogues beside the readable ones."""
    for feature in ["", *features()]:
        path = catalogue_path(feature)
        if path.is_file():
            catalog = load(feature)
            write_binary(binary_path(path, LANGUAGE), catalog)
            write_binary(binary_path(path, "en"), mirror(catalog))
    return 0


def binary_path(catalogue: Path, language: str) -> Path:
    """Where Flask-Babel looks for it: under Babel's full name of the language (zh_CN is zh_Hans_CN)."""
    return catalogue.parents[2] / str(Locale.parse(language)) / "LC_MESSAGES" / "messages.mo"


def mirror(catalog: Catalog) -> Catalog:
    """The English catalogue: every text stands for itself."""
    english = Catalog(locale="en")
    for message in messages(catalog):
        english.add(message.id, message.id, context=message.context)
    return english


def write_binary(path: Path, catalog: Catalog) -> None:
    """Write one .mo file, leaving out what nobody has translated yet."""
    body = BytesIO()
    write_mo(body, catalog)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body.getvalue())


def placeholders(text: str) -> list[str]:
    """The names that are filled in when the text is shown."""
    return sorted({found.group(0) for found in PLACEHOLDER.finditer(text)})


def faults(feature: str) -> Iterator[str]:
    """What is wrong with the feature's catalogue, one sentence each."""
    present = {key(message): message for message in messages(load(feature))}
    wanted = {key(message): message for message in messages(extract(feature))}
    name = feature or "app"
    for missing in wanted.keys() - present.keys():
        yield f"{name}: not in the catalogue: {missing[1]!r}"
    for unused in present.keys() - wanted.keys():
        yield f"{name}: no longer used: {unused[1]!r}"
    for found in wanted.keys() & present.keys():
        message = present[found]
        source = message.id if isinstance(message.id, str) else message.id[1]
        if not translated(message):
            yield f"{name}: no {LANGUAGE} translation: {found[1]!r}"
        elif any(placeholders(text) != placeholders(source) for text in texts(message)):
            yield f"{name}: other placeholders than the source: {found[1]!r}"


def contradictions() -> Iterator[str]:
    """Texts that two features translate differently; at run time all catalogues are one."""
    meanings: dict[Key, dict[str, str]] = defaultdict(dict)
    for feature in ["", *features()]:
        for message in messages(load(feature)):
            if translated(message):
                meanings[key(message)][feature or "app"] = texts(message)[0]
    for (_context, text), told in sorted(meanings.items(), key=lambda item: item[0][1]):
        if len(set(told.values())) > 1:
            yield f"translated differently: {text!r}: {told} (agree, or use pgettext)"


def check() -> int:
    """Print every fault; 1 when there is any."""
    found = sorted({fault for feature in ["", *features()] for fault in faults(feature)}) + list(contradictions())
    for fault in found:
        print(fault)
    print(f"catalogues: {len(found)} faults" if found else "catalogues: complete")
    return 1 if found else 0


if __name__ == "__main__":
    COMMANDS = {"update": update, "compile": compile_all, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        sys.exit("usage: strings.py update|compile|check")
    sys.exit(COMMANDS[sys.argv[1]]())
