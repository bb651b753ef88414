"""The 揭榜 Jiebang application: features in a stack, see docs/ARCHITECTURE.md."""
