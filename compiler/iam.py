"""IAM from declared access: statements, policy documents, roles (principle: least privilege)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any

from lenie.compiler.expressions import AttributeOf, Pseudo, Value, as_part, interpolate
from lenie.compiler.graph import DeletionPolicy
from lenie.compiler.kind import Actor, Grant
from lenie.compiler.naming import pascal
from lenie.compiler.place import Located, Lowering, Place
from lenie.compiler.records import record
from lenie.compiler.span import Path
from lenie.compiler.types import Lookup, Template, parse_text

#: Version of the IAM policy language (IAM User Guide, "IAM JSON policy elements: Version").
POLICY_VERSION = "2012-10-17"


@record
class Statement:
    """One statement of an IAM policy. `resources` are values; `("*",)` only for actions that take no resource."""

    sid: str
    actions: tuple[str, ...]
    resources: tuple[Value, ...]
    effect: str = "Allow"
    principal: Mapping[str, Value] | None = None
    conditions: Mapping[str, Any] = field(default_factory=dict)
    path: Path = ()

    def document(self) -> dict[str, Value]:
        """Return the statement as it stands in a policy document."""
        document: dict[str, Value] = {"Sid": self.sid, "Effect": self.effect}
        if self.principal is not None:
            document["Principal"] = dict(self.principal)
        document["Action"] = _one_or_list(sorted(self.actions))
        if self.resources:
            document["Resource"] = _one_or_list(list(self.resources))
        if self.conditions:
            document["Condition"] = dict(self.conditions)
        return document


def policy(statements: Iterable[Statement]) -> dict[str, Any]:
    """Return a policy document, for `Lowering.add`: each statement remembers the place that asked for it."""
    documents: list[Any] = []
    sids: dict[str, int] = {}
    for statement in statements:
        document = statement.document()
        # IAM refuses a policy with a Sid twice, and names that differ in hyphens only have the same.
        seen = sids[statement.sid] = sids.get(statement.sid, 0) + 1
        if seen > 1:
            document["Sid"] = f"{statement.sid}No{seen}"
        documents.append(Located(document, statement.path) if statement.path else document)
    return {"Version": POLICY_VERSION, "Statement": documents}


def _one_or_list(values: list[Any]) -> Value:
    return values[0] if len(values) == 1 else values


def trust(service: str, conditions: Mapping[str, Any] | None = None) -> dict[str, Value]:
    """Return the trust policy that lets the AWS service `service` assume a role."""
    statement: dict[str, Value] = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
    }
    if conditions:
        statement["Condition"] = dict(conditions)
    return {"Version": POLICY_VERSION, "Statement": [statement]}


def own_text(text: str, at: Place) -> Value:
    """Return a grant's text (``${arn}/*``, ``${aws.region}``) with the attributes of the resource at `at` filled in."""
    qualified = parse_text(text.replace("${", "${self.").replace("${self.aws.", "${aws."))
    if not isinstance(qualified, Template):
        return qualified
    parts = []
    for part in qualified.parts:
        if isinstance(part, Lookup) and part.head == "self":
            parts.append(as_part(at.declaration.model.attribute(part.attribute, at)))
        else:
            parts.append(part if isinstance(part, str) else as_part(at.lookup(part)))
    return interpolate(*parts)


def granted(actor: Place) -> list[Statement]:
    """Return the statements that the `access` of the function or workflow at `actor` asks for, in its order.

    Verbs on one resource that concern the same ARNs share a statement.
    """
    model = actor.declaration.model
    assert isinstance(model, Actor)
    statements: list[Statement] = []
    for name, verbs in model.access.items():
        path = actor.declaration.at("access", name)
        if name == "aws":
            statements.append(Statement("AwsServices", tuple(verbs), ("*",), path=path))
            continue
        declaration = actor.program.declarations[name]
        grants = declaration.model.grants()
        at = Place(actor.program, declaration)
        scoped: dict[tuple[str, ...], list[str]] = {}
        for verb in verbs:
            grant: Grant = grants[verb]
            if grant.actions:
                scoped.setdefault(grant.resources, []).extend(grant.actions)
            if grant.unscoped:
                scoped.setdefault(("*",), []).extend(grant.unscoped)
        for number, (resources, actions) in enumerate(scoped.items()):
            sid = pascal(name) + (str(number + 1) if number else "")
            values = tuple(own_text(resource, at) for resource in resources)
            statements.append(Statement(sid, tuple(dict.fromkeys(actions)), values, path=path))
    return statements


def role(
    out: Lowering,
    service: str,
    statements: Iterable[Statement],
    *,
    suffix: str = "Role",
    managed: Iterable[str] = (),
    conditions: Mapping[str, Any] | None = None,
    accept: Mapping[str, str] | None = None,
    description: str | None = None,
    named: bool = True,
    on_delete: DeletionPolicy | None = None,
) -> AttributeOf:
    """Add an IAM role that `service` assumes, with its inline policy; return its ``Ref``. Its ARN is ``Arn``.

    A role that outlives its stack must not be `named`, or the stack could not be created again.
    """
    statements = list(statements)
    tail = "-role" if suffix == "Role" else f"-{suffix.removesuffix('Role').lower()}-role"
    policies = [{"PolicyName": "access", "PolicyDocument": policy(statements)}] if statements else None
    if any("*" in statement.resources for statement in statements):
        reason = "A wildcard stands only where IAM knows no narrower resource for the action (rule E320)"
        accept = {"CKV_AWS_290": reason, "CKV_AWS_355": reason, **(accept or {})}
    return out.add(
        suffix,
        "AWS::IAM::Role",
        {
            "RoleName": out.name(None, tail) if named else None,
            "Description": description,
            "AssumeRolePolicyDocument": trust(service, conditions),
            "ManagedPolicyArns": [interpolate("arn:", Pseudo("partition"), f":iam::aws:policy/{n}") for n in managed]
            or None,
            "Policies": policies,
        },
        on_delete=on_delete,
        accept=accept,
    )


def same_account() -> dict[str, Any]:
    """Return the condition against the confused deputy: only this account's resources may use the role.

    Source: IAM User Guide, "The confused deputy problem" (cross-service prevention).
    """
    return {"StringEquals": {"aws:SourceAccount": Pseudo("account")}}


def deny_insecure_transport(resources: Iterable[Value], actions: str) -> Statement:
    """Return the statement of a resource policy that refuses requests without TLS.

    Source: Amazon S3 User Guide, "Security best practices for Amazon S3" (aws:SecureTransport).
    """
    return Statement(
        "DenyInsecureTransport",
        (actions,),
        tuple(resources),
        effect="Deny",
        principal={"AWS": "*"},
        conditions={"Bool": {"aws:SecureTransport": "false"}},
    )
