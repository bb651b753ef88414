"""Filling any form with believable invented answers: by the key where it says what is asked, otherwise by the kind of field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from app.dynforms.schema import Column, Field, FieldKind, FormSchema

from .projects import Project

#: A documented test vector of the credit code standard; no real company's.
TEST_USCC = "91350100M000100Y43"
#: Plausible ranges of numbers, by the field's key.
RANGES = {"equity_percent": (25, 61), "experience_years": (4, 19), "ip_count": (2, 17), "staff": (8, 90), "paid_in": (100, 500)}
_SENTENCES = (
    "项目立足本地产业链的实际需求，前期已完成样机试制与小批量验证，形成较为完整的技术资料。",
    "核心团队由研发、工艺、市场三方面人员组成，主要成员均有十年以上相关经历。",
    "与现有方案相比，本项目在性能、成本和交付周期三方面均有可检验的改进。",
    "目前已与三家客户签订意向协议，计划在两年内完成中试放大并实现批量供货。",
    "知识产权由申报单位独立所有，不存在权属争议，主要专利已进入实质审查。",
    "资金将主要用于中试线建设、第三方检测与市场推广，按里程碑分期投入。",
)


@dataclass(frozen=True)
class Applicant:
    """Who fills the form."""

    project: Project
    unit: str
    people: list[str]
    email: str
    year: int


def fill(schema: FormSchema, applicant: Applicant, random: Random) -> dict[str, Any]:
    """Plain answers for every field that has one; files are added on their own."""
    skipped = {FieldKind.HEADING, FieldKind.FILE}
    return {field.key: _answer(field, applicant, random) for field in schema.fields if field.kind not in skipped}


def _answer(field: Field, applicant: Applicant, random: Random) -> Any:
    known = _by_key(field, applicant, random)
    return known if known is not None else _by_kind(field, applicant, random)


def _by_key(field: Field, applicant: Applicant, random: Random) -> Any:
    project = applicant.project
    texts = {
        "title": project.title,
        "summary": f"{project.gist}。关键指标：{project.measure}。{_SENTENCES[0]}",
        "team_name": f"{applicant.people[0]}团队",
        "unit_name": applicant.unit,
        "company_name": applicant.unit,
        "school": applicant.unit,
        "department": "智能制造学院",
    }
    if field.key in texts and field.kind in {FieldKind.TEXT, FieldKind.LONG_TEXT}:
        return texts[field.key][: field.max_chars or 10_000]
    if field.kind == FieldKind.DATE and "birth" in field.key:
        return date(applicant.year - random.randrange(29, 48), random.randrange(1, 13), random.randrange(1, 28)).isoformat()
    if field.kind == FieldKind.DATE and ("register" in field.key or "found" in field.key):
        return date(applicant.year - random.randrange(1, 4), random.randrange(1, 13), random.randrange(1, 28)).isoformat()
    if field.kind == FieldKind.CHOICE and "degree" in field.key:
        return field.options[min(len(field.options) - 1, random.choice((1, 2, 2)))].key
    low, high = RANGES.get(field.key, (0, 0))
    return str(random.randrange(low, high)) if high else None


def _by_kind(field: Field, applicant: Applicant, random: Random) -> Any:
    kind = field.kind
    if kind == FieldKind.LONG_TEXT:
        return _essay(field, applicant.project, random)
    if kind in {FieldKind.CHOICE, FieldKind.MULTI_CHOICE}:
        option = random.choice(field.options).key
        return option if kind == FieldKind.CHOICE else [option]
    if kind == FieldKind.PERSON:
        return {"name": applicant.people[0], "email": applicant.email, "unit": applicant.unit}
    if kind == FieldKind.ORGANIZATION:
        return {"name": applicant.unit, "uscc": TEST_USCC}
    if kind == FieldKind.TABLE:
        return _rows(field, applicant, random)
    return _simple(field, random)


def _simple(field: Field | Column, random: Random) -> Any:
    kind = field.kind
    if kind in {FieldKind.NUMBER, FieldKind.MONEY}:
        low, high = int((getattr(field, "low", None) or "0").split(".")[0]), int((getattr(field, "high", None) or "1000").split(".")[0])
        return str(random.randrange(max(low, 1), max(low + 2, min(high, 800))))
    if kind == FieldKind.DATE:
        return date(2024, random.randrange(1, 13), random.randrange(1, 28)).isoformat()
    if kind in {FieldKind.YES_NO, FieldKind.DECLARATION}:
        return True
    if kind == FieldKind.CHOICE:
        return random.choice(field.options).key
    return "见附件"


def _essay(field: Field, project: Project, random: Random) -> str:
    parts = [f"{project.gist}。", *random.sample(_SENTENCES, 3)]
    text = "".join(parts)
    limit = min(field.max_chars or 10_000, field.max_words or 10_000)
    return text[:limit]


def _rows(field: Field, applicant: Applicant, random: Random) -> list[dict[str, Any]]:
    count = max(field.min_rows, min(3, field.max_rows, len(applicant.people)))
    return [{c.key: _cell(c, applicant.people[n % len(applicant.people)], random) for c in field.columns} for n in range(count)]


#: What a cell holds, by its column's key.
CELLS: dict[str, tuple[str, ...]] = {
    "role": ("总体设计", "研发负责人", "工艺与质量", "市场与渠道"),
    "education": ("博士", "硕士", "硕士", "学士"),
    "experience": ("演示研究所课题组长，八年", "量产产品负责人，十二年", "华东渠道负责人，六年"),
    "title": ("教授", "副教授", "高级工程师"),
    "number": ("20230117", "20230254", "20240038"),
    "year": ("2023级", "2024级"),
    "indicator": ("核心性能", "单位成本", "连续运行时间"),
    "promise": ("优于任务书指标10%", "不高于任务书上限", "不少于2000小时"),
    "test": ("第三方检测", "现场测试", "用户出具应用报告"),
    "proof": ("检测报告", "样机照片与运行记录", "验收意见"),
    "percent": ("42", "33", "25"),
}


def _cell(column: Column, name: str, random: Random) -> Any:
    if column.key in CELLS:
        return random.choice(CELLS[column.key])
    if column.kind != FieldKind.TEXT:
        return _simple(column, random)
    return name
