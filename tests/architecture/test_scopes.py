"""No query reaches over the fence by oversight: whatever reads a tenant's table for a page says whose rows it wants."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from app.core.db import Base
from app.tables import metadata

from .source import functions, modules, name

#: The tables that things of an office hang on; what leads to one of them by a foreign key of its own belongs to an office too.
OWNERS = {"editions", "organizations", "entries", "calls", "stages", "panels", "seats", "programs", "series", "result_runs"}
#: What a condition must speak of to say whose, and names that end so.
WHOSE = ("id", "_id", "code", "number", "email")
#: Functions that say it otherwise.
OTHERWISE = {
    "app/accounts/queries/people.py:holders_of_platform_role": "roles of the platform, which no office gives",
    "app/admin/queries/witnessing.py:witnesses": "takes the edition, or none for the site, as a condition made before",
    "app/calls/queries/editions.py:managed_editions": "narrowed by the organizations and editions of the actor's roles",
    "app/entries/queries/team.py:my_entries": "narrowed by the subquery of one's own memberships",
    "app/notify/queries.py:outbox": "the administrators' outbox of the whole site, or of the edition that is given",
    "app/results/queries/messages.py:messages_of": "by the batch, whose name holds the run",
    "app/results/queries/messages.py:counts_of": "by the batch, whose name holds the run",
    "app/results/queries/runs.py:other_runs": "by the stage and call of the run that is given",
    "app/talent/queries/programs.py:programs_of": "narrowed by the organizations of the actor's roles",
}
#: Views that load by a number in their address and check elsewhere whose it is.
CHECKED = {
    "app/admin/views/edition_outbox.py:edit": "loaded and compared before by _message",
    "app/admin/views/organizations.py:edit": "administrators, of the whole site",
    "app/admin/views/outbox.py:show": "administrators, of the whole site",
    "app/admin/views/outbox.py:act": "administrators, of the whole site",
    "app/admin/views/roles.py:end": "administrators, of the whole site",
    "app/judging/views/manage/seats.py:lift_conflict": "looks for its seat in the panel of the address",
    "app/results/views/messages.py:release": "read anew after run_for_staff found it in the edition",
    "app/results/views/messages.py:drop": "read anew after run_for_staff found it in the edition",
}


@cache
def tenants_models() -> frozenset[str]:
    """The classes whose rows belong to an office."""
    owned = {table.name for table in metadata.sorted_tables if {key.column.table.name for key in table.foreign_keys} & OWNERS}
    return frozenset(mapper.class_.__name__ for mapper in Base.registry.mappers if mapper.local_table.name in owned | OWNERS)


def functions_of(*kinds: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in modules("app"):
        if any(part.removesuffix(".py") in kinds for part in path.parts):
            for function in functions(path):
                yield f"{name(path)}:{function.name}", function


def calls(function: ast.AST, *wanted: str) -> Iterator[ast.Call]:
    for part in ast.walk(function):
        if isinstance(part, ast.Call):
            target = part.func
            called = target.attr if isinstance(target, ast.Attribute) else target.id if isinstance(target, ast.Name) else ""
            if called in wanted:
                yield part


def names_in(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def says_whose(nodes: Iterator[ast.AST]) -> bool:
    return any(isinstance(part, ast.Attribute) and part.attr.endswith(WHOSE) for node in nodes for part in ast.walk(node))


def test_a_query_of_a_tenants_table_says_whose_rows_it_wants() -> None:
    """Its conditions speak of an owner or of the thing itself. What says it otherwise is listed with how."""
    loose, seen = set(), 0
    for place, function in functions_of("queries", "views"):
        read = {model for call in calls(function, "select") for argument in call.args for model in names_in(argument) & tenants_models()}
        seen += bool(read)
        if read and not says_whose(calls(function, "where")):
            loose.add(place)
    assert seen > 150, "the queries are no longer found"
    assert loose == set(OTHERWISE)


def test_a_view_that_loads_by_a_number_compares_whose_it_is() -> None:
    """A number in an address leads to anybody's row: the view compares an owner, or is listed with where that happens."""
    loose, seen = set(), 0
    for place, function in functions_of("views"):
        given = {argument.arg for argument in [*function.args.args, *function.args.kwonlyargs]}
        for call in calls(function, "get", "get_one"):
            model, number = call.args if len(call.args) == 2 else (call, call)
            if names_in(model) & tenants_models() and isinstance(number, ast.Name) and number.id in given:
                seen += 1
                compared = (part for part in ast.walk(function) if isinstance(part, ast.Compare))
                loose |= set() if says_whose(compared) else {place}
    assert seen > 10, "the views are no longer found"
    assert loose == set(CHECKED)
