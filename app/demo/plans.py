"""The invented business plans that demo teams attach: text, tables and a chart, printed to PDF."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from .projects import Project

_PARTS = ("总体负责", "研发负责人", "市场与渠道", "工艺与质量", "财务与法务")
_PASTS = (
    "曾在演示研究所任课题组长，主持同方向课题三项",
    "十二年产品研发经历，两款量产产品负责人",
    "曾负责华东区域渠道，建立客户网络四十余家",
    "注册工程师，负责体系认证与中试线建设",
    "十年投融资经历，完成两轮股权融资",
)


@dataclass(frozen=True)
class Plan:
    """What the template prints."""

    title: str
    cover: list[tuple[str, str]]
    gist: str
    context: str
    measure: str
    progress: str
    indicators: list[tuple[str, str, str, str]]
    market: str
    bars: list[dict[str, object]]
    team: list[tuple[str, str, str]]
    milestones: list[tuple[str, str, str]]
    risk: str


def make_plan(project: Project, *, unit: str, people: list[str], year: int, random: Random) -> Plan:
    """A plan for the project, the same for the same random state."""
    base = random.randrange(260, 900, 20)
    growth = [100, 185, 320, 520, 790, 1100]
    incomes = [base * step // 100 for step in growth]
    top = max(incomes)
    bars: list[dict[str, object]] = [
        {"x": 42 + 66 * n, "h": max(4, value * 95 // top), "value": value, "year": year + n} for n, value in enumerate(incomes)
    ]
    need = random.randrange(300, 1200, 50)
    return Plan(
        title=project.title,
        cover=[("申报单位", unit), ("负责人", people[0]), ("编制日期", f"{year}年"), ("说明", "演示数据，人物、单位与数字均为虚构")],
        gist=project.gist,
        context="项目面向区内重点产业链的共性难题，已与三家链上企业开展联合测试，形成可复制的交付方案。",
        measure=project.measure,
        progress=f"现有授权专利{random.randrange(3, 14)}项，其中发明专利{random.randrange(1, 4)}项；"
        f"已建成中试线一条，完成客户验证{random.randrange(2, 9)}家。",
        indicators=[
            ("核心性能", project.measure.rstrip("。"), "尚无公开数据", "处于同一量级"),
            ("单位成本", f"降低{random.randrange(18, 47)}%", "基准", "高出两成以上"),
            ("交付周期", f"{random.randrange(2, 7)}周", "8—12周", "10—16周"),
            ("国产化率", f"{random.randrange(86, 99)}%", "60%左右", "不适用"),
        ],
        market=f"目标市场年规模约{random.randrange(12, 90)}亿元，近三年复合增长{random.randrange(11, 29)}%。收入来自设备销售、"
        f"耗材与技术服务三部分，其中服务收入占比逐年提高。首批客户为本市链主企业，第二阶段向长三角拓展。",
        bars=bars,
        team=list(zip(people, _PARTS, _PASTS, strict=False)),
        milestones=[
            (f"{year}年下半年", "完成第二轮样机与第三方检测", str(need * 2 // 10)),
            (f"{year + 1}年上半年", "中试线扩建，通过质量体系认证", str(need * 4 // 10)),
            (f"{year + 1}年下半年", "首批批量交付，累计客户十家", str(need * 4 // 10)),
        ],
        risk="主要风险为关键原材料供货波动与下游验证周期偏长。项目已建立双供应商机制，并以租代售的方式缩短客户决策周期；"
        "如验证推迟，团队将优先保障两家标杆客户的交付。",
    )  # fmt: skip
