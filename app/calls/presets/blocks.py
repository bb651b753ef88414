"""Pieces that several presets share: bands, tie chains, checklists, common form fields."""

from __future__ import annotations

from decimal import Decimal

from app.calls.rules import AwardLevel, Band, Criterion, TieStep
from app.dynforms.schema import Column, Field, FieldKind, Section, Text, Visibility

T = Text
NOTHING = Text()
#: Shares of the full mark at which a band begins (third "Internet+" contest: 85, 70, 55).
BAND_SHARES = (Decimal("0.85"), Decimal("0.70"), Decimal("0.55"), Decimal(0))
PLAIN_WORDS = (
    T("优秀：论证充分，证据可核验，明显领先", "Excellent: fully argued, evidence can be verified, clearly ahead"),
    T("良好：论证较充分，有一定优势", "Good: well argued, some advantage"),
    T("一般：基本成立，证据或深度不足", "Fair: holds in the main, evidence or depth is lacking"),
    T("较差：论证薄弱或缺少依据", "Poor: weakly argued or without basis"),
)


def bands(full: str, step: str, words: tuple[Text, ...] = PLAIN_WORDS) -> list[Band]:
    """Four bands over 0…full that neither overlap nor leave a gap at this step."""
    top, width = Decimal(full), Decimal(step)
    made, high = [], top
    for share, text in zip(BAND_SHARES, words, strict=True):
        low = (top * share / width).to_integral_value() * width
        made.append(Band(low=_plain(low), high=_plain(high), words=text))
        high = low - width
    return made


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def criterion(key: str, zh: str, en: str, full: str, step: str = "0.1", about: Text = NOTHING, words: tuple[Text, ...] = PLAIN_WORDS,
              children: tuple[Criterion, ...] = ()) -> Criterion:  # fmt: skip
    """A criterion with bands and comments demanded in the lowest band; with children, only a heading for them."""
    if children:
        return Criterion(key=key, name=T(zh, en), full=full, description=about, children=list(children))
    made = bands(full, step, words)
    return Criterion(key=key, name=T(zh, en), full=full, description=about, bands=made, comment_below=made[-1].high)


def award(key: str, zh: str, en: str, number: int, wan: str = "0", least: str | None = None) -> AwardLevel:
    return AwardLevel(key=key, name=T(zh, en), number=number, prize_wan=wan, min_score=least)


#: Seven judges of a popular-science contest: second-highest mark, and so on, at last a draw under supervision.
TIES_SECOND_HIGHEST = [TieStep("second_highest"), TieStep("untrimmed_mean"), TieStep("draw")]
#: 山东经贸: the sum of all judges' marks first.
TIES_SUM_ALL = [TieStep("sum_all"), TieStep("second_highest"), TieStep("draw")]
#: 医药: the earlier stage decides; what is still equal shares the rank.
TIES_EARLIER_STAGE = [TieStep("earlier_stage"), TieStep("share")]

CHECKLIST = [
    T("报名表填写完整，与附件一致", "The form is complete and agrees with the attachments"),
    T("参赛主体和负责人符合申报条件", "Entrant and leader meet the conditions of entry"),
    T("商业计划书（项目计划书）清晰可读，未超过页数", "The business plan is legible and within the page limit"),
    T("证照和证明材料齐全、在有效期内", "Licences and proofs are complete and in force"),
    T("承诺书已确认", "The declaration has been confirmed"),
    T("无重复申报", "Not entered twice"),
]
BLIND_CHECK = T(
    "材料、文件名和文件属性中没有单位、姓名和指导教师信息",
    "No institution, name or adviser in documents, file names or file properties",
)

SECTIONS = [
    Section("project", T("项目概况", "The project")),
    Section("entrant", T("参赛主体", "The entrant")),
    Section("files", T("附件材料", "Attachments")),
    Section("declaration", T("承诺", "Declaration")),
]
DECLARATION = Field(
    "declaration", FieldKind.DECLARATION, T("参赛承诺", "Declaration"), section="declaration", required=True,
    visibility=Visibility.STAFF,
    body=T(
        "本人（本单位）承诺：所提交的材料真实、准确、完整，不涉及国家秘密，不侵犯他人知识产权；知悉并遵守本届赛事规则；"
        "同意主办方为评审、公示和颁奖之目的使用上述信息。如有虚假，自愿承担取消名次等一切后果。",
        "I (we) declare that the material is true, accurate and complete, contains no state secrets and infringes nobody's rights; "
        "that I (we) know and accept the rules of this contest; and that the host may use this information for review, public notice "
        "and award. False statements lead to loss of rank and other consequences.",
    ),
)  # fmt: skip


def text_field(key: str, zh: str, en: str, section: str = "project", chars: int = 80, required: bool = True,
               visibility: Visibility = Visibility.BLIND_SAFE, hint: Text = NOTHING) -> Field:  # fmt: skip
    return Field(key, FieldKind.TEXT, T(zh, en), hint=hint, section=section, required=required, visibility=visibility, max_chars=chars)


def essay(key: str, zh: str, en: str, chars: int, hint: Text = NOTHING, required: bool = True) -> Field:
    return Field(key, FieldKind.LONG_TEXT, T(zh, en), hint=hint, section="project", required=required, max_chars=chars)


def pdf(key: str, zh: str, en: str, pages: int | None, required: bool = True, mb: int = 20,
        visibility: Visibility = Visibility.BLIND_SAFE, hint: Text = NOTHING, files: int = 1) -> Field:  # fmt: skip
    return Field(
        key, FieldKind.FILE, T(zh, en), hint=hint, section="files", required=required, visibility=visibility,
        file_types=["pdf"], max_mb=mb, max_files=files, max_pages=pages,
    )  # fmt: skip


CORE_TEAM = Field(
    "team_table", FieldKind.TABLE, T("核心团队", "Core team"), section="entrant", required=True, visibility=Visibility.JUDGES,
    columns=[
        Column("name", T("姓名", "Name"), required=True),
        Column("role", T("分工", "Part in the project"), required=True),
        Column("education", T("最高学历及毕业院校", "Highest degree and school")),
        Column("experience", T("主要经历", "Experience")),
    ],
    min_rows=1, max_rows=10,
)  # fmt: skip
