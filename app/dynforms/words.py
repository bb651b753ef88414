"""Counting words in mixed text: a Chinese character is a word, and so is a run of Latin letters or digits."""

from __future__ import annotations

import re

_HAN = re.compile("[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af]")
_RUN = re.compile(r"[^\W_]+(?:['’.\-][^\W_]+)*")


def count_words(text: str) -> int:
    """Words of ``text``: ``"智能 AI 平台"`` has five (four characters and one run)."""
    characters = len(_HAN.findall(text))
    return characters + len(_RUN.findall(_HAN.sub(" ", text)))
