"""Eligibility rules with their questions, as calls for entries word them."""

from __future__ import annotations

from app.calls.rules import EligibilityRule
from app.dynforms.schema import Text

T = Text


def age_max(years: int, on: str, unless: str = "") -> EligibilityRule:
    return EligibilityRule("age_max", T("项目负责人的出生日期", "Date of birth of the project leader"), str(years), on=on, unless=unless)


def degree_min(level: str, unless: str = "") -> EligibilityRule:
    return EligibilityRule("degree_min", T("项目负责人的最高学位", "Highest degree of the project leader"), level, unless=unless)


def experience_min(years: int, unless: str = "") -> EligibilityRule:
    return EligibilityRule(
        "experience_min",
        T("研发、管理或创业经历（年）", "Years of research, management or start-up experience"),
        str(years),
        unless=unless,
    )


def registered_from(day: str) -> EligibilityRule:
    return EligibilityRule("company_registered_from", T("企业注册日期", "Date of registration of the company"), day)


def registered_before(day: str) -> EligibilityRule:
    return EligibilityRule("company_registered_until", T("企业注册日期", "Date of registration of the company"), day)


def equity_min(percent: int, or_largest: bool = True) -> EligibilityRule:
    return EligibilityRule(
        "equity_min",
        T("项目负责人持股比例（%）", "Share held by the project leader (%)"),
        str(percent),
        other="largest" if or_largest else "",
    )


def paid_in_min(direct_wan: int, holding_wan: int) -> EligibilityRule:
    return EligibilityRule(
        "paid_in_min",
        T("项目负责人实缴货币出资（万元）", "Cash paid in by the project leader (10,000 yuan)"),
        str(direct_wan),
        other=str(holding_wan),
    )


def revenue_max(wan: int) -> EligibilityRule:
    return EligibilityRule("revenue_max", T("上年度营业收入（万元）", "Last year's revenue (10,000 yuan)"), str(wan))


def team(least: int, most: int) -> list[EligibilityRule]:
    question = T("参赛团队人数（含负责人）", "Size of the team (with its leader)")
    return [EligibilityRule("team_min", question, str(least)), EligibilityRule("team_max", question, str(most))]


def not_winner_within(years: int, what: T) -> EligibilityRule:
    return EligibilityRule(
        "not_winner_within",
        T(f"最近一次获得{what.zh}的年份（没有则留空）", f"Year of the latest {what.en} (leave empty if none)"),
        str(years),
        label=what,
    )


def not_registered_in(area: str, name: T) -> EligibilityRule:
    return EligibilityRule(
        "not_registered_in",
        T("企业注册地行政区划代码（未注册企业留空）", "Area code of the company's seat (empty if not registered)"),
        area=area,
        label=name,
    )


ONE_ENTRY = EligibilityRule(
    "one_entry_per_person", T("是否已作为负责人申报本届其他项目", "Do you already lead another entry of this edition?")
)


def declares(zh: str, en: str) -> EligibilityRule:
    return EligibilityRule("declaration", T(zh, en))
