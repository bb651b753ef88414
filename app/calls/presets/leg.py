"""分站赛/专题赛: one panel, one afternoon, 8+5 minutes, marks announced on the spot."""

from __future__ import annotations

from app.calls.enums import StageKind
from app.calls.rules import Advancement, Aggregation, CallRules, Deduction, Disclosure, EditionRules, Rubric, StageRules
from app.dynforms.schema import Field, FieldKind, FormSchema, Visibility

from . import conditions as c
from .blocks import CHECKLIST, DECLARATION, SECTIONS, TIES_SUM_ALL, T, award, criterion, essay, pdf
from .shape import Axis, Preset, StagePlan

RUBRIC = Rubric(
    step="0.5",
    criteria=[
        criterion("innovation", "创新性", "Novelty", "40", "0.5"),
        criterion("value", "商业价值", "Commercial value", "30", "0.5"),
        criterion("feasible", "可行性", "Feasibility", "20", "0.5"),
        criterion("delivery", "现场展示", "Presentation", "10", "0.5"),
    ],
    deductions=[Deduction("overtime", T("超时扣分", "Deduction for exceeding the time"), "2")],
)
ROADSHOW = StageRules(
    rubrics={"*": RUBRIC},
    aggregation=Aggregation(method="trimmed", drop_high=1, drop_low=1, trim_from=5, min_judges=5),
    ties=TIES_SUM_ALL,
    advancement=Advancement(method="top", number=2, at_line="tie_chain", replacement=False),
    awards=[
        award("first", "一等奖", "First prize", 1, "2"),
        award("second", "二等奖", "Second prize", 2, "1"),
        award("third", "三等奖", "Third prize", 3, "0.5"),
    ],
    disclosure=Disclosure(public_scores=True),
    minutes_pitch=8,
    minutes_answers=5,
    notice_days=5,
)
FORM = FormSchema(
    T("分站赛报名表", "Entry form"),
    SECTIONS,
    [
        essay("summary", "项目简介", "Summary", 500),
        essay("needs", "落地需求", "What the project needs to settle", 300, required=False),
        Field("leader", FieldKind.PERSON, T("项目负责人", "Leader"), section="entrant", required=True, visibility=Visibility.SENSITIVE),
        Field("organization", FieldKind.ORGANIZATION, T("所在单位", "Organization"), section="entrant", visibility=Visibility.JUDGES),
        pdf("slides", "路演材料", "Slides", 25),
        DECLARATION,
    ],
)  # fmt: skip
PRESET = Preset(
    key="leg",
    name=T("分站赛/专题赛（一个评审组，一个下午）", "Leg or theme contest (one panel, one afternoon)"),
    lead=T("报名后形式审查，现场路演8+5分钟，五位以上评委去掉一个最高分和一个最低分，前两名直通总决赛。", "Formal check, one roadshow of 8+5 minutes, highest and lowest mark dropped from five judges on; the first two go to the grand final."),
    summary=T("聚焦单一产业方向的专场赛事，当天路演、当天打分、当场公布。", "One industry, one afternoon: pitch, mark and announce on the spot."),
    body=T("## 赛事安排\n\n每个项目路演8分钟、答辩5分钟，评委现场打分，成绩当场公布。", "## The afternoon\n\n8 minutes of pitch and 5 of answers each; marks are given and announced on the spot."),
    tracks=(Axis("theme", T("专题赛道", "Theme track")),),
    window_days=21,
    call_rules={"*": CallRules(eligibility=[c.ONE_ENTRY, *c.team(1, 10)], team_min=1, team_max=10)},
    edition_rules=EditionRules(notice_days=5, scores_published=True),
    stages=(
        StagePlan(StageKind.FORMAL_CHECK, T("形式审查", "Formal check"), 22, 25, StageRules(checklist=CHECKLIST[:3])),
        StagePlan(StageKind.ROADSHOW, T("现场路演", "Roadshow"), 28, 28, ROADSHOW, from_hour=13, to_hour=18),
    ),
    form=FORM,
    faq=((T("路演由谁来讲？", "Who presents?"), T("须由项目负责人或报名表所列团队成员本人路演和答辩。", "The leader or a member named in the form, who also answers.")),),
)  # fmt: skip
