"""创新创业大赛: start-up and growth groups by industry, online review with pass mark and cap, final roadshow 8+7."""

from __future__ import annotations

from app.calls.enums import StageKind
from app.calls.rules import Advancement, Aggregation, CallRules, Criterion, Deduction, Disclosure, EditionRules, Gate, Rubric, StageRules
from app.dynforms.schema import Column, Condition, Field, FieldKind, FormSchema, Option, ShowIf, Visibility

from . import conditions as c
from .blocks import (
    CHECKLIST,
    CORE_TEAM,
    DECLARATION,
    SECTIONS,
    TIES_SECOND_HIGHEST,
    T,
    award,
    criterion,
    essay,
    pdf,
)
from .shape import Axis, Preset, StagePlan

TECHNOLOGY = (
    T(
        "核心技术自主可控，指标经第三方验证并处于领先",
        "Core technology is the team's own, figures verified by others and ahead of the field",
    ),
    T("技术有明显优势，已有样机或应用验证", "Clear technical advantage, prototype or use proven"),
    T("技术基本可行，优势或验证不足", "Technically feasible, little advantage or proof"),
    T("技术来源不清或难以实现", "Origin unclear or hard to realise"),
)
MODEL = (
    T("商业模式清晰并已获得市场验证", "Clear business model, proven in the market"),
    T("商业模式较清晰，路径可行", "Fairly clear model, feasible path"),
    T("商业模式有待完善", "Model needs work"),
    T("没有可行的盈利路径", "No feasible way to earnings"),
)


def _criteria(technology: str, model: str, market: str, team: str, finance: str = "") -> list[Criterion]:
    made = [
        criterion("technology", "技术和产品", "Technology and product", technology, words=TECHNOLOGY),
        criterion("model", "商业模式及实施方案", "Business model and plan", model, words=MODEL),
        criterion("market", "行业及市场", "Industry and market", market),
        criterion("team", "团队", "Team", team),
    ]
    return [*made, criterion("finance", "财务分析", "Financial analysis", finance)] if finance else made


GATES = [Gate("on_topic", T("项目属于本赛道", "The project belongs to this track"), blocks=True)]
OVERTIME = [Deduction("overtime", T("路演超时扣分", "Deduction for exceeding the time"), "3")]
STARTUP = Rubric(step="0.1", criteria=_criteria("35", "25", "20", "20"), gates=GATES)
GROWTH = Rubric(step="0.1", criteria=_criteria("30", "20", "20", "20", "10"), gates=GATES)

ONLINE = StageRules(
    rubrics={"startup": STARTUP, "growth": GROWTH},
    aggregation=Aggregation(method="mean", min_judges=3),
    ties=[],
    advancement=Advancement(number=8, quotas={"startup": 8, "growth": 10}, per="call", pass_mark="70", at_line="include_all"),
    disclosure=Disclosure(),
    judges_per_entry=3,
)
FINAL = StageRules(
    rubrics={
        "startup": Rubric(step="0.1", criteria=STARTUP.criteria, deductions=OVERTIME),
        "growth": Rubric(step="0.1", criteria=GROWTH.criteria, deductions=OVERTIME),
    },
    aggregation=Aggregation(method="trimmed", drop_high=1, drop_low=1, trim_from=5, min_judges=5),
    ties=TIES_SECOND_HIGHEST,
    advancement=Advancement(method="none"),
    awards=[
        award("first", "一等奖", "First prize", 1, "10", "80"),
        award("second", "二等奖", "Second prize", 1, "3", "75"),
        award("third", "三等奖", "Third prize", 1, "1", "70"),
    ],
    disclosure=Disclosure(public_scores=True),
    minutes_pitch=8,
    minutes_answers=7,
)

FORM = FormSchema(
    T("创新创业大赛报名表", "Entry form"),
    SECTIONS,
    [
        essay("summary", "项目简介", "Summary", 500, T("核心技术、产品、市场和团队，不超过500字", "Technology, product, market, team; at most 500 characters")),
        essay("innovation", "技术创新点", "What is new", 1000),
        essay("market", "市场与竞争分析", "Market and competition", 1000),
        essay("model", "商业模式与发展规划", "Business model and plans", 1000),
        Field("ip_count", FieldKind.NUMBER, T("有效知识产权数量", "Valid intellectual property rights"), section="project", required=True, low="0", high="999", places=0, unit="件"),
        Field("company", FieldKind.ORGANIZATION, T("参赛企业", "Company"), section="entrant", required=True, visibility=Visibility.JUDGES),
        Field("registered_on", FieldKind.DATE, T("企业注册日期", "Registered on"), section="entrant", required=True, visibility=Visibility.JUDGES),
        Field("revenue", FieldKind.MONEY, T("上年度营业收入", "Last year's revenue"), section="entrant", required=True, visibility=Visibility.JUDGES, low="0", high="20000", unit="万元"),
        Field("staff", FieldKind.NUMBER, T("缴纳社保人数", "Staff with social insurance"), section="entrant", required=True, visibility=Visibility.STAFF, low="0", high="99999", places=0, unit="人"),
        Field("financing", FieldKind.YES_NO, T("是否有融资需求", "Do you look for funding?"), section="entrant", required=True, visibility=Visibility.JUDGES),
        Field("financing_amount", FieldKind.MONEY, T("融资金额", "Amount"), section="entrant", required=True, visibility=Visibility.JUDGES, low="0", high="1000000", unit="万元",
              show_if=ShowIf(conditions=[Condition("financing", "eq", True)])),
        Field("qualification", FieldKind.CHOICE, T("企业资质", "Recognition"), section="entrant", visibility=Visibility.STAFF, options=[
            Option("none", T("暂无", "None")), Option("sme", T("科技型中小企业", "Technology SME")), Option("hnte", T("高新技术企业", "High-tech enterprise"))]),
        Field("leader", FieldKind.PERSON, T("项目负责人", "Leader"), section="entrant", required=True, visibility=Visibility.SENSITIVE),
        CORE_TEAM,
        Field("shareholders", FieldKind.TABLE, T("股权结构", "Shareholders"), section="entrant", visibility=Visibility.STAFF, max_rows=20, columns=[
            Column("name", T("股东", "Shareholder"), required=True), Column("percent", T("持股比例（%）", "Share (%)"), FieldKind.NUMBER, True)]),
        pdf("plan", "商业计划书", "Business plan", 40),
        pdf("slides", "路演材料", "Slides", 30, required=False, hint=T("进入决赛后提交", "Wanted once you reach the final")),
        pdf("licence", "营业执照", "Business licence", None, visibility=Visibility.STAFF, mb=5),
        pdf("ip_proofs", "知识产权证明", "Proofs of intellectual property", None, required=False, visibility=Visibility.JUDGES, files=5),
        DECLARATION,
    ],
)  # fmt: skip

