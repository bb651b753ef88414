"""The rule dossier's text, in Markdown, in the language in force: who, when, where, by which rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from flask_babel import get_locale
from flask_babel import gettext as _

from app.core.clock import local
from app.core.display import zone_name

from .enums import StageKind
from .models import Call, Edition, Stage
from .rules import Rubric
from .sentences import (
    award_sentence,
    carry_sentence,
    criterion_line,
    deduction_sentence,
    disclosure_sentences,
    eligibility_sentence,
    gate_sentence,
    rubric_sentence,
    say,
)
from .sentences.rubric import comment_sentence
from .sentences.stages import advancement_sentences, aggregation_sentences, panel_sentences, tie_sentences


def dossier_text(edition: Edition, calls: Sequence[Call], stages: Sequence[Stage]) -> str:
    """The whole document."""
    lines = [*_head(edition), *_divisions(edition, calls), *_conditions(calls)]
    groups = {call.group.code: name_of(call.group) for call in calls if call.group}
    for number, stage in enumerate(stages, start=1):
        lines += _stage(edition, stage, number, groups)
    lines += _ending(edition)
    return "\n".join(lines).strip() + "\n"


def name_of(thing: object) -> str:
    """Name or title of a thing that has both languages."""
    is_english = str(get_locale() or "zh").startswith("en")
    zh = getattr(thing, "name", None) or getattr(thing, "title", "")
    en = getattr(thing, "name_en", None) or getattr(thing, "title_en", "")
    return escaped((en if is_english and en else zh) or "")


def escaped(text: str) -> str:
    """Names are data: what Markdown would read as marks is printed as it is."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|" else c for c in text.replace("\n", " "))


def heading(level: int, text: str) -> str:
    return f"{'#' * level} {text}"


def table_row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _moment(edition: Edition, value: datetime) -> str:
    return f"{local(value, edition.zone):%Y-%m-%d %H:%M}"


def _bullets(sentences: Iterable[str]) -> list[str]:
    return [*(f"- {sentence}" for sentence in sentences), ""]


def _head(edition: Edition) -> Iterator[str]:
    yield heading(1, _("Rules of %(title)s", title=name_of(edition)))
    yield ""
    yield from _bullets(
        (
            _("Code: %(code)s", code=edition.code),
            _("Host: %(name)s", name=name_of(edition.host)),
            _("Organizer: %(name)s", name=name_of(edition.organizer)),
            _("All times are %(zone)s.", zone=zone_name(edition.zone)),
        )
    )
    if edition.rules.basis:
        yield _("Basis: %(text)s", text=escaped(edition.rules.basis))
        yield ""


def _divisions(edition: Edition, calls: Sequence[Call]) -> Iterator[str]:
    yield heading(2, _("Divisions and entry windows"))
    yield ""
    yield table_row(_("Division"), _("Opens"), _("Closes"), _("Most entries"))
    yield "|---|---|---|---|"
    for call in calls:
        yield table_row(name_of(call), _moment(edition, call.opens_at), _moment(edition, call.closes_at), str(call.quota or "–"))
    yield ""
    yield _(
        "An entry counts when it is submitted before the closing time by the server's clock. The last version submitted before it counts."
    )
    yield ""


def _conditions(calls: Sequence[Call]) -> Iterator[str]:
    """Conditions once for all divisions that share them."""
    yield heading(2, _("Conditions of entry"))
    yield ""
    shared: dict[tuple[str, ...], list[str]] = {}
    for call in calls:
        sentences = [eligibility_sentence(rule) for rule in call.rules.eligibility]
        if not any(rule.kind in ("team_min", "team_max") for rule in call.rules.eligibility):
            sentences.append(_("Team: %(least)s to %(most)s members.", least=call.rules.team_min, most=call.rules.team_max))
        if call.rules.organization_required:
            sentences.append(_("An organization has to enter."))
        shared.setdefault(tuple(sentences), []).append(name_of(call))
    for sentences_of, names in shared.items():
        if len(shared) > 1:
            yield heading(3, _("; ").join(names))
            yield ""
        yield from _bullets(sentences_of)


def _stage(edition: Edition, stage: Stage, number: int, groups: dict[str, str]) -> Iterator[str]:
    rules = stage.rules
    yield heading(2, _("Stage %(number)s: %(name)s", number=number, name=name_of(stage)))
    yield ""
    yield _("From %(start)s to %(end)s.", start=_moment(edition, stage.opens_at), end=_moment(edition, stage.closes_at))
    yield ""
    if stage.kind == StageKind.FORMAL_CHECK or not rules.rubrics:
        yield from _bullets(escaped(say(item)) for item in rules.checklist)
        return
    for key, rubric in rules.rubrics.items():
        yield from _rubric(rubric, groups.get(key, "") if key != "*" else "")
    sections = (
        (_("Judging"), panel_sentences(rules)),
        (_("Computing"), [*aggregation_sentences(rules), carry_sentence(rules)]),
        (_("Equal scores"), tie_sentences(rules)),
        (_("Advancing"), advancement_sentences(rules, groups)),
        (_("Awards"), [escaped(award_sentence(level)) for level in rules.awards]),
        (_("Who sees what"), disclosure_sentences(rules)),
    )
    for title, sentences in sections:
        texts = list(sentences)
        if texts:
            yield heading(3, title)
            yield ""
            yield from _bullets(texts)


def _rubric(rubric: Rubric, group: str) -> Iterator[str]:
    yield heading(3, _("Rubric: %(group)s", group=group) if group else _("Rubric"))
    yield ""
    yield rubric_sentence(rubric)
    yield ""
    for top in rubric.criteria:
        if top.children:
            yield f"- **{escaped(say(top.name))}**"
        for leaf in top.children or [top]:
            indent = "    " if top.children else ""
            yield f"{indent}- {escaped(criterion_line(rubric, leaf))}"
            yield from (f"{indent}    - {band.low}–{band.high}: {escaped(say(band.words))}" for band in leaf.bands)
            if comment_sentence(leaf):
                yield f"{indent}    - {comment_sentence(leaf)}"
    yield from (f"- {escaped(deduction_sentence(d))}" for d in rubric.deductions)
    yield from (f"- {escaped(gate_sentence(g))}" for g in rubric.gates)
    yield ""


def _ending(edition: Edition) -> Iterator[str]:
    rules = edition.rules
    yield heading(2, _("Public notice and objections"))
    yield ""
    yield from _bullets(
        [
            _("Results are in public notice for %(days)s working days, the first day counted.", days=rules.notice_days),
            _("Objections are raised within the notice period, in writing, under the real name and with evidence."),
            *([_("Contact for objections: %(text)s", text=escaped(rules.objection_contact))] if rules.objection_contact else []),
            *([_("Discipline contact: %(text)s", text=escaped(rules.discipline_contact))] if rules.discipline_contact else []),
            *([_("Address: %(text)s", text=escaped(rules.address))] if rules.address else []),
            _(
                "After publication these rules change only by a decision of a second person at the host, with a reason; "
                "every version stays readable."
            ),
        ]
    )
