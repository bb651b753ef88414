"""Invented people, companies, universities and addresses, always in the same order."""

from __future__ import annotations

from random import Random

SURNAMES = "沈陆顾钱周吴郑王冯陈褚卫蒋韩杨朱秦许何吕施张孔曹严华金魏陶姜戚谢邹柏章苏潘葛范彭鲁韦马苗方俞袁柳".strip()
GIVEN = [
    "知远",
    "书宁",
    "明澈",
    "若溪",
    "景行",
    "思齐",
    "望舒",
    "嘉禾",
    "云帆",
    "子衿",
    "清和",
    "一诺",
    "长风",
    "予安",
    "怀瑾",
    "星野",
    "安澜",
    "念初",
    "泊舟",
    "映雪",
    "承泽",
    "南乔",
    "修远",
    "听澜",
    "疏影",
    "青禾",
    "慕白",
    "时雨",
    "向晚",
    "知夏",
    "冬阳",
    "允之",
    "乐山",
    "临川",
    "行舟",
    "晓棠",
    "砚秋",
    "芷兰",
    "之遥",
    "铭川",
]
BRANDS = [
    "云岭",
    "星桥",
    "澄光",
    "禾木",
    "青屿",
    "衡石",
    "远舟",
    "微澜",
    "砺行",
    "知白",
    "拓维",
    "晨曦谷",
    "融川",
    "蓝杉",
    "恒序",
    "极目",
    "清源谷",
    "原点",
    "铸芯",
    "鹭岛",
]
LINES = {
    "it": "信息技术", "eq": "智能装备", "bio": "生物医药", "mat": "新材料", "en": "新能源", "agri": "农业科技",
}  # fmt: skip
UNIVERSITIES = ("澄湖大学（演示）", "太平洲理工大学（演示）", "江南演示学院", "长桥师范大学（演示）")


def person(random: Random, used: set[str]) -> str:
    """A name that was not given yet."""
    while True:
        name = random.choice(SURNAMES) + random.choice(GIVEN)
        if name not in used:
            used.add(name)
            return name


def company(random: Random, field: str, used: set[str]) -> str:
    """A company of the invented city; the brackets say that it is invented."""
    while True:
        name = f"澄湖{random.choice(BRANDS)}{LINES[field]}有限公司（演示）"
        if name not in used:
            used.add(name)
            return name
        name = f"澄湖{random.choice(BRANDS)}{random.choice(BRANDS)}{LINES[field]}有限公司（演示）"
        if name not in used:
            used.add(name)
            return name