COMMON = [c.revenue_max(20000), c.ONE_ENTRY, *c.team(3, 15), c.not_winner_within(99, T("全国总决赛前三名", "top three of a national final")),
          c.declares("企业未上市，无知识产权纠纷，近三年无重大安全、环保、质量事故和失信记录", "The company is not listed, has no dispute over intellectual property, and no serious safety, environment, quality or credit incident within three years")]  # fmt: skip

PRESET = Preset(
    key="venture",
    name=T("创新创业大赛（初创组/成长组 × 产业赛道）", "Innovation and entrepreneurship contest (start-up and growth groups by industry)"),
    lead=T(
        "网络评审按70分及名额晋级，决赛路演8+7分钟，去掉一个最高分和一个最低分。",
        "Online review advances by pass mark and cap; final roadshow of 8+7 minutes, highest and lowest mark dropped.",
    ),
    summary=T(
        "面向科技型企业征集优秀创新创业项目，经网络评审和现场路演，评出各赛道、各组别奖项。",
        "Open to technology companies: online review, then a roadshow, with prizes in every track and group.",
    ),
    body=T(
        "## 大赛内容\n\n大赛按产业领域设置赛道，按企业注册时间分为初创组和成长组，分网络评审和决赛路演两个阶段。\n\n## 支持政策\n\n获奖企业由主办单位颁发证书和奖金，并优先推荐对接投资机构、产业园区和科技金融服务。",
        "## The contest\n\nTracks by industry, groups by the company's date of registration; two stages: online review and final roadshow.\n\n## Support\n\nWinners receive certificates and prize money and are introduced to investors, parks and technology finance.",
    ),
    tracks=(
        Axis("ict", T("新一代信息技术", "Next-generation information technology")),
        Axis("equipment", T("高端装备制造", "High-end equipment")),
        Axis("materials", T("新材料", "New materials")),
        Axis("energy", T("新能源", "New energy")),
        Axis("nev", T("新能源汽车", "New energy vehicles")),
        Axis("green", T("节能环保", "Energy saving and environment")),
        Axis("bio", T("生物医药", "Biomedicine")),
    ),
    groups=(
        Axis("startup", T("初创组", "Start-up group"), "上一年1月1日（含）以后注册的企业"),
        Axis("growth", T("成长组", "Growth group"), "上一年1月1日以前注册的企业"),
    ),
    window_days=45,
    call_rules={
        "startup": CallRules(
            eligibility=[c.registered_from("{last_year}-01-01"), *COMMON], team_min=3, team_max=15, organization_required=True
        ),
        "growth": CallRules(
            eligibility=[c.registered_before("{two_years_ago}-12-31"), *COMMON], team_min=3, team_max=15, organization_required=True
        ),
    },
    edition_rules=EditionRules(notice_days=5),
    stages=(
        StagePlan(StageKind.FORMAL_CHECK, T("形式审查", "Formal check"), 46, 55, StageRules(checklist=CHECKLIST)),
        StagePlan(StageKind.ONLINE_REVIEW, T("初赛（网络评审）", "First round (online review)"), 57, 68, ONLINE),
        StagePlan(StageKind.FINAL, T("决赛（现场路演）", "Final (roadshow)"), 85, 87, FINAL),
    ),
    form=FORM,
    faq=(
        (
            T("初创组和成长组如何区分？", "Which group is ours?"),
            T(
                "以营业执照注册日期为准：上一年1月1日（含）以后为初创组，之前为成长组。",
                "By the date on the licence: on or after 1 January of last year is start-up, earlier is growth.",
            ),
        ),
        (
            T("提交后还能修改吗？", "Can we change a submitted entry?"),
            T(
                "报名截止前可以修改并重新提交，以截止前最后一次提交的版本为准。",
                "Until the deadline; the last version submitted before it counts.",
            ),
        ),
    ),
)
