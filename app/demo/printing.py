"""The papers that demo teams attach. Printed in one go and cut into files, because a document costs far more than a page."""

from __future__ import annotations

from io import BytesIO
from random import Random

from werkzeug.datastructures import FileStorage

from app.documents.pdf import render_pdf

from .answers import Applicant
from .plans import make_plan
from .projects import Project


class Papers:
    """Makes PDF files; equal papers are printed once."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str, bool], bytes] = {}

    def upload(self, project: Project, key: str, label: str, applicant: Applicant, *, blind: bool) -> FileStorage:
        """The file for a field: a business plan for the first one, a one-page proof otherwise."""
        kind = "plan" if key in {"plan", "slides", "paper", "bid"} else "proof"
        cached = (kind if kind == "plan" else label, project.title if kind == "plan" else "", blind)
        if cached not in self._made:
            self._made[cached] = self._print(kind, project, label, applicant, blind)
        name = f"{project.title}-{label}.pdf"
        return FileStorage(stream=BytesIO(self._made[cached]), filename=name, content_type="application/pdf")

    def _print(self, kind: str, project: Project, label: str, applicant: Applicant, blind: bool) -> bytes:
        if kind == "proof":
            return render_pdf("demo/proof.html", style="bare", label=label)
        unit, people = ("（盲审略去）", ["（略）"] * 4) if blind else (applicant.unit, applicant.people)
        plan = make_plan(project, unit=unit, people=people, year=applicant.year, random=Random(project.title))
        return render_pdf("demo/plan.html", style="bare", plan=plan)
