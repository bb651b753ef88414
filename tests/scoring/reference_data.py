"""Published data that several tests use; each block names its source."""

import numpy as np

# Shrout & Fleiss (1979), table 2: 6 targets x 4 judges.
SHROUT_FLEISS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float)

# Krippendorff (2011), canonical example: 4 observers x 12 units.
KRIPPENDORFF = np.array([
    [np.nan if c == "." else float(c) for c in row.split()]
    for row in (
        "1 2 3 3 2 1 4 1 2 . . .",
        "1 2 3 3 2 2 4 1 2 5 . 3",
        ". 3 3 3 2 3 4 2 2 5 1 .",
        "1 2 3 3 2 4 4 1 2 5 1 .",
    )
]).T  # fmt: skip

# Zar, Biostatistical Analysis, example 20.5: wing, tail and bill ranks of 12 birds.
ZAR = np.array([
    [4, 8.5, 10, 1.5, 3, 1.5, 7, 5, 8.5, 11, 6, 12],
    [5, 7, 11, 2.5, 5, 1, 5, 2.5, 9.5, 8, 9.5, 12],
    [5.5, 5.5, 9.5, 2, 3, 1, 8, 4, 11, 9.5, 7, 12],
]).T  # fmt: skip

# Brennan (2001), synthetic data set 4: 10 persons x 3 tasks x 4 raters.
BRENNAN = np.array([
    [[float(c) for c in rater] for rater in task.split()]
    for task in (
        "5937937594 6345243894 5735937584 5733757783",
        "5753737763 3531735565 4534365566 5553737455",
        "6765245355 7753755287 3513515111 3265324111",
    )
]).transpose(2, 0, 1)  # fmt: skip

# Robitzsch & Steinfeld (2018), data.ptam4wide of the R package immer: 40 texts x 10 raters, levels 0 to 3.
PTAM_RATERS = "R802 R803 R810 R816 R820 R824 R831 R835 R837 R844".split()  # noqa: SIM905 -- as printed in the source
PTAM_ROWS = [
    "10014:2111201010",
    "10085:3122232122",
    "10097:2323222233",
    "10186:2122232222",
    "10196:2212121122",
    "10215:1000100100",
    "10226:1011100010",
    "10369:2011110010",
    "10386:2122121221",
    "10441:2011111123",
    "10469:3122122131",
    "10474:3011331010",
    "10503:1022111010",
    "10505:2122121232",
    "10533:2122212221",
    "10542:0000101010",
    "10543:2233223322",
    "10544:2323323233",
    "10545:1112111120",
    "10546:3323323333",
    "10547:1000111011",
    "10548:1101112111",
    "10549:1010102222",
    "10550:1122112131",
    "10551:2333333133",
    "10552:1220212332",
    "10553:1002211011",
    "10554:1111111021",
    "10555:2221212222",
    "10556:0000100010",
    "10557:0000.00000",
    "10558:2233223232",
    "10559:1110211031",
    "10560:0000000000",
    "10561:3232223333",
    "10562:2112212013",
    "10563:1211212123",
    "10564:3112332311",
    "10565:1311200120",
    "10566:1110112022",
]
PTAM_TEXTS = [row.split(":")[0] for row in PTAM_ROWS]
PTAM = np.array([[np.nan if c == "." else float(c) for c in row.split(":")[1]] for row in PTAM_ROWS])
PTAM_COMPLETE = np.array([row for text, row in zip(PTAM_TEXTS, PTAM, strict=True) if text not in ("10557", "10560")])

# Kuhlisch et al. (2016), data.immer09: 57 papers x 20 reviewers, 128 scores from 1 to 7 (paper: reviewer=score).
REVIEWS = """1: 11=7 15=7 20=7; 2: 1=7 10=7; 3: 11=7 15=7 20=7; 4: 13=7 16=7; 5: 2=7 14=6; 6: 12=7 14=6; 7: 10=7 15=6;
8: 13=7 19=6; 9: 15=7 20=6; 10: 5=6 16=7; 11: 1=6 12=7; 12: 1=7 10=6 14=6; 13: 15=7 19=5; 14: 1=6 18=6; 15: 2=6 6=6;
16: 2=6 11=6 17=6; 17: 7=6 10=6; 18: 9=6 14=6; 19: 1=6 15=6; 20: 4=6 17=6; 21: 5=6 13=6; 22: 3=6 17=6; 23: 5=5 19=7;
24: 1=7 5=5; 25: 5=5 9=6; 26: 4=6 7=5; 27: 2=6 3=5; 28: 8=5 10=6; 29: 12=5 16=6; 30: 3=6 9=5; 31: 8=5 16=6; 32: 6=5 7=6;
33: 2=5 8=6; 34: 4=5 7=6; 35: 8=5 9=6; 36: 18=5 20=6; 37: 9=5 13=5; 38: 6=7 11=5 14=3; 39: 11=7 19=3 20=4; 40: 13=5 20=4;
41: 2=4 4=5; 42: 6=4 11=3 16=6; 43: 5=5 11=3 12=5; 44: 3=4 6=6 11=3; 45: 11=2 12=5 17=5; 46: 3=3 6=6 14=3; 47: 7=3 18=4;
48: 4=5 8=2; 49: 9=5 19=2; 50: 11=3 13=4 17=3; 51: 2=1 7=7 17=1 18=4; 52: 8=4 10=2; 53: 3=3 18=3; 54: 8=3 18=3; 55: 4=2 18=3;
56: 12=1 16=2; 57: 17=1 19=1"""


def reviews() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Paper, reviewer (both from 0) and score of the 128 reviews."""
    rows = []
    for line in REVIEWS.replace("\n", " ").split(";"):
        paper, rest = line.split(":")
        rows += [(int(paper) - 1, int(r) - 1, int(s)) for r, s in (pair.split("=") for pair in rest.split())]
    e, j, y = np.array(rows).T
    return e, j, y.astype(float)


def long_form(table: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Entry, judge and mark of every cell that is not NaN."""
    e, j = np.nonzero(np.isfinite(table))
    return e, j, table[e, j]
