from __future__ import annotations

import gzip
import json
from importlib.resources import files
from typing import Any

from lenie.compiler.data.machine_types import database_classes, instance_types
from lenie.compiler.data.prices import EC2_HOURLY, RDS_HOURLY
from lenie.compiler.data.regions import REGIONS


def extension(path: str) -> Any:
    return json.loads(files("cfnlint").joinpath("data", "schemas", "extensions", path).read_text(encoding="utf-8"))


def names(table: dict[str, tuple[str, ...]]) -> set[str]:
    return {f"{family}.{size}" for family, sizes in table.items() for size in sizes}


def test_instance_types() -> None:
    packed = files("botocore").joinpath("data", "ec2", "2016-11-15", "service-2.json.gz").read_bytes()
    known = set(json.loads(gzip.decompress(packed))["shapes"]["InstanceType"]["enum"])
    for value in extension("aws_ec2_instance/instancetype_enum.json").values():
        known |= set(value.get("enum", ())) if isinstance(value, dict) else set()
    assert names(instance_types()) == known


def postgres(value: Any) -> set[str]:
    """Return the classes that a schema allows where the engine is postgres."""
    if isinstance(value, list):
        return {name for item in value for name in postgres(item)}
    if not isinstance(value, dict):
        return set()
    if "if" not in value:
        return {name for item in value.values() for name in postgres(item)}
    engine = value["if"].get("properties", {}).get("Engine", {}).get("const")
    return set(value["then"]["properties"]["DBInstanceClass"].get("enum", ())) if engine == "postgres" else set()


def test_database_classes() -> None:
    known: set[str] = set()
    for name in ("db_instance_class", "dbinstanceclass_enum"):
        known |= postgres(extension(f"aws_rds_dbinstance/{name}.json"))
    assert {f"db.{name}" for name in names(database_classes())} == {name for name in known if name.count(".") == 2}


def test_regions() -> None:
    text = files("botocore").joinpath("data", "partitions.json").read_text(encoding="utf-8")
    known = {region for partition in json.loads(text)["partitions"] for region in partition["regions"]}
    assert {region for region in known if not region.endswith("-global")} == REGIONS


def test_what_has_a_price_exists() -> None:
    assert set(EC2_HOURLY) <= names(instance_types())
    assert {name.removeprefix("db.") for name in RDS_HOURLY} <= names(database_classes())
