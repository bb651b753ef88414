"""The passwords that everybody tries first, made by rule instead of copied: words, names, years, keyboard walks and their doubles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from string import ascii_lowercase, digits


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_WORDS = _listed("""
password passwort passw0rd admin administrator root manager master superman batman dragon monkey shadow sunshine
princess football baseball basketball welcome login letmein changeme default guest test testing demo user office
company server system network database internet computer windows microsoft google apple samsung huawei xiaomi tencent
alibaba baidu qwerty asdfgh iloveyou loveyou forever family mother father summer winter spring autumn january february
october december monday friday secret hello world china beijing shanghai jiangsu nanjing suzhou hangzhou shenzhen
guangzhou chengdu wuhan xian chongqing tianjin wuxi changzhou nantong freedom flower angel lucky happy money diamond
silver golden purple orange banana cookie chocolate coffee tiger lion eagle panda phoenix ninja pokemon starwars
matrix soccer hockey jordan michael jennifer thomas jessica charlie daniel andrew joshua access public private contest
competition review judge expert talent science technology innovation project government zhengfu renmin mima woaini
woaiwo aini nihao zhongguo shijie kexue jishu rencai dasai jiebang pingshen zhuanjia guanliyuan xitong xiangmu gongsi
daxue xuexiao laoshi xuesheng jiayou fadacai wangluo diannao shouji
""")
_SURNAMES = _listed("""
wang li zhang liu chen yang zhao huang zhou wu xu sun ma zhu hu guo he lin gao luo zheng liang xie song tang
""")
_GIVEN = _listed("""
wei fang na min jing lei qiang jun yang yong jie juan tao ming chao xia ping gang hui hua bin yu xin bo kai hao
""")
_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "0123456789")
_COLUMNS = ("1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0",
            "zaq12wsxcde34rfvbgt56yhnmju78ik", "147258369", "741852963", "123qweasdzxc", "qweasdzxc", "159357456")  # fmt: skip
_TAILS = ("1", "12", "123", "1234", "12345", "123456", "12345678", "0", "00", "000", "01", "007", "111", "666", "888", "520", "521", "1314",
          "5201314", "!", "!!", "!!!", "@", "#", "@123", "!@#", "123!", "1234!", "123456!", "abc", "aaa", ".", "..")  # fmt: skip
_LEET = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})


@cache
def common_passwords() -> frozenset[str]:
    """Tens of thousands of them, in small letters."""
    return frozenset(_generate())


def core_of(text: str) -> str:
    """The word inside: digits and signs around it taken away, letters that were replaced by look-alikes put back."""
    stripped = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
    plain = stripped.translate(_LEET)
    half = len(plain) // 2
    return plain[:half] if plain and plain[:half] == plain[half:] else plain


def is_walk(text: str) -> bool:
    """Whether every character but a few follows a neighbour on the keyboard, in the alphabet or among the digits."""
    lines = [line for row in (*_ROWS, *_COLUMNS) for line in (row, row[::-1])]
    rest = text
    while len(rest) >= 4:
        size = max((_shared(rest, line) for line in lines), default=0)
        if size < 4:
            return False
        rest = rest[size:]
    return len(rest) <= 3


def _shared(text: str, line: str) -> int:
    """The length of the longest beginning of the text that is a piece of the line."""
    size = 0
    while size < len(text) and text[: size + 1] in line:
        size += 1
    return size


def _generate() -> Iterator[str]:
    names = [surname + given for surname in _SURNAMES for given in _GIVEN]
    years = [str(year) for year in range(1950, 2036)]
    for word in (*_WORDS, *_SURNAMES, *names):
        yield from (word, word + word)
        yield from (word + tail for tail in _TAILS)
    for word in (*_WORDS, *_SURNAMES):
        yield from (tail + word for tail in _TAILS)
        for year in years:
            yield from (word + year, year + word, f"{word}@{year}", f"{word}{year}!")
    for year in years:
        yield from (f"{year}{month:02}{day:02}" for month in range(1, 13) for day in range(1, 32))
    yield from _walks()
    yield from (character * size for character in ascii_lowercase + digits for size in range(6, 25))


def _walks() -> Iterator[str]:
    for line in (*_ROWS, *_COLUMNS):
        for start in range(len(line)):
            for end in range(start + 6, len(line) + 1):
                yield from (line[start:end], line[start:end][::-1])
