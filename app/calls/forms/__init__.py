"""The forms of the organizer's pages. They return plain values and typed rules; nothing here writes."""
