"""EC2: an instance keeps its credit option, its protection and its monitoring, and they can be changed.

Moto 5.2.5 ignores CreditSpecification, tells `standard` of every instance, and has no
ModifyInstanceCreditSpecification; it ignores DisableApiTermination when an instance is made; it has neither
MonitorInstances nor UnmonitorInstances; it decodes the user data of ModifyInstanceAttribute twice.
"""

from __future__ import annotations

import base64
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses import instances
from moto.ec2.responses.instances import InstanceResponse
from moto.ec2.responses.monitoring import Monitoring
from moto.ec2.utils import parse_user_data


def apply() -> None:
    """Keep the option with the instance, and tell it."""
    run = InstanceResponse.run_instances

    def run_instances(self: InstanceResponse) -> ActionResult:
        answer = run(self)
        credits = (self._get_param("CreditSpecification") or {}).get("CpuCredits")
        result: Any = answer.result
        for instance in _instances(result):
            instance.cpu_credits = credits or _default(instance)
            instance.disable_api_termination = bool(self._get_param("DisableApiTermination"))
        return answer

    InstanceResponse.run_instances = run_instances  # type: ignore[method-assign]
    InstanceResponse.describe_instance_credit_specifications = _describe  # type: ignore[method-assign]
    instances.parse_user_data = _user_data  # type: ignore[attr-defined]
    Monitoring.monitor_instances = _monitor  # type: ignore[assignment, method-assign]
    Monitoring.unmonitor_instances = _unmonitor  # type: ignore[assignment, method-assign]
    InstanceResponse.modify_instance_credit_specification = _modify  # type: ignore[attr-defined]


def _instances(result: Any) -> list[Any]:
    found = result["Instances"] if isinstance(result, dict) else result.instances
    return list(found)


def _default(instance: Any) -> str:
    """Return the option of an instance that none was chosen for: T2 is standard, later ones are unlimited."""
    return "standard" if str(instance.instance_type).startswith("t2.") else "unlimited"


def _describe(self: InstanceResponse) -> ActionResult:
    instances = self.ec2_backend.describe_instance_credit_specifications(self._get_param("InstanceIds", []))
    told = [{"InstanceId": each.id, "CpuCredits": getattr(each, "cpu_credits", _default(each))} for each in instances]
    return ActionResult({"InstanceCreditSpecifications": told})


def _modify(self: InstanceResponse) -> ActionResult:
    """ModifyInstanceCreditSpecification."""
    changed = []
    for wanted in self._get_param("InstanceCreditSpecifications", []):
        instance: Any = self.ec2_backend.get_instance(wanted["InstanceId"])
        instance.cpu_credits = wanted["CpuCredits"]
        changed.append({"InstanceId": instance.id})
    result = {"SuccessfulInstanceCreditSpecifications": changed, "UnsuccessfulInstanceCreditSpecifications": []}
    return ActionResult(result)


def _user_data(value: Any) -> Any:
    """Return user data as moto keeps it; a blob, which the parser of requests has decoded, is encoded again."""
    return parse_user_data(base64.b64encode(value).decode() if isinstance(value, bytes) else value)


def _monitor(self: Monitoring) -> ActionResult:
    """MonitorInstances."""
    return _monitored(self, "enabled")


def _unmonitor(self: Monitoring) -> ActionResult:
    """UnmonitorInstances."""
    return _monitored(self, "disabled")


def _monitored(self: Monitoring, state: str) -> ActionResult:
    changed = []
    for id in self._get_param("InstanceIds", []):
        instance = self.ec2_backend.get_instance(id)
        instance.monitoring_state = state
        changed.append({"InstanceId": id, "Monitoring": {"State": state}})
    return ActionResult({"InstanceMonitorings": changed})
