"""An edition of thresholds: each with unit, source, certainty and date."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workbench.domain.errors import WorkbenchError


class BadRuleBook(WorkbenchError):
    """A rule book that lacks what every threshold must carry."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """One limit; `certainty` uses the letters of docs/glossary.md."""

    id: str
    value: float
    unit: str
    source: str
    certainty: str
    since: str


@dataclass(frozen=True, slots=True)
class RuleBook(Mapping[str, Threshold]):
    """Thresholds by id, under one edition name."""

    name: str
    thresholds: Mapping[str, Threshold]

    def __getitem__(self, key: str) -> Threshold:
        try:
            return self.thresholds[key]
        except KeyError:
            raise BadRuleBook(
                f"rule book {self.name} holds no {key}; it holds {', '.join(self.thresholds)}"
            ) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self.thresholds)

    def __len__(self) -> int:
        return len(self.thresholds)


def parse_book(text: str) -> RuleBook:
    """Read a rule book from TOML; every threshold must carry unit, source, certainty and since."""
    data = tomllib.loads(text)
    found: dict[str, Threshold] = {}
    faults: list[str] = []
    for row in data.get("threshold", []):
        missing = [
            k for k in ("id", "value", "unit", "source", "certainty", "since") if k not in row
        ]
        if missing:
            faults.append(f"{row.get('id', '(no id)')} lacks {', '.join(missing)}")
            continue
        if row["id"] in found:
            faults.append(f"{row['id']} stands twice")
        found[row["id"]] = Threshold(
            id=row["id"],
            value=float(row["value"]),
            unit=row["unit"],
            source=row["source"],
            certainty=row["certainty"],
            since=str(row["since"]),
        )
    if faults or "name" not in data:
        raise BadRuleBook(
            "rule book "
            + str(data.get("name", "without a name"))
            + ": "
            + "; ".join(faults or ["no name"])
        )
    return RuleBook(name=data["name"], thresholds=found)
