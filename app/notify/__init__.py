"""Messages to people: an outbox that can be read before it goes, one recipient a message."""
