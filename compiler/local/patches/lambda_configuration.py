"""Lambda: a function's configuration is told as it was given, and changed as a whole.

Moto 5.2.5 loses LoggingConfig, SnapStart and DeadLetterConfig when a function is made, and those, TracingConfig,
EphemeralStorage and KMSKeyArn when one is changed. It tells a VPC that does not exist instead of the subnets' own.
"""

from __future__ import annotations

from typing import Any

from moto.awslambda import models

_LOGGING = {"LogFormat": "Text"}
_KEPT = ("LoggingConfig", "SnapStart", "DeadLetterConfig")


def apply() -> None:
    """Keep what is lost."""
    made, told, changed = (
        models.LambdaFunction.__init__,
        models.LambdaFunction.get_configuration,
        models.LambdaFunction.update_configuration,
    )

    def init(
        self: models.LambdaFunction, account_id: str, spec: dict[str, Any], region: str, version: str | int = 1
    ) -> None:
        made(self, account_id, spec, region, version)
        self.kept = {name: spec[name] for name in _KEPT if spec.get(name)}  # type: ignore[attr-defined]
        _log_group(self)

    def get_configuration(self: models.LambdaFunction, on_create: bool = False) -> dict[str, Any]:
        config = told(self, on_create)
        kept = dict(self.kept)  # type: ignore[attr-defined]
        logging = {**_LOGGING, "LogGroup": f"/aws/lambda/{self.function_name}", **kept.pop("LoggingConfig", {})}
        if "SnapStart" in kept:
            kept["SnapStart"] = {"OptimizationStatus": "Off", **kept["SnapStart"]}
        vpc = config.get("VpcConfig")
        if vpc and vpc.get("SubnetIds"):
            config["VpcConfig"] = {**vpc, "VpcId": _vpc(self, vpc["SubnetIds"][0])}
        return {**config, **kept, "LoggingConfig": logging}

    def update_configuration(self: models.LambdaFunction, config_updates: dict[str, Any]) -> dict[str, Any]:
        for name in _KEPT:
            if name in config_updates:
                self.kept[name] = config_updates[name]  # type: ignore[attr-defined]
        if "TracingConfig" in config_updates:
            self.tracing_config = config_updates["TracingConfig"]
        if "EphemeralStorage" in config_updates:
            self.ephemeral_storage = config_updates["EphemeralStorage"]["Size"]
        if "KMSKeyArn" in config_updates:
            self.kms_key_arn = config_updates["KMSKeyArn"]
        _log_group(self)
        changed(self, config_updates)
        return get_configuration(self)

    models.LambdaFunction.__init__ = init  # type: ignore[method-assign]
    models.LambdaFunction.get_configuration = get_configuration  # type: ignore[method-assign]
    models.LambdaFunction.update_configuration = update_configuration  # type: ignore[method-assign]


def _log_group(function: Any) -> None:
    """Let the function log to the group that it names."""
    named = function.kept.get("LoggingConfig", {}).get("LogGroup")
    function.logs_group_name = named or f"/aws/lambda/{function.function_name}"


def _vpc(function: models.LambdaFunction, subnet: str) -> str:
    from moto.ec2.models import ec2_backends

    return str(ec2_backends[function.account_id][function.region].get_subnet(subnet).vpc_id)
