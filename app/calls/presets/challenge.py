"""揭榜领题赛: tracks are topics with their sponsors; teams answer the topic's indicators."""

from __future__ import annotations

from app.calls.enums import StageKind
from app.calls.rules import Advancement, Aggregation, CallRules, Disclosure, EditionRules, Gate, Rubric, StageRules
from app.dynforms.schema import Column, Field, FieldKind, FormSchema, Visibility

from . import conditions as c
from .blocks import CHECKLIST, CORE_TEAM, DECLARATION, SECTIONS, TIES_SUM_ALL, T, award, criterion, essay, pdf
from .shape import Axis, Preset, StagePlan

ANSWER = (
    T("逐项响应且优于指标，技术路线经验证", "Answers every indicator and exceeds it, route proven"),
    T("逐项响应，路线可行", "Answers every indicator, feasible route"),
    T("大部分指标有响应，部分路线依据不足", "Most indicators answered, some without basis"),
    T("关键指标未响应", "A key indicator is not answered"),
)
RUBRIC = Rubric(
    step="0.5",
    criteria=[
        criterion("answer", "指标响应与技术路线", "Indicators and route", "35", "0.5", words=ANSWER),
        criterion("basis", "研发基础与团队", "Basis and team", "25", "0.5"),
        criterion("milestones", "里程碑与组织", "Milestones and organization", "15", "0.5"),
        criterion("ip", "知识产权与转化落地", "Rights and use", "15", "0.5"),
        criterion("budget", "经费合理性", "Budget", "10", "0.5"),
    ],
    gates=[Gate("hard", T("硬指标全部响应", "All hard indicators are answered"), blocks=True)],
)
VETTING = StageRules(
    rubrics={"*": RUBRIC},
    aggregation=Aggregation(method="trimmed", drop_high=1, drop_low=1, trim_from=5, min_judges=5),
    advancement=Advancement(method="top", number=5, pass_mark="60", at_line="include_all", replacement=True),
    judges_per_entry=5,
)
FINAL = StageRules(
    rubrics={"*": RUBRIC},
    aggregation=Aggregation(method="trimmed", drop_high=1, drop_low=1, trim_from=7, min_judges=7),
    ties=TIES_SUM_ALL,
    advancement=Advancement(method="none"),
    awards=[
        award("champion", "擂主", "Champion", 1, "20", "80"),
        award("special", "特等奖", "Grand prize", 2, "10", "75"),
        award("first", "一等奖", "First prize", 2, "5", "60"),
    ],
    disclosure=Disclosure(public_scores=True),
    minutes_pitch=10,
    minutes_answers=10,
)
FORM = FormSchema(
    T("揭榜书", "Bid"),
    SECTIONS,
    [
        essay("route", "技术路线", "Technical route", 2000),
        Field("indicators", FieldKind.TABLE, T("指标响应表", "Answers to the indicators"), section="project", required=True, min_rows=1, max_rows=20, columns=[
            Column("indicator", T("榜单指标", "Indicator"), required=True), Column("promise", T("承诺值", "Promised value"), required=True), Column("test", T("检测方法", "Test method"), required=True)]),
        Field("milestones", FieldKind.TABLE, T("里程碑计划", "Milestones"), section="project", required=True, min_rows=2, max_rows=10, columns=[
            Column("name", T("里程碑", "Milestone"), required=True), Column("due", T("完成日期", "Due"), FieldKind.DATE, True), Column("proof", T("交付物", "Deliverable"), required=True)]),
        Field("budget", FieldKind.MONEY, T("经费预算", "Budget"), section="project", required=True, low="0", high="100000", unit="万元"),
        Field("unit", FieldKind.ORGANIZATION, T("揭榜单位", "Bidding unit"), section="entrant", required=True, visibility=Visibility.JUDGES),
        Field("leader", FieldKind.PERSON, T("项目负责人", "Leader"), section="entrant", required=True, visibility=Visibility.SENSITIVE),
        CORE_TEAM,
        pdf("bid", "揭榜方案", "Proposal", 50),
        pdf("proofs", "前期基础证明", "Proofs of earlier work", None, required=False, visibility=Visibility.JUDGES, files=5),
        DECLARATION,
    ],
)  # fmt: skip
PRESET = Preset(
    key="challenge",
    name=T("揭榜领题赛（命题单位出题）", "Challenge contest (topics set by sponsors)"),
    lead=T("每个赛道是一道榜题，由命题单位提出指标；方案评审后现场打擂，决出擂主。", "Each track is a topic with indicators set by its sponsor; proposals are reviewed, then defended, and each topic has a champion."),
    summary=T("命题单位张榜、团队揭榜，以指标论英雄。", "Sponsors post topics, teams answer the indicators."),
    body=T("## 揭榜规则\n\n同一团队在同一榜题下只提交一份方案；命题单位不得参加本单位榜题的揭榜。", "## Rules\n\nOne proposal a team and topic; a sponsor does not bid for its own topic."),
    tracks=(
        Axis("T01", T("榜题一：工业视觉小样本缺陷检测", "Topic 1: defect detection from few samples"), "漏检率≤0.5%，误检率≤2%，单件检测时间≤80毫秒"),
        Axis("T02", T("榜题二：储能电池热失控早期预警", "Topic 2: early warning of thermal runaway"), "提前预警时间≥30分钟，误报率≤1%"),
        Axis("T03", T("榜题三：低品位余热高效回收", "Topic 3: recovery of low-grade heat"), "热源温度≤120℃，净发电效率≥8%"),
    ),
    window_days=60,
    call_rules={"*": CallRules(eligibility=[c.ONE_ENTRY, *c.team(2, 15), c.declares("揭榜单位与命题单位无隶属、控股或其他关联关系", "Bidder and sponsor are not affiliated")], team_min=2, team_max=15, organization_required=True)},
    edition_rules=EditionRules(notice_days=5, one_entry_per_person=False),
    stages=(
        StagePlan(StageKind.FORMAL_CHECK, T("形式审查", "Formal check"), 61, 66, StageRules(checklist=CHECKLIST)),
        StagePlan(StageKind.VETTING, T("方案评审", "Review of proposals"), 69, 79, VETTING),
        StagePlan(StageKind.FINAL, T("擂台赛（现场答辩）", "Contest on stage"), 95, 95, FINAL),
    ),
    form=FORM,
    faq=((T("命题单位的专家参加评审吗？", "Do the sponsor's experts judge?"), T("可以，但须在评审前声明利害关系，其意见单独标明。", "They may, after declaring their interest, and their marks are shown as such.")),),
)  # fmt: skip
