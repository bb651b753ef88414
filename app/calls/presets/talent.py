"""人才创新创业大赛 with 以赛代评: the prize opens the way into a talent programme; it never replaces checks, notice or landing."""

from __future__ import annotations

from app.calls.enums import StageKind
from app.calls.rules import Advancement, Aggregation, CallRules, CategoryWeight, Disclosure, EditionRules, Rubric, StageRules
from app.dynforms.schema import Field, FieldKind, FormSchema, Option, Visibility

from . import conditions as c
from .blocks import CHECKLIST, CORE_TEAM, DECLARATION, SECTIONS, TIES_EARLIER_STAGE, T, award, criterion, essay, pdf
from .shape import Axis, Preset, StagePlan

PEOPLE = (
    T("负责人和团队水平突出，结构完整，已有成功经历", "Outstanding leader and team, complete, with success behind them"),
    T("负责人和团队水平较高，分工合理", "Strong leader and team, sensibly divided"),
    T("团队基本能够支撑项目", "The team can just carry the project"),
    T("团队不足以支撑项目", "The team cannot carry the project"),
)
RUBRIC = Rubric(
    step="0.1",
    criteria=[
        criterion("people", "创业者及团队", "Founder and team", "40", words=PEOPLE),
        criterion("technology", "技术先进性", "Technology", "25"),
        criterion("market", "市场前景", "Market", "20"),
        criterion("model", "商业模式", "Business model", "15"),
    ],
)
ONLINE = StageRules(
    rubrics={"*": RUBRIC},
    aggregation=Aggregation(method="mean", min_judges=3),
    advancement=Advancement(method="top", number=20, pass_mark="70", at_line="include_all"),
    disclosure=Disclosure(public_scores=False),
    judges_per_entry=3,
)
FINAL = StageRules(
    rubrics={"*": RUBRIC},
    aggregation=Aggregation(
        method="categories", min_judges=5, drop_high=0, drop_low=0,
        category_weights=[CategoryWeight("technical", 50), CategoryWeight("investor", 30), CategoryWeight("entrepreneur", 20)],
    ),
    ties=TIES_EARLIER_STAGE,
    advancement=Advancement(method="none"),
    awards=[
        award("first", "一等奖", "First prize", 1, "20", "85"),
        award("second", "二等奖", "Second prize", 4, "10", "80"),
        award("third", "三等奖", "Third prize", 7, "5", "75"),
        award("merit", "优胜奖", "Merit award", 8, "2", "70"),
    ],
    minutes_pitch=10,
    minutes_answers=9,
)  # fmt: skip
FORM = FormSchema(
    T("人才创新创业大赛申报书", "Application"),
    SECTIONS,
    [
        essay("summary", "项目简介", "Summary", 600),
        essay("results", "已取得的成果", "Results so far", 1000),
        essay("plan_years", "三年发展规划", "Plan for three years", 1000),
        Field("leader", FieldKind.PERSON, T("领军人才", "Leading talent"), section="entrant", required=True, visibility=Visibility.SENSITIVE),
        Field("birth_date", FieldKind.DATE, T("出生日期", "Date of birth"), section="entrant", required=True, visibility=Visibility.STAFF),
        Field("degree", FieldKind.CHOICE, T("最高学位", "Highest degree"), section="entrant", required=True, visibility=Visibility.JUDGES, options=[
            Option("bachelor", T("学士", "Bachelor")), Option("master", T("硕士", "Master")), Option("doctor", T("博士", "Doctor"))]),
        Field("experience_years", FieldKind.NUMBER, T("相关工作年限", "Years of experience"), section="entrant", required=True, visibility=Visibility.JUDGES, low="0", high="60", places=0, unit="年"),
        Field("is_landed", FieldKind.YES_NO, T("企业是否已在本地注册", "Is the company registered here?"), section="entrant", required=True, visibility=Visibility.STAFF),
        Field("equity_percent", FieldKind.NUMBER, T("持股比例", "Share held"), section="entrant", required=True, visibility=Visibility.STAFF, low="0", high="100", unit="%"),
        Field("paid_in", FieldKind.MONEY, T("实缴货币出资", "Cash paid in"), section="entrant", required=True, visibility=Visibility.STAFF, low="0", high="100000", unit="万元"),
        CORE_TEAM,
        pdf("plan", "商业计划书", "Business plan", 40),
        pdf("degree_proof", "学位证书（境外学位附认证）", "Degree certificate", None, visibility=Visibility.STAFF, mb=10),
        pdf("work_proof", "工作经历证明", "Proof of experience", None, visibility=Visibility.STAFF, mb=10, files=3),
        DECLARATION,
    ],
)  # fmt: skip
VISIT = [
    T("企业场地、设备和人员与申报材料一致", "Premises, equipment and staff are as the application says"),
    T("领军人才在岗，股权和实缴出资属实", "The leading talent is at work there; shares and cash paid in are as stated"),
    T("知识产权权属清楚", "The intellectual property is clearly owned"),
    T("落地计划具备条件", "The plan for settling here can be carried out"),
]
WAIVED = "degree:doctor,age:35"
PRESET = Preset(
    key="talent",
    name=T("人才创新创业大赛（以赛代评）", "Talent contest (contest in place of review)"),
    lead=T("获奖项目按规则直通人才计划相应环节；资格核查、考察、公示和落地要求不减免。", "Winners enter the talent programme at a later step; eligibility, site visit, notice and landing still follow."),
    summary=T("以赛引才、以赛代评：面向海内外高层次创业人才，获奖者按层次纳入人才计划遴选。", "Prizes lead into the talent programme: for high-level founders from at home and abroad."),
    body=T(
        "## 以赛代评\n\n一等奖、二等奖和三等奖获得者，在公示无异议后取得人才计划相应层次的直通资格，免初审和答辩；资格核查、现场考察、公示和落地按人才计划规定执行。直通资格自结果发布之日起两年内有效，每个项目限一人。",
        "## From prize to programme\n\nFirst to third prize winners, once the public notice has passed, may enter the talent programme without first review and defence. Eligibility check, site visit, notice and landing follow its rules. The right holds for two years from release, for one person a project.",
    ),
    groups=(
        Axis("startup", T("创业组", "Founders' group"), "已注册企业的创业人才"),
        Axis("team", T("团队组", "Teams' group"), "尚未注册企业、有意落户的人才团队"),
    ),
    window_days=60,
    call_rules={
        "startup": CallRules(
            eligibility=[
                c.age_max(55, "{year}-01-01"), c.degree_min("master"), c.experience_min(3, WAIVED), c.equity_min(20), c.paid_in_min(100, 200),
                c.not_winner_within(2, T("本赛事三等奖及以上", "third prize or better of this contest")), c.ONE_ENTRY,
                c.declares("未入选过同层次人才计划", "Not yet supported by a talent programme of the same level"),
            ],
            organization_required=True,
        ),
        "team": CallRules(
            eligibility=[
                c.age_max(55, "{year}-01-01"), c.degree_min("master"), c.experience_min(3, WAIVED), *c.team(3, 15), c.ONE_ENTRY,
                c.not_registered_in("320500", T("本市", "this city")),
                c.declares("获奖后一年内在本地注册企业并实际运营", "Will register and run a company here within one year of the prize"),
            ],
            team_min=3, team_max=15,
        ),
    },
    edition_rules=EditionRules(notice_days=5),
    stages=(
        StagePlan(StageKind.FORMAL_CHECK, T("资格审查", "Eligibility check"), 61, 72, StageRules(checklist=CHECKLIST)),
        StagePlan(StageKind.ONLINE_REVIEW, T("初评（网络评审）", "First review (online)"), 75, 86, ONLINE),
        StagePlan(StageKind.FINAL, T("决赛（路演答辩）", "Final (pitch and answers)"), 103, 104, FINAL),
        StagePlan(StageKind.DUE_DILIGENCE, T("现场考察", "Site visit"), 110, 130, StageRules(checklist=VISIT)),
    ),
    form=FORM,
    faq=((T("获奖后一定入选人才计划吗？", "Does a prize make me part of the programme?"), T("不是。获奖取得直通资格，仍须通过资格核查、现场考察、公示并按期落地。", "No. It opens the direct way; checks, site visit, notice and landing still follow.")),),
)  # fmt: skip
