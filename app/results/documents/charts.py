"""Plots of a run as SVG images of our own server. Marks are drawn in hundredths of a point, as whole numbers."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
from flask_babel import gettext as _

from app.core.errors import NotFound
from app.core.later import later
from app.results.engine import StandingOut

if TYPE_CHECKING:
    import pygal
    from pygal import style
else:
    pygal = later("pygal")
    style = later("pygal.style")

HUNDRED = 100
BIN = 5
MOST = 60


@cache
def _style() -> style.Style:
    return style.Style(
        background="transparent", plot_background="transparent", foreground="#52626c", foreground_strong="#1b2830",
        foreground_subtle="#c9d3d6",
        colors=("#1c5d7d", "#b3541e", "#2e7d5b", "#7a4e9c", "#8a6d1d", "#4a6572"), font_family="sans-serif", label_font_size=17,
        major_label_font_size=17, legend_font_size=17, tooltip_font_size=12, opacity=".75", guide_stroke_color="#dfe6e8",
        major_guide_stroke_color="#c9d3d6", guide_stroke_dasharray="0", major_guide_stroke_dasharray="0",
    )  # fmt: skip


def chart(name: str, output: dict[str, Any], labels: dict[int, str]) -> bytes:
    """The named plot. Raises NotFound for a name that there is not."""
    makers = {"judges": _judges, "panels": _judges, "scores": _scores, "agreement": _agreement}
    if name not in makers:
        raise NotFound
    rows = msgspec.convert(output["standings"], list[StandingOut])
    svg: bytes = makers[name](rows, labels).render()
    return svg


def _options(**more: Any) -> dict[str, Any]:
    plain = {
        "js": [],
        "style": _style(),
        "show_legend": True,
        "legend_at_bottom": True,
        "width": 720,
        "height": 400,
        "no_data_text": _("No marks yet"),
        "value_formatter": _points,
    }
    return plain | more


def _points(value: Any) -> str:
    """Hundredths of a point as points; pygal's axis marks may lie between two of them."""
    whole, part = divmod(round(value), HUNDRED)
    return f"{whole}.{part:02d}" if part else str(whole)


def _hundredths(text: str | None) -> int | None:
    return None if text is None else round(Fraction(text.rstrip("…")) * HUNDRED)


def _judges(rows: list[StandingOut], labels: dict[int, str]) -> Any:
    """A box for each label (judges of a panel share one): lowest, quarters and highest of the totals, dropped ones included."""
    given: dict[str, list[int]] = {label: [] for label in labels.values()}
    for line in (line for row in rows for line in row.judges):
        if line.judge in labels and (value := _hundredths(line.total)) is not None:
            given[labels[line.judge]].append(value)
    everything = [value for totals in given.values() for value in totals]
    low, high = _range(everything)
    plot = pygal.Box(**_options(box_mode="extremes", range=(low, high), zero=low, margin_bottom=30))
    for label, totals in given.items():
        if totals:
            plot.add(label, totals)
    return plot


def _range(values: list[int]) -> tuple[int, int]:
    """The axis from the last ten points below the lowest to the next ten above the highest."""
    ten = 10 * HUNDRED
    return min(values, default=0) // ten * ten, -(-max(values, default=ten) // ten) * ten


def _scores(rows: list[StandingOut], labels: dict[int, str]) -> Any:
    """How many entries fall into each five points."""
    scores = [value for row in rows if (value := _hundredths(row.score)) is not None]
    counts = Counter(score // (BIN * HUNDRED) for score in scores)
    plot = pygal.Bar(**_options(show_legend=False, value_formatter=str, x_label_rotation=0))
    if counts:
        most = max(counts.values())
        plot.y_labels = list(range(0, most + 1, -(-most // 6)))  # whole entries, at most seven marks
        bins = range(min(counts), max(counts) + 1)
        plot.x_labels = [f"{b * BIN}–{b * BIN + BIN}" for b in bins]
        plot.add(_("Entries"), [counts.get(b, 0) for b in bins])
    return plot


def _agreement(rows: list[StandingOut], labels: dict[int, str]) -> Any:
    """For each entry in rank order: the lowest and highest total beside the score."""
    ranked = [row for row in rows if row.score is not None][:MOST]
    plot = pygal.Line(**_options(stroke=False, dots_size=5 if len(ranked) <= 20 else 3, legend_at_bottom_columns=3,
                                 show_minor_x_labels=False, margin_bottom=30))  # fmt: skip
    places = list(range(1, len(ranked) + 1))
    plot.x_labels = [str(place) for place in places]  # the codes of fifty would lie over one another
    plot.x_labels_major = [str(place) for place in places if place == 1 or place % 5 == 0 or len(places) <= 20]
    plot.x_title = _("Entries in rank order")
    totals = [[v for line in row.judges if (v := _hundredths(line.total)) is not None] for row in ranked]
    plot.add(_("Highest total"), [max(values, default=None) for values in totals])
    plot.add(_("Score"), [_hundredths(row.score) for row in ranked])
    plot.add(_("Lowest total"), [min(values, default=None) for values in totals])
    return plot
