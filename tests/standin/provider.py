"""The provider's side of the plugin protocol."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from typing import Any

import grpc
from botocore.exceptions import BotoCoreError, ClientError
from pyvider.protocols.tfprotov6 import protobuf as pb

from standin import planner, schema, tokens
from standin.aws import Aws, RefusedEndpointError, require_loopback
from standin.codec import Block, Value, conform, decode, decode_state, encode, fits, object_type, same_document
from standin.datasources import DATA_SOURCES
from standin.ephemeral import EPHEMERAL
from standin.facts import DEFAULTS, NOT_IN_5
from standin.resource import StandInError
from standin.resources import RESOURCES
from standin.tags import own_tags

#: What a user of the stand-in can cause; anything else is a fault of the stand-in.
_EXPECTED = (BotoCoreError, ClientError, RefusedEndpointError, StandInError)


def diagnostic(summary: str, detail: str = "", attribute: str | None = None) -> pb.Diagnostic:
    """Return an error, at an attribute if one is named."""
    steps = [pb.AttributePath.Step(attribute_name=attribute)] if attribute else []
    path = pb.AttributePath(steps=steps) if steps else None
    return pb.Diagnostic(severity=pb.Diagnostic.ERROR, summary=summary, detail=detail, attribute=path)


class StandIn(pb.ProviderServicer):
    """Answers Terraform's calls.

    Args:
        provider_schema: The schema that is served.
        endpoint: Address of the emulated AWS; without one, nothing that needs AWS works.
        with_tokens: Plan tokens in place of what is unknown (see `standin.tokens`). Terraform plans once more
            when it applies, and refuses the other tokens of that plan.
    """

    def __init__(
        self, provider_schema: schema.ProviderSchema, endpoint: str | None, *, with_tokens: bool = False
    ) -> None:
        self._schema = provider_schema
        self._with_tokens = with_tokens
        self._endpoint = endpoint
        self._settings = planner.Settings()
        self._regions: dict[str, Aws] = {}
        # moto keeps its state in plain dictionaries, so nothing is called twice at a time.
        self._lock = threading.Lock()

    # --- schema and configuration -----------------------------------------------------------------------------------

    def GetProviderSchema(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        return schema.message(self._schema)

    def GetMetadata(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        return pb.GetMetadata.Response()

    def GetFunctions(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        return pb.GetFunctions.Response()

    def StopProvider(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        return pb.StopProvider.Response()

    def ValidateProviderConfig(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        return pb.ValidateProviderConfig.Response()

    def ConfigureProvider(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        def configure() -> Any:
            config = decode(request.config, self._schema.provider)
            for endpoints in config["endpoints"]:
                for endpoint in filter(None, endpoints.values()):
                    require_loopback(endpoint)
            tags = [block["tags"] for block in config["default_tags"] if block["tags"] is not None]
            region = config["region"] if isinstance(config["region"], str) else None
            self._settings = planner.Settings(region, tags[0] if tags else None)
            allowed = config["allowed_account_ids"]
            if allowed and region and not self._with_tokens:
                account = self._aws(region).account
                if account not in allowed:
                    raise StandInError(f"account {account} is not among allowed_account_ids")
            return pb.ConfigureProvider.Response()

        return self._answer(pb.ConfigureProvider.Response, configure)

    # --- validation -------------------------------------------------------------------------------------------------

    def ValidateResourceConfig(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        block = self._schema.resources[request.type_name]
        found = self._faults(request, block) + [
            diagnostic("Invalid combination of arguments", f"{request.type_name}: {message}.", attribute)
            for attribute, message in planner.combination_faults(request.type_name, decode(request.config, block))
        ]
        return pb.ValidateResourceConfig.Response(diagnostics=found)

    def ValidateDataResourceConfig(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        found = self._faults(request, self._schema.data_sources[request.type_name])
        return pb.ValidateDataResourceConfig.Response(diagnostics=found)

    def ValidateEphemeralResourceConfig(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        found = self._faults(request, self._schema.ephemeral[request.type_name])
        return pb.ValidateEphemeralResourceConfig.Response(diagnostics=found)

    @staticmethod
    def _faults(request: Any, block: Block) -> list[pb.Diagnostic]:
        return [
            diagnostic("Invalid argument", f"{request.type_name}: {message}.", attribute)
            for attribute, message in planner.faults(block, decode(request.config, block))
        ]

    # --- resources --------------------------------------------------------------------------------------------------

    def UpgradeResourceState(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        block = self._schema.resources[request.type_name]
        return pb.UpgradeResourceState.Response(upgraded_state=encode(decode_state(request.raw_state, block), block))

    def PlanResourceChange(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        name = request.type_name
        block = self._schema.resources[name]
        proposed = decode(request.proposed_new_state, block)
        if proposed is None:
            return pb.PlanResourceChange.Response(planned_state=request.proposed_new_state)
        planned = planner.plan(name, block, decode(request.prior_state, block), proposed, self._settings)
        state = tokens.fill(planned.state, block) if self._with_tokens else planned.state
        return pb.PlanResourceChange.Response(
            planned_state=encode(state, block),
            requires_replace=[
                pb.AttributePath(steps=[pb.AttributePath.Step(attribute_name=attribute)])
                for attribute in planned.replaced_by
            ],
            # As the real provider does: its defaults are no answers that the protocol allows otherwise.
            legacy_type_system=True,
        )

    def ReadResource(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        name = request.type_name
        block = self._schema.resources[name]

        def read() -> Any:
            state = decode(request.current_state, block)
            found = self._read(name, block, self._aws(self._region(state)), state)
            new = None if found is None else self._state(block, state, found)
            return pb.ReadResource.Response(new_state=encode(new, block))

        return self._answer(pb.ReadResource.Response, read, new_state=request.current_state)

    def ImportResourceState(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        block = self._schema.resources[request.type_name]
        state = conform({"id": request.id}, object_type(block))
        imported = pb.ImportResourceState.ImportedResource(type_name=request.type_name, state=encode(state, block))
        return pb.ImportResourceState.Response(imported_resources=[imported])

    def ApplyResourceChange(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        name = request.type_name
        block = self._schema.resources[name]
        if name not in RESOURCES:
            known = ", ".join(sorted(RESOURCES))
            fault = diagnostic(f"{name} can only be planned", f"The stand-in provider applies these types: {known}.")
            return pb.ApplyResourceChange.Response(new_state=request.prior_state, diagnostics=[fault])

        def apply() -> Any:
            prior, planned, config = (
                decode(message, block) for message in (request.prior_state, request.planned_state, request.config)
            )
            if planned is None:
                RESOURCES[name]().delete(self._aws(self._region(prior)), prior)
                return pb.ApplyResourceChange.Response(new_state=request.planned_state)
            new, faults = self._apply(name, block, prior, planned, config)
            return pb.ApplyResourceChange.Response(
                new_state=encode(new, block), diagnostics=faults, legacy_type_system=True
            )

        return self._answer(pb.ApplyResourceChange.Response, apply, new_state=request.prior_state)

    def _apply(
        self, name: str, block: Block, prior: Value, planned: Value, config: Value
    ) -> tuple[Value, list[pb.Diagnostic]]:
        """Create or change a resource; return the state that is read back, and what is wrong with it."""
        resource = RESOURCES[name]()
        aws = self._aws(self._region(planned))
        wanted = planner.merge_state(planned, {})
        secrets = {
            attribute: config[attribute] for attribute, facts in block["attributes"].items() if facts.get("write_only")
        }
        if prior is None:
            wanted["id"] = resource.create(aws, {**wanted, **secrets})
        else:
            wanted["id"] = resource.update(aws, prior, {**wanted, **secrets}) or prior["id"]
        found = self._read(name, block, aws, wanted)
        if found is None:
            raise StandInError(f"{name}: {wanted['id']} is not there after it was made")
        new = self._state(block, wanted, found)
        # What the configuration leaves out may have changed since the state was read: rules of a group, for instance.
        checked = {
            *planner.configured(block, config),
            *(key for key in DEFAULTS.get(name, {}) if planned.get(key) is not None),
        }
        return new, list(self._unlike(name, block, planned, new, found, checked - set(secrets)))

    @staticmethod
    def _read(name: str, block: Block, aws: Aws, state: Value) -> Value:
        """Return what the emulated AWS has of a resource; None if there is no such resource."""
        found = RESOURCES[name]().read(aws, state)
        if found is None:
            return None
        absent = NOT_IN_5.get(name, frozenset()) - block["attributes"].keys()
        return {attribute: value for attribute, value in found.items() if attribute not in absent}

    def _unlike(
        self, name: str, block: Block, planned: Value, new: Value, found: Value, checked: set[str]
    ) -> list[pb.Diagnostic]:
        """Return what was asked for and is not there: the emulated AWS lost it, or this stand-in does."""
        _, types = object_type(block)
        own = RESOURCES[name].settled | {"region", "tags", "tags_all", "timeouts"}
        faults = []
        for attribute in sorted(checked - own):
            if attribute not in found:
                text = f"{name}.{attribute} is configured, but the stand-in provider does not apply it"
                faults.append(diagnostic("Not applied", text, attribute))
            elif not fits(planned[attribute], new[attribute], types[attribute]):
                text = f"{name}.{attribute} should be {planned[attribute]!r}; the emulated AWS has {new[attribute]!r}"
                faults.append(diagnostic("Not what was planned", text, attribute))
        return faults

    def _state(self, block: Block, before: Value, found: Value) -> Value:
        """Return the state of what was read back."""
        new = conform(planner.merge_state(before, found), object_type(block))
        for attribute, facts in block["attributes"].items():
            if facts["type"] == "string" and same_document(before[attribute], new[attribute]):
                new[attribute] = before[attribute]
        if "tags_all" in found and "tags" in block["attributes"]:
            new["tags"] = own_tags(found["tags_all"], before["tags"], self._settings.default_tags)
        if "region" in block["attributes"] and not new["region"]:
            new["region"] = self._settings.region
        return new

    # --- data sources and ephemeral resources -----------------------------------------------------------------------

    def ReadDataSource(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        name = request.type_name
        block = self._schema.data_sources[name]

        def read() -> Any:
            config = decode(request.config, block)
            if self._with_tokens and name != "aws_iam_policy_document":
                return pb.ReadDataSource.Response(state=encode(tokens.data_source(name, config, block), block))
            if name not in DATA_SOURCES:
                raise StandInError(f"the stand-in provider cannot read data source {name}")
            found = DATA_SOURCES[name](self._aws(self._region(config)), config)
            if "region" in block["attributes"]:
                found.setdefault("region", self._region(config))
            return pb.ReadDataSource.Response(state=encode({**config, **found}, block))

        return self._answer(pb.ReadDataSource.Response, read)

    def OpenEphemeralResource(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        name = request.type_name
        block = self._schema.ephemeral[name]

        def read() -> Any:
            config = decode(request.config, block)
            if self._with_tokens:
                return pb.OpenEphemeralResource.Response(result=encode(tokens.ephemeral(name, config, block), block))
            if name not in EPHEMERAL:
                raise StandInError(f"the stand-in provider cannot open ephemeral resource {name}")
            found = EPHEMERAL[name](self._aws(self._region(config)), config)
            if "region" in block["attributes"]:
                found.setdefault("region", self._region(config))
            return pb.OpenEphemeralResource.Response(result=encode({**config, **found}, block))

        return self._answer(pb.OpenEphemeralResource.Response, read)

    def CloseEphemeralResource(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        return pb.CloseEphemeralResource.Response()

    # --- helpers ----------------------------------------------------------------------------------------------------

    def _region(self, value: Value) -> str:
        region = value.get("region") or self._settings.region
        if not isinstance(region, str):
            raise StandInError("no region: the provider's configuration names none")
        return region

    def _aws(self, region: str) -> Aws:
        if region not in self._regions:
            self._regions[region] = Aws(self._endpoint, region)
        self._regions[region].default_tags = self._settings.default_tags or {}
        return self._regions[region]

    def _answer(self, response: Callable[..., Any], work: Callable[[], Any], **otherwise: Any) -> Any:
        """Return what `work` returns; what it raises becomes an error diagnostic in a `response`."""
        try:
            with self._lock:
                return work()
        except _EXPECTED as error:
            fault = diagnostic(str(error))
        except Exception as error:  # the process must answer; the test that gets this fails with all there is to know
            fault = diagnostic(f"Fault of the stand-in provider: {error!r}", traceback.format_exc())
        return response(diagnostics=[fault], **otherwise)
