"""Public notices: numbered, immutable, with their period in working days and the way to object."""
