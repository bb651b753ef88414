"""高校学生竞赛: blind online review of a two-level rubric, then the defence."""

from __future__ import annotations

from app.calls.enums import StageKind
from app.calls.rules import Advancement, Aggregation, CallRules, Disclosure, EditionRules, Rubric, StageRules
from app.dynforms.schema import Column, Field, FieldKind, FormSchema, Visibility

from . import conditions as c
from .blocks import BLIND_CHECK, CHECKLIST, DECLARATION, SECTIONS, TIES_SECOND_HIGHEST, T, award, criterion, essay, pdf, text_field
from .shape import Axis, Preset, StagePlan

PAPER = Rubric(
    step="1",
    criteria=[
        criterion("education", "教育维度", "Education", "30", "1", children=(
            criterion("growth", "专业知识运用与能力提升", "Use of knowledge and growth", "15", "1"),
            criterion("spirit", "调查研究与团队协作", "Inquiry and cooperation", "15", "1"),
        )),
        criterion("novelty", "创新维度", "Novelty", "20", "1"),
        criterion("team", "团队维度", "Team", "20", "1"),
        criterion("business", "商业维度", "Business", "20", "1"),
        criterion("society", "社会价值维度", "Value to society", "10", "1"),
    ],
)  # fmt: skip
DEFENCE = Rubric(
    step="0.5",
    criteria=[
        criterion("exposition", "项目阐述", "Exposition", "40", "0.5"),
        criterion("answers", "回答问题", "Answers", "30", "0.5"),
        criterion("slides", "演示材料", "Slides", "20", "0.5"),
        criterion("bearing", "团队风貌", "Bearing", "10", "0.5"),
    ],
)
ONLINE = StageRules(
    rubrics={"*": PAPER},
    aggregation=Aggregation(method="mean", min_judges=5),
    advancement=Advancement(method="share", share="40", share_rounding="ceil", at_line="include_all"),
    disclosure=Disclosure(blind=True, public_scores=False),
    judges_per_entry=5,
    spread_alarm="20",
)
FINAL = StageRules(
    rubrics={"*": DEFENCE},
    aggregation=Aggregation(method="trimmed", drop_high=1, drop_low=1, trim_from=7, min_judges=7),
    ties=TIES_SECOND_HIGHEST,
    advancement=Advancement(method="none"),
    awards=[
        award("gold", "金奖", "Gold", 3, least="85"),
        award("silver", "银奖", "Silver", 6, least="75"),
        award("bronze", "铜奖", "Bronze", 12, least="60"),
    ],
    carry_over="weighted",
    carry_weight=30,
    disclosure=Disclosure(blind=True, public_scores=True),
    minutes_pitch=5,
    minutes_answers=5,
)
FORM = FormSchema(
    T("学生竞赛报名表", "Entry form"),
    SECTIONS,
    [
        essay("summary", "作品摘要", "Abstract", 800, T("不得出现学校、学院、指导教师和团队成员姓名", "No school, department, adviser or member")),
        essay("innovation", "创新点", "What is new", 500),
        text_field("school", "学校", "University", "entrant", visibility=Visibility.STAFF),
        text_field("department", "学院（系）", "Department", "entrant", visibility=Visibility.STAFF),
        Field("members", FieldKind.TABLE, T("团队成员", "Members"), section="entrant", required=True, visibility=Visibility.STAFF, min_rows=1, max_rows=10, columns=[
            Column("name", T("姓名", "Name"), required=True), Column("number", T("学号", "Student number"), required=True), Column("year", T("年级专业", "Year and subject"))]),
        Field("advisers", FieldKind.TABLE, T("指导教师", "Advisers"), section="entrant", visibility=Visibility.STAFF, max_rows=3, columns=[
            Column("name", T("姓名", "Name"), required=True), Column("title", T("职称", "Title"))]),
        pdf("paper", "作品说明书（匿名）", "Paper (anonymous)", 30, hint=T("文件名、正文和文件属性中不得出现身份信息", "No identity in name, text or properties of the file")),
        Field("anonymous", FieldKind.DECLARATION, T("匿名确认", "Anonymity"), section="declaration", required=True, visibility=Visibility.STAFF,
              body=T("我确认提交评审的文件中没有任何可识别学校、教师和学生身份的信息；如有，同意取消参赛资格。", "I confirm that nothing in the files for review identifies a school, teacher or student; otherwise the entry may be excluded.")),
        DECLARATION,
    ],
)  # fmt: skip
PRESET = Preset(
    key="campus",
    name=T("高校学生竞赛（盲审 + 答辩）", "University students' contest (blind review, then defence)"),
    lead=T("网络盲审前40%进入答辩，七位评委去掉一个最高分和一个最低分，网评成绩占30%。", "The best 40% of a blind review go to the defence; seven judges, highest and lowest dropped, the review counts 30%."),
    summary=T("面向在校大学生，盲审材料、公开答辩，重在创新与育人。", "For students: anonymous review, then a defence."),
    body=T("## 匿名要求\n\n评审材料不得出现学校、院系、指导教师和学生姓名，违反者取消参赛资格。", "## Anonymity\n\nNo school, department, adviser or student may be named in the material for review."),
    groups=(Axis("idea", T("创意组", "Idea group")), Axis("venture", T("创业组", "Venture group"))),
    window_days=40,
    call_rules={"*": CallRules(eligibility=[*c.team(1, 10), c.ONE_ENTRY, c.declares("参赛者均为在校学生，同一作品只参加一个组别", "All members are enrolled students; the work is entered once")], team_max=10)},
    edition_rules=EditionRules(notice_days=5),
    stages=(
        StagePlan(StageKind.FORMAL_CHECK, T("形式审查", "Formal check"), 41, 48, StageRules(checklist=[CHECKLIST[0], BLIND_CHECK, CHECKLIST[4], CHECKLIST[5]])),
        StagePlan(StageKind.ONLINE_REVIEW, T("网络盲审", "Blind online review"), 50, 61, ONLINE),
        StagePlan(StageKind.FINAL, T("现场答辩", "Defence"), 70, 71, FINAL),
    ),
    form=FORM,
    faq=((T("指导教师可以是团队成员吗？", "May an adviser be a member?"), T("不可以。指导教师不超过3人，在报名表中单独填写，评审时不显示。", "No. At most three advisers, given apart and not shown to judges.")),),
)  # fmt: skip
