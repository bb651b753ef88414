"""The parts of an erasure, each for the tables of some features. All run in one transaction."""
