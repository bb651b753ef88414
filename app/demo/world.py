"""The invented district: its offices, the people who run it, judges, and entrants. One password for all, printed at start."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from sqlalchemy.orm import Session

from app.accounts.enums import OrganizationKind, Role
from app.accounts.models import Organization, User
from app.accounts.operations.grants import grant_role
from app.accounts.operations.organizations import add_member, add_organization
from app.accounts.operations.users import create_user
from app.accounts.queries import grants_of, organizations_of
from app.core.authz import SYSTEM, Actor

from . import names

PASSWORD = "Chenghu-Demo-2026"
DOMAIN = "demo.example"

#: Account, name, role and organization (key of ``OFFICES``) of those who run the district.
STAFF = (
    ("admin", "系统管理员", Role.SYSTEM_ADMIN, None),
    ("auditor", "安全审计员", Role.AUDITOR, None),
    ("host", "沈望舒", Role.HOST, "talent"),
    ("host2", "陆景行", Role.HOST, "talent"),
    ("organizer", "顾清和", Role.ORGANIZER, "science"),
    ("organizer2", "钱思齐", Role.ORGANIZER, "science"),
    ("supervisor", "周怀瑾", Role.SUPERVISOR, "talent"),
    ("talent", "吴安澜", Role.TALENT_OFFICER, "talent"),
    ("talent2", "郑修远", Role.TALENT_OFFICER, "talent"),
)
OFFICES = (
    ("province", "江南演示省", "Jiangnan Province (demo)", OrganizationKind.PROVINCE, None),
    ("city", "澄湖市（演示）", "Chenghu City (demo)", OrganizationKind.CITY, "province"),
    ("district", "澄湖新区（演示）", "Chenghu New District (demo)", OrganizationKind.DISTRICT, "city"),
    ("talent", "澄湖新区人才工作办公室（演示）", "Talent Office of Chenghu New District (demo)", OrganizationKind.OFFICE, "district"),
    ("science", "澄湖新区科技创新局（演示）", "Science Bureau of Chenghu New District (demo)", OrganizationKind.OFFICE, "talent"),
    ("park", "澄湖科技园（演示）", "Chenghu Science Park (demo)", OrganizationKind.PARK, "district"),
)


@dataclass
class World:
    """Everybody and everything that the stories need, by short name."""

    random: Random
    offices: dict[str, Organization] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    judges: list[User] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def actor(self, session: Session, user: User, role: Role | None = None) -> Actor:
        """The person as an actor with all they hold now."""
        return Actor(
            user_id=user.id, name=user.name, email=user.email, grants=grants_of(session, user.id),
            organization_ids=organizations_of(session, user.id), current_role=role,
        )  # fmt: skip


def build_world(session: Session, *, now: datetime) -> World:
    """Offices, staff and judges."""
    world = World(Random(20260101))
    for key, name, name_en, kind, parent in OFFICES:
        above = world.offices[parent] if parent else None
        world.offices[key] = add_organization(session, name=name, name_en=name_en, kind=kind, parent=above, actor=SYSTEM, now=now)
    for account, name, role, office in STAFF:
        user = add_person(session, world, account, name, now=now)
        scope = world.offices[office] if office else None
        grant_role(session, user=user, role=role, organization=scope, actor=SYSTEM, now=now)
        if scope is not None:
            add_member(session, organization=scope, user=user, actor=SYSTEM, now=now)
    for number in range(1, 10):
        account = "judge" if number == 1 else f"judge{number}"
        world.judges.append(add_person(session, world, account, names.person(world.random, world.used), now=now))
    return world


def add_person(session: Session, world: World, account: str, name: str, *, now: datetime) -> User:
    """An account that can sign in with the demonstration's password."""
    world.used.add(name)
    user = create_user(session, email=f"{account}@{DOMAIN}", name=name, password=PASSWORD, confirmed=True, actor=SYSTEM, now=now)
    world.people[account] = user
    return user
