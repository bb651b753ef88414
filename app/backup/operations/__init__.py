"""Making, checking, restoring and opening."""
