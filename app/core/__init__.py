"""Database, unit of work, clock, authorization, state machines, errors, jobs, money, field encryption."""
