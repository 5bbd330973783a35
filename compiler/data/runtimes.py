"""Until when AWS supports what the spec can run on: Lambda runtimes and the database engine.

Lambda: "Lambda runtimes" (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html), as of 2026-10-20, read
from cfn-lint 1.58.0 (MIT-0). AWS moves these dates, usually later.
PostgreSQL: "Release calendars for Amazon RDS for PostgreSQL"
(https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html), as of 2025-02,
read through endoflife.date.
"""

from __future__ import annotations

from datetime import date
from typing import Final, Literal, NamedTuple

Language = Literal["dotnet", "go", "java", "nodejs", "provided", "python", "ruby"]

#: Date of the facts about Lambda.
AS_OF: Final = date(2026, 10, 20)
#: Date of the facts about PostgreSQL.
POSTGRES_AS_OF: Final = date(2025, 2, 28)


class Runtime(NamedTuple):
    """A Lambda runtime. A date that is None was not published in the source."""

    name: str
    language: Language
    #: AWS ends support and patches (its table calls it the deprecation date).
    end_of_support: date | None = None
    #: From then on no function can be created with it.
    create_block: date | None = None
    #: From then on no function that has it can be updated.
    update_block: date | None = None

    def supported(self, day: date) -> bool:
        """Tell whether AWS supports it on that day; one without a date is supported."""
        return self.end_of_support is None or day < self.end_of_support


