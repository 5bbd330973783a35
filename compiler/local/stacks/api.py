"""The actions of CloudFormation's API on stacks; moto parses the requests and writes the answers.

Source: CloudFormation API Reference.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote, urlsplit

from botocore.exceptions import ClientError
from moto.core.responses import ActionResult, BaseResponse, EmptyResult

from lenie.compiler.local import clients
from lenie.compiler.local.stacks import show, store
from lenie.compiler.local.stacks.checks import check
from lenie.compiler.local.stacks.errors import AlreadyExists, InsufficientCapabilities, NotEmulated, Refused
from lenie.compiler.local.stacks.exports import importers
from lenie.compiler.local.stacks.handler import check_types
from lenie.compiler.local.stacks.operation import Create, Delete, Update, present_in, waiting
from lenie.compiler.local.stacks.parameters import evaluate
from lenie.compiler.local.stacks.plan import Plan
from lenie.compiler.local.stacks.records import Stack, Wanted, new_id
from lenie.compiler.local.stacks.scope import evaluator, of_records
from lenie.compiler.local.stacks.template import BODY_LIMIT, URL_LIMIT, Template, parse
from lenie.compiler.local.types import types

_NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]*")
#: Statuses in which a stack may be updated.
UPDATABLE = frozenset(
    {
        "CREATE_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_ROLLBACK_COMPLETE",
        "IMPORT_COMPLETE",
        "CREATE_FAILED",
        "UPDATE_FAILED",
    }
)
_PAGE = 100
#: Parameters of requests that would change what happens, and are not emulated.
_REFUSED = (
    "StackPolicyBody",
    "StackPolicyURL",
    "StackPolicyDuringUpdateBody",
    "RollbackConfiguration",
    "ResourceTypes",
)


class StackActions(BaseResponse):
    """Stacks: create, update, delete, describe and list."""

    def __init__(self) -> None:
        """Let moto parse the parameters by the service's model."""
        super().__init__(service_name="cloudformation")
        self.automated_parameter_parsing = True

    # Changes

    def create_stack(self) -> ActionResult:
        """CreateStack."""
        self._refuse()
        name = self._name()
        with store.lock:
            found = store.find(self.current_account, self.region, name)
            if found is not None and found.status != "REVIEW_IN_PROGRESS":
                raise AlreadyExists(f"Stack [{name}] already exists")
            if found is not None:
                raise Refused(f"Stack:{found.id} is in REVIEW_IN_PROGRESS state and can not be created.")
            stack = self.new_stack(name, self.wanted(None), "CREATE_IN_PROGRESS")
            present_in(evaluator(stack, stack.wanted, of_records({})), stack.wanted)
            stack.disable_rollback = bool(self._get_bool_param("DisableRollback"))
            if stack.disable_rollback and self._get_param("OnFailure"):
                raise Refused("You cannot specify both OnFailure and DisableRollback")
            stack.on_failure = self._get_param("OnFailure") or "ROLLBACK"
            stack.timeout_minutes = int(self._get_param("TimeoutInMinutes") or 0)
            stack.termination_protection = bool(self._get_bool_param("EnableTerminationProtection"))
            store.add(stack)
        stack.set("CREATE_IN_PROGRESS", "User Initiated", self.token)
        store.run(Create(stack, self.token), f"create {name}", stack)
        return ActionResult({"StackId": stack.id})

    def update_stack(self) -> ActionResult:
        """UpdateStack."""
        self._refuse()
        stack = self.stack()
        with stack.lock:
            if stack.status not in UPDATABLE:
                raise Refused(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")
            wanted = self.wanted(stack)
            plan = Plan(stack, wanted)
            if plan.empty and stack.status not in ("CREATE_FAILED", "UPDATE_FAILED"):
                raise Refused("No updates are to be performed.")
            self.begin_update(stack, wanted, rollback=not self._get_bool_param("DisableRollback"))
        return ActionResult({"StackId": stack.id})

    def delete_stack(self) -> ActionResult:
        """DeleteStack."""
        name = self._get_param("StackName")
        stack = store.find(self.current_account, self.region, name)
        if stack is None or stack.status == "DELETE_COMPLETE":
            return EmptyResult()
        with stack.lock:
            if stack.termination_protection:
                raise Refused(f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled")
            retain = tuple(self._get_param("RetainResources") or ())
            if retain and stack.status != "DELETE_FAILED":
                raise Refused(
                    "Invalid operation on stack. RetainResources can be specified only when the stack is in the "
                    "DELETE_FAILED state."
                )
            if stack.status == "DELETE_IN_PROGRESS":
                return EmptyResult()
            if stack.status == "CREATE_IN_PROGRESS":
                # The creation stops where it is, and goes on with deleting what it has made.
                stack.on_failure, stack.disable_rollback, stack.cancelled = "DELETE", False, True
                return EmptyResult()
            if stack.busy:
                raise Refused(f"Stack [{stack.name}] cannot be deleted while in status {stack.status}")
            if self._get_param("DeletionMode") not in (None, "STANDARD"):
                raise NotEmulated("DeletionMode FORCE_DELETE_STACK")
            stack.cancelled = False
            stack.set("DELETE_IN_PROGRESS", "User Initiated", self.token)
            store.run(Delete(stack, retain, self.token), f"delete {stack.name}", stack)
        return EmptyResult()

    def cancel_update_stack(self) -> ActionResult:
        """CancelUpdateStack."""
        stack = self.stack()
        with stack.lock:
            if stack.status != "UPDATE_IN_PROGRESS":
                raise Refused("CancelUpdateStack cannot be called from current stack status")
            stack.cancelled = True
        return EmptyResult()

    def continue_update_rollback(self) -> ActionResult:
        """ContinueUpdateRollback."""
        stack = self.stack()
        with stack.lock:
            if stack.status != "UPDATE_ROLLBACK_FAILED":
                raise Refused(f"Stack:{stack.id} is in {stack.status} state and can not continue its rollback.")
            skip = tuple(self._get_param("ResourcesToSkip") or ())
            update = waiting(stack)
            stack.set("UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated", self.token)
            store.run(lambda: update.undo(skip), f"continue {stack.name}", stack)
        return ActionResult({})

    def update_termination_protection(self) -> ActionResult:
        """UpdateTerminationProtection."""
        stack = self.stack()
        stack.termination_protection = bool(self._get_bool_param("EnableTerminationProtection"))
        return ActionResult({"StackId": stack.id})

    # What is

    def describe_stacks(self) -> ActionResult:
        """DescribeStacks."""
        if self._get_param("StackName"):
            return ActionResult({"Stacks": [show.stack(self.stack())]})
        stacks = store.all_stacks(self.current_account, self.region)
        return self._paged("Stacks", [show.stack(stack) for stack in stacks])

    def list_stacks(self) -> ActionResult:
        """ListStacks."""
        statuses = self._get_param("StackStatusFilter") or ()
        stacks = store.all_stacks(self.current_account, self.region, deleted=True)
        listed = [show.summary(stack) for stack in stacks if not statuses or stack.status in statuses]
        return self._paged("StackSummaries", listed)

    def describe_stack_events(self) -> ActionResult:
        """DescribeStackEvents."""
        stack = self.stack()
        return self._paged("StackEvents", [show.event(stack, event) for event in reversed(list(stack.events))])

    def describe_stack_resources(self) -> ActionResult:
        """DescribeStackResources."""
        physical = self._get_param("PhysicalResourceId")
        if physical and not self._get_param("StackName"):
            stacks = store.all_stacks(self.current_account, self.region)
            stack = next((s for s in stacks if any(r.physical == physical for r in s.resources.values())), None)
            if stack is None:
                raise Refused(f"Stack for {physical} does not exist")
        else:
            stack = self.stack()
        logical = self._get_param("LogicalResourceId")
        records = [
            r for r in list(stack.resources.values()) if logical in (None, r.logical) and physical in (None, r.physical)
        ]
        return ActionResult({"StackResources": [show.resource(stack, record) for record in records][:_PAGE]})

    def describe_stack_resource(self) -> ActionResult:
        """DescribeStackResource."""
        stack = self.stack()
        logical = self._get_param("LogicalResourceId")
        if logical not in stack.resources:
            raise Refused(f"Resource {logical} does not exist for stack {stack.name}")
        return ActionResult({"StackResourceDetail": show.resource_detail(stack, stack.resources[logical])})

    def list_stack_resources(self) -> ActionResult:
        """ListStackResources."""
        records = list(self.stack().resources.values())
        return self._paged("StackResourceSummaries", [show.resource_summary(record) for record in records])

    def list_exports(self) -> ActionResult:
        """ListExports."""
        found = store.exports(self.current_account, self.region)
        listed = [
            {"ExportingStackId": stack.id, "Name": name, "Value": value} for name, (value, stack) in found.items()
        ]
        return self._paged("Exports", listed)

    def list_imports(self) -> ActionResult:
        """ListImports."""
        name = self._get_param("ExportName")
        if name not in store.exports(self.current_account, self.region):
            raise Refused(f"Export '{name}' does not exist.")
        users = importers(self.current_account, self.region, name)
        if not users:
            raise Refused(f"Export '{name}' is not imported by any stack.")
        return self._paged("Imports", users)

    # Templates

    def get_template(self) -> ActionResult:
        """GetTemplate."""
        if self._get_param("ChangeSetName"):
            raise NotEmulated("GetTemplate of a change set")
        text = self.stack().wanted.template.text
        body = json.loads(text) if text.lstrip().startswith("{") else text
        return ActionResult(
            {
                "TemplateBody": json.dumps(body) if isinstance(body, dict) else body,
                "StagesAvailable": ["Original", "Processed"],
            }
        )

    def validate_template(self) -> ActionResult:
        """ValidateTemplate."""
        return ActionResult(show.validation(self.template(None)))

    def get_template_summary(self) -> ActionResult:
        """GetTemplateSummary."""
        template = self.stack().wanted.template if self._get_param("StackName") else self.template(None)
        return ActionResult(show.template_summary(template))

    # What the actions share

    @property
    def token(self) -> str:
        """The token of the request; empty if it has none."""
        return self._get_param("ClientRequestToken") or ""

    def stack(self) -> Stack:
        """Return the stack that the request names."""
        return store.get(self.current_account, self.region, self._get_param("StackName") or "")

    def new_stack(self, name: str, wanted: Wanted, status: str) -> Stack:
        """Return a stack that is not kept yet."""
        account, region = self.current_account, self.region
        id = new_id(self.partition, region, account, "stack", name)
        return Stack(id, name, account, region, self.partition, wanted, status)

    def begin_update(self, stack: Stack, wanted: Wanted, *, rollback: bool = True) -> None:
        """Start the update of a stack, whose lock the caller holds."""
        from lenie.compiler.local.stacks.records import now

        stack.cancelled = False
        stack.updated = now()
        stack.set("UPDATE_IN_PROGRESS", "User Initiated", self.token)
        store.run(Update(stack, wanted, self.token, rollback=rollback), f"update {stack.name}", stack)

    def wanted(self, stack: Stack | None) -> Wanted:
        """Return what the request wants, of a new stack or of an existing one.

        Raises:
            Refused: if its template or its parameters are wrong.
        """
        template = self.template(stack)
        check(template)
        check_types(template)
        previous = stack.wanted.values.given if stack else {}
        values = evaluate(template, self._get_param("Parameters") or [], previous, self.client)
        capabilities = tuple(self._get_param("Capabilities") or ())
        _acknowledged(template, capabilities)
        tags = self._get_param("Tags")
        given = {tag["Key"]: str(tag.get("Value", "")) for tag in tags} if tags is not None else None
        kept = stack.wanted.tags if stack else {}
        notifications = tuple(self._get_param("NotificationARNs") or ())
        role = self._get_param("RoleARN") or ""
        return Wanted(template, values, kept if given is None else given, capabilities, notifications, role)

    def template(self, stack: Stack | None) -> Template:
        """Return the template of the request.

        Raises:
            Refused: if there is none, or more than one, or it is not a template.
        """
        body, url = self._get_param("TemplateBody"), self._get_param("TemplateURL")
        previous = bool(self._get_bool_param("UsePreviousTemplate"))
        if previous and (body or url):
            raise Refused("You cannot specify both usePreviousTemplate and Template Body/Template URL.")
        if previous and stack is not None:
            return stack.wanted.template
        if bool(body) == bool(url):
            raise Refused("Either Template URL or Template Body must be specified.")
        if url:
            body = self._download(url)
        elif len(body.encode()) > BODY_LIMIT:
            raise Refused(
                f"1 validation error detected: Value '{body[:100]}...' at 'templateBody' failed to satisfy constraint: "
                f"Member must have length less than or equal to {BODY_LIMIT}"
            )
        return parse(body)

    def client(self, service: str) -> Any:
        """Return a client of a service of the emulator, of the request's account and region."""
        return clients.client(service, self.region, self.current_account)

    def _download(self, url: str) -> str:
        parts = urlsplit(url)
        path = [unquote(part) for part in parts.path.lstrip("/").split("/", 1)]
        host = parts.hostname or ""
        virtual = re.fullmatch(r"(?P<bucket>.+)\.s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com", host)
        if parts.scheme not in ("http", "https") or (virtual is None and len(path) != 2):
            raise Refused("TemplateURL must be a supported URL.")
        bucket, key = (virtual["bucket"], unquote(parts.path.lstrip("/"))) if virtual else (path[0], path[1])
        try:
            answer = self.client("s3").get_object(Bucket=bucket, Key=key)
        except ClientError as error:
            raise Refused(f"S3 error: {error.response['Error']['Message']}") from error
        if answer["ContentLength"] > URL_LIMIT:
            raise Refused(f"Template may not exceed {URL_LIMIT} bytes in size.")
        text: bytes = answer["Body"].read()
        return text.decode("utf-8")

    def _name(self) -> str:
        name = str(self._get_param("StackName") or "")
        if not _NAME.fullmatch(name):
            raise Refused(
                f"1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: "
                "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
            )
        if len(name) > 128:
            raise Refused(
                f"1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: "
                "Member must have length less than or equal to 128"
            )
        return name

    def _refuse(self) -> None:
        for name in _REFUSED:
            if self._get_param(name):
                raise NotEmulated(name)

    def _paged(self, key: str, items: list[Any]) -> ActionResult:
        try:
            start = int(self._get_param("NextToken") or 0)
        except ValueError:
            raise Refused("NextToken is not valid") from None
        page: dict[str, Any] = {key: items[start : start + _PAGE]}
        if start + _PAGE < len(items):
            page["NextToken"] = str(start + _PAGE)
        return ActionResult(page)


def _acknowledged(template: Template, given: tuple[str, ...]) -> None:
    needed = needs(template)
    if not needed or "CAPABILITY_NAMED_IAM" in given or needed[0] in given:
        return
    raise InsufficientCapabilities(f"Requires capabilities : [{needed[0]}]")


def needs(template: Template) -> list[str]:
    """Return the capability that the creation of these resources has to be acknowledged with, if there is one."""
    found = set()
    for declared in template.resources.values():
        kind = types().get(declared.type)
        if kind is not None and kind.capability:
            found.add("CAPABILITY_NAMED_IAM" if kind.named_by in declared.properties else kind.capability)
    return ["CAPABILITY_NAMED_IAM"] if "CAPABILITY_NAMED_IAM" in found else sorted(found)
