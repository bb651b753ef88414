"""A talent office with a programme, its tiers and a fast track."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import count

from sqlalchemy.orm import Session

from app.accounts.enums import Role
from app.accounts.models import Organization, User
from app.core.authz import SYSTEM
from app.talent.enums import CheckKind
from app.talent.models import Program, Tier
from app.talent.operations import create_program, save_tier
from app.talent.rules import ProgramCheck
from tests.conftest import NOW
from tests.factories.accounts import grant, make_organization, make_user

_numbers = count(1)
CHECKS = (
    ProgramCheck(CheckKind.IDENTITY),
    ProgramCheck(CheckKind.AGE, "45"),
    ProgramCheck(CheckKind.DEGREE, "master"),
    ProgramCheck(CheckKind.NOT_SUPPORTED),
    ProgramCheck(CheckKind.CONTEST_VALID),
    ProgramCheck(CheckKind.LANDING),
)


@dataclass
class Office:
    """The office and two of its people, so that one may check and the other confirm."""

    organization: Organization
    program: Program
    tier: Tier
    officer: User
    second: User


def make_office(session: Session, checks: tuple[ProgramCheck, ...] = CHECKS) -> Office:
    organization = make_organization(session, f"区人才办{next(_numbers)}")
    program = create_program(session, organization=organization, code=f"p{next(_numbers)}", name="东江英才计划", name_en="Talents",
                             checks=checks, actor=SYSTEM, now=NOW)  # fmt: skip
    tier = save_tier(
        session, program=program, code="A", name="领军人才", name_en="Leading", support_wan=Decimal(100), actor=SYSTEM, now=NOW
    )
    officer, second = make_user(session, "经办"), make_user(session, "复核")
    for user in (officer, second):
        grant(session, user, Role.TALENT_OFFICER, organization=organization)
    return Office(organization, program, tier, officer, second)
