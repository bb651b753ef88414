"""The lives of a seat and of a score sheet."""

from __future__ import annotations

from app.core.states import Machine

from .enums import SeatAction, SeatState, SheetAction, SheetState

SEATS = Machine(
    (SeatState.PLANNED, SeatAction.INVITE, SeatState.INVITED),
    (SeatState.INVITED, SeatAction.INVITE, SeatState.INVITED),
    (SeatState.DECLINED, SeatAction.INVITE, SeatState.INVITED),
    (SeatState.INVITED, SeatAction.ACCEPT, SeatState.ACCEPTED),
    (SeatState.INVITED, SeatAction.DECLINE, SeatState.DECLINED),
    (SeatState.ACCEPTED, SeatAction.DECLINE, SeatState.DECLINED),
    (SeatState.PLANNED, SeatAction.REMOVE, SeatState.REMOVED),
    (SeatState.INVITED, SeatAction.REMOVE, SeatState.REMOVED),
    (SeatState.ACCEPTED, SeatAction.REMOVE, SeatState.REMOVED),
    (SeatState.DECLINED, SeatAction.REMOVE, SeatState.REMOVED),
    (SeatState.REMOVED, SeatAction.RESTORE, SeatState.PLANNED),
)

SHEETS = Machine(
    (SheetState.DRAFT, SheetAction.SIGN, SheetState.SIGNED),
    (SheetState.SIGNED, SheetAction.REOPEN, SheetState.DRAFT),
)
