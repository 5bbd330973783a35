from __future__ import annotations

import json
from pathlib import Path

import pytest
from rule_clusters import cluster_spec
from rule_support import checked

from lenie.compiler.clusters.cost import charges, total, unpriced
from lenie.compiler.clusters.model import ClusterModel
from lenie.compiler.data.prices import EC2_HOURLY, GB_MONTH, HOURLY
from lenie.compiler.pipeline import front
from lenie.compiler.pricing import estimate
from lenie.compiler.summary import as_data, describe


def model(more: str = "", **changes: str) -> ClusterModel:
    program, _ = checked(cluster_spec(more, **changes))
    return program.document.kubernetes["demo"]


def test_charges_of_a_cluster() -> None:
    found = {charge.what: charge for charge in charges(model())}
    assert {what: (charge.quantity, charge.unit) for what, charge in found.items()} == {
        "control plane": (730, "hours"),
        "workers, t3.medium": (1460, "hours"),
        "workers, public IPv4 addresses": (1460, "hours"),
        "workers, volumes": (40, "GB"),
    }
    assert found["control plane"].usd == pytest.approx(73.0)
    assert found["workers, t3.medium"].usd == pytest.approx(1460 * EC2_HOURLY["t3.medium"])
    assert found["workers, public IPv4 addresses"].usd == pytest.approx(1460 * HOURLY["vpc.public-ipv4"])
    assert found["workers, volumes"].usd == pytest.approx(40 * GB_MONTH["ebs.gp3"])
    assert total(model()) == pytest.approx(sum(charge.usd for charge in found.values()))


def test_extended_support_costs_more() -> None:
    assert total(model(version="1.33")) - total(model()) == pytest.approx(365.0)
    assert charges(model(version="1.33"))[0].what == "control plane in extended support"


def test_the_dearest_type_counts() -> None:
    assert [charge.what for charge in charges(model(types="[t3.small, t3.large, t3.medium]"))][1] == "workers, t3.large"
    unknown = model(types="[t3.small, p4d.24xlarge]")
    assert list(unpriced(unknown)) == [("workers", 1, "p4d.24xlarge")]
    assert charges(unknown)[1].what == "workers, t3.small"
    assert not any("p4d" in charge.what for charge in charges(model(types="[p4d.24xlarge]")))


def test_clusters_are_no_part_of_the_estimate(tmp_path: Path) -> None:
    with_cluster, without = cluster_spec(), cluster_spec().partition("kubernetes:")[0]
    assert estimate(checked(with_cluster)[0]) == estimate(checked(without)[0])
    spec = tmp_path / "spec.yaml"
    spec.write_text(with_cluster, encoding="utf-8")
    run = front(spec)
    told = [line for line in describe(run) if "the cluster" in line]
    assert told == [
        f'not in it: the cluster "demo", up to {total(model()):.2f} USD a month while it exists'
        " (with its least number of nodes)"
    ]
    data = json.loads(json.dumps(as_data(run)))
    assert data["clusters_usd_per_month"] == {"demo": round(total(model()), 2)}
