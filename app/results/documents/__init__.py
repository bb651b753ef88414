"""What is made of results for paper and screen: lists, summaries, certificates, charts."""

from . import files as files  # offers the long ones