_RUNTIMES: Final[tuple[Runtime, ...]] = (
    Runtime("dotnetcore1.0", "dotnet", date(2019, 6, 27), date(2019, 6, 30), date(2019, 7, 30)),
    Runtime("dotnetcore2.0", "dotnet", date(2019, 5, 30), date(2019, 4, 30), date(2019, 5, 30)),
    Runtime("dotnetcore2.1", "dotnet", date(2022, 1, 5), date(2022, 1, 5), date(2022, 4, 13)),
    Runtime("dotnetcore3.1", "dotnet", date(2023, 4, 3), date(2023, 4, 3), date(2023, 5, 3)),
    Runtime("dotnet6", "dotnet", date(2024, 12, 20), date(2027, 2, 1), date(2027, 3, 3)),
    Runtime("dotnet8", "dotnet", date(2026, 11, 10), date(2027, 2, 1), date(2027, 3, 3)),
    Runtime("dotnet10", "dotnet", date(2028, 11, 14), date(2028, 12, 14), date(2029, 1, 15)),
    Runtime("go1.x", "go", date(2024, 1, 8), date(2024, 2, 8), date(2027, 3, 3)),
    Runtime("java8", "java", date(2024, 1, 8), date(2024, 2, 8), date(2027, 3, 3)),
    Runtime("java8.al2", "java", date(2027, 6, 30), date(2027, 7, 31), date(2027, 8, 31)),
    Runtime("java8.al2023", "java"),
    Runtime("java11", "java", date(2027, 6, 30), date(2027, 7, 31), date(2027, 8, 31)),
    Runtime("java11.al2023", "java"),
    Runtime("java17", "java", date(2027, 6, 30), date(2027, 7, 31), date(2027, 8, 31)),
    Runtime("java17.al2023", "java"),
    Runtime("java21", "java", date(2029, 6, 30), date(2029, 7, 31), date(2029, 8, 31)),
    Runtime("java25", "java", date(2029, 6, 30), date(2029, 7, 31), date(2029, 8, 31)),
    Runtime("nodejs", "nodejs", date(2016, 8, 30), date(2016, 9, 30), date(2016, 10, 31)),
    Runtime("nodejs4.3", "nodejs", date(2020, 3, 5), date(2020, 2, 3), date(2020, 3, 5)),
    Runtime("nodejs4.3-edge", "nodejs", date(2020, 3, 5), date(2019, 3, 31), date(2019, 4, 30)),
    Runtime("nodejs6.10", "nodejs", date(2019, 8, 12), date(2019, 7, 12), date(2019, 8, 12)),
    Runtime("nodejs8.10", "nodejs", date(2020, 3, 6), date(2020, 2, 4), date(2020, 3, 6)),
    Runtime("nodejs10.x", "nodejs", date(2021, 7, 30), date(2021, 7, 30), date(2022, 2, 14)),
    Runtime("nodejs12.x", "nodejs", date(2023, 3, 31), date(2023, 3, 31), date(2023, 4, 30)),
    Runtime("nodejs14.x", "nodejs", date(2023, 12, 4), date(2024, 1, 9), date(2027, 3, 3)),
    Runtime("nodejs16.x", "nodejs", date(2024, 6, 12), date(2027, 2, 1), date(2027, 3, 3)),
    Runtime("nodejs18.x", "nodejs", date(2025, 9, 1), date(2027, 2, 1), date(2027, 3, 3)),
    Runtime("nodejs20.x", "nodejs", date(2026, 4, 30), date(2027, 2, 1), date(2027, 3, 3)),
    Runtime("nodejs22.x", "nodejs", date(2027, 4, 30), date(2027, 6, 1), date(2027, 7, 1)),
    Runtime("nodejs24.x", "nodejs", date(2028, 4, 30), date(2028, 6, 1), date(2028, 7, 1)),
    Runtime("nodejs26.x", "nodejs"),
    Runtime("provided", "provided", date(2024, 1, 8), date(2024, 2, 8), date(2027, 3, 3)),
    Runtime("provided.al2", "provided", date(2026, 7, 31), date(2027, 2, 1), date(2027, 3, 3)),
    Runtime("provided.al2023", "provided", date(2029, 6, 30), date(2029, 7, 31), date(2029, 8, 31)),
    Runtime("python2.7", "python", date(2021, 7, 15), date(2021, 7, 15), date(2022, 5, 30)),
    Runtime("python3.6", "python", date(2022, 7, 18), date(2022, 7, 18), date(2022, 8, 29)),
    Runtime("python3.7", "python", date(2023, 12, 4), date(2024, 1, 9), date(2027, 3, 3)),
    Runtime("python3.8", "python", date(2024, 10, 14), date(2027, 2, 1), date(2027, 3, 3)),
    Runtime("python3.9", "python", date(2025, 12, 15), date(2027, 2, 1), date(2027, 3, 3)),
    Runtime("python3.10", "python", date(2026, 10, 31), date(2027, 2, 1), date(2027, 3, 3)),
    Runtime("python3.11", "python", date(2027, 6, 30), date(2027, 7, 31), date(2027, 8, 31)),
    Runtime("python3.12", "python", date(2028, 10, 31), date(2028, 11, 30), date(2029, 1, 10)),
    Runtime("python3.13", "python", date(2029, 6, 30), date(2029, 7, 31), date(2029, 8, 31)),
    Runtime("python3.14", "python", date(2029, 6, 30), date(2029, 7, 31), date(2029, 8, 31)),
    Runtime("python3.15", "python"),
    Runtime("ruby2.5", "ruby", date(2021, 7, 30), date(2021, 7, 30), date(2022, 3, 31)),
    Runtime("ruby2.7", "ruby", date(2023, 12, 7), date(2024, 1, 9), date(2027, 3, 3)),
    Runtime("ruby3.2", "ruby", date(2026, 3, 31), date(2027, 2, 1), date(2027, 3, 3)),
    Runtime("ruby3.3", "ruby", date(2027, 3, 31), date(2027, 4, 30), date(2027, 5, 31)),
    Runtime("ruby3.4", "ruby", date(2028, 3, 31), date(2028, 4, 30), date(2028, 5, 31)),
    Runtime("ruby4.0", "ruby", date(2029, 3, 31), date(2029, 4, 30), date(2029, 5, 31)),
)

#: Name -> runtime: every one that CloudFormation accepts, those past their end included.
RUNTIMES: Final[dict[str, Runtime]] = {runtime.name: runtime for runtime in _RUNTIMES}

#: Language -> the runtime to move to: the newest with a published date.
NEWEST: Final[dict[Language, str]] = {
    "dotnet": "dotnet10",
    "go": "provided.al2023",
    "java": "java25",
    "nodejs": "nodejs24.x",
    "provided": "provided.al2023",
    "python": "python3.14",
    "ruby": "ruby4.0",
}

#: Major version of PostgreSQL on RDS -> last day of standard support; after it, extended support is charged.
POSTGRES_END_OF_SUPPORT: Final[dict[str, date]] = {
    "11": date(2024, 2, 29),
    "12": date(2025, 2, 28),
    "13": date(2026, 2, 28),
    "14": date(2027, 2, 28),
    "15": date(2028, 2, 29),
    "16": date(2029, 2, 28),
    "17": date(2030, 2, 28),
}

#: Major versions that RDS offers (18 since 2025-11) and whose date was not found: newer than those above.
POSTGRES_WITHOUT_DATE: Final[frozenset[str]] = frozenset({"18"})
