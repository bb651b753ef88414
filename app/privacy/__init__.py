"""Personal data: the inventory, retention, erasure, and everybody's own copy."""
