"""What administrators do to the machinery."""

from __future__ import annotations

from app.audit.events import Event, event


@event("admin.delivery_redriven", "delivery")
class DeliveryRedriven(Event):
    delivery_id: int
    subscriber: str


@event("admin.witness_added", "witness")
class WitnessAdded(Event):
    """An address outside the house gets checkpoints from now on."""

    witness_id: int
    edition_id: int | None


@event("admin.witness_removed", "witness")
class WitnessRemoved(Event):
    """An address gets no more checkpoints."""

    witness_id: int
    edition_id: int | None
    reason: str
