"""The journal: one hash-chained row a fact, and its deliveries to subscribers."""
