"""What administrators do to the machinery."""

from __future__ import annotations

from app.audit.events import Event, event


@event("admin.delivery_redriven", "delivery")
class DeliveryRedriven(Event):
    delivery_id: int
    subscriber: str
