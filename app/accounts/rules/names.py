"""The order of names: Chinese by pinyin with the readings that surnames have, everything else by its letters."""

from __future__ import annotations

import unicodedata

#: Characters that are read differently as a surname.
SURNAMES = {
    "单": "shan", "仇": "qiu", "曾": "zeng", "解": "xie", "查": "zha", "任": "ren", "朴": "piao", "盖": "ge", "区": "ou", "尉": "wei",
    "华": "hua", "缪": "miao", "翟": "zhai", "黑": "he", "种": "chong", "冼": "xian", "覃": "qin", "谌": "chen", "洗": "xian",
    "员": "yun", "召": "shao", "繁": "po", "折": "she", "能": "nai", "乜": "nie", "秘": "bi", "费": "fei", "逄": "pang", "郇": "huan",
    "隽": "juan", "句": "gou", "乐": "yue", "薄": "bo", "卜": "bu", "晁": "chao", "都": "du", "葛": "ge", "纪": "ji", "靳": "jin",
    "那": "na", "宁": "ning", "瞿": "qu", "沈": "shen", "石": "shi", "宿": "su", "相": "xiang", "行": "xing", "燕": "yan", "应": "ying",
    "於": "yu", "尉迟": "yu chi", "万俟": "mo qi", "长孙": "zhang sun", "澹台": "tan tai", "单于": "chan yu", "皇甫": "huang fu",
}  # fmt: skip


def sort_key(name: str, limit: int = 200) -> str:
    """A text whose plain order is the order in which people look for names; the same on both databases."""
    text = unicodedata.normalize("NFKC", name).strip().casefold()
    if text.isascii():
        return text[:limit]
    from pypinyin import lazy_pinyin  # noqa: PLC0415 -- 66 MB, and plain names do not need it

    head = next((key for key in (text[:2], text[:1]) if key in SURNAMES), "")
    spoken = ([SURNAMES[head]] if head else []) + lazy_pinyin(text[len(head) :])
    return " ".join([*spoken, text]).casefold()[:limit]
