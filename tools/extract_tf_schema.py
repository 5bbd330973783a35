"""Write the attribute schema of the Terraform AWS provider, as far as the project uses it.

The provider itself comes from HashiCorp's registry only. Its schema is also in packages of generated bindings, which
state for every attribute its type, whether it is required, optional or computed, and what is a nested block:

    cdktn-provider-aws         provider 6.x -> targets/tf/data/aws_6.json (marks write-only, has ephemeral resources)
    cdktf-cdktf-provider-aws   provider 5.x -> tests/targets/tf/data/aws_5.json

    python tools/extract_tf_schema.py                  download the packages, write the files
    python tools/extract_tf_schema.py --wheels DIR     take the packages from DIR, or download them to there
    python tools/extract_tf_schema.py --check          write nothing; exit 2 if a file is stale

The layout follows `terraform providers schema -json`, but more compact:

    {"source": {...}, "provider": BLOCK, "resources": {type: BLOCK}, "data_sources": {...}, "ephemeral": {...}}
    BLOCK = {"attributes": {name: {"type": TYPE, "required"|"optional"|"computed"|"write_only": true}},
             "blocks": {name: {"nesting": "list"|"set"|"single", "min": n, "max": n, "block": BLOCK}}}

`min` is left out if it is 0, and `max` if there is none. The bindings do not tell defaults, which change replaces a
resource, how values are validated, which attributes are sensitive, nor bounds other than 0 and 1 of a block's number.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from tf_bindings import Bindings, Block, provider, sources

ROOT = Path(__file__).resolve().parent.parent


class Package(NamedTuple):
    """A package of bindings, and the file that is made of it."""

    name: str
    version: str
    output: Path


NEWEST = Package("cdktn-provider-aws", "25.8.1", ROOT / "targets" / "tf" / "data" / "aws_6.json")
OLDER = Package("cdktf-cdktf-provider-aws", "19.65.1", ROOT / "tests" / "targets" / "tf" / "data" / "aws_5.json")

#: The types that are extracted, without the leading `aws_`.
RESOURCES = """
    amplify_app amplify_branch amplify_domain_association
    api_gateway_account api_gateway_api_key api_gateway_deployment api_gateway_gateway_response api_gateway_integration
    api_gateway_integration_response api_gateway_method api_gateway_method_response api_gateway_method_settings
    api_gateway_resource api_gateway_rest_api api_gateway_rest_api_policy api_gateway_stage api_gateway_usage_plan
    api_gateway_usage_plan_key
    budgets_budget cloudformation_stack
    cloudfront_cache_policy cloudfront_distribution cloudfront_function cloudfront_origin_access_control
    cloudfront_response_headers_policy
    cloudwatch_log_group cloudwatch_log_resource_policy cloudwatch_metric_alarm
    db_instance db_parameter_group db_subnet_group dynamodb_table
    eip eip_association instance internet_gateway internet_gateway_attachment key_pair launch_template nat_gateway
    network_acl network_acl_rule route route_table route_table_association security_group security_group_rule subnet
    vpc vpc_endpoint vpc_endpoint_route_table_association vpc_security_group_egress_rule
    vpc_security_group_ingress_rule
    ebs_volume volume_attachment
    iam_instance_profile iam_policy iam_policy_attachment iam_role iam_role_policies_exclusive iam_role_policy
    iam_role_policy_attachment iam_role_policy_attachments_exclusive
    identitystore_group identitystore_group_membership identitystore_user
    kms_alias kms_key kms_key_policy
    lambda_event_source_mapping lambda_function lambda_function_event_invoke_config lambda_layer_version
    lambda_layer_version_permission lambda_permission
    organizations_account organizations_organization organizations_organizational_unit organizations_policy
    organizations_policy_attachment
    route53_record route53_zone
    s3_bucket s3_bucket_cors_configuration s3_bucket_lifecycle_configuration s3_bucket_logging
    s3_bucket_notification s3_bucket_ownership_controls s3_bucket_policy s3_bucket_public_access_block
    s3_bucket_server_side_encryption_configuration s3_bucket_versioning s3_object
    scheduler_schedule scheduler_schedule_group
    secretsmanager_secret secretsmanager_secret_policy secretsmanager_secret_version
    sfn_state_machine
    sns_topic sns_topic_policy sns_topic_subscription
    sqs_queue sqs_queue_policy sqs_queue_redrive_allow_policy sqs_queue_redrive_policy
    ssm_parameter
"""
DATA_SOURCES = """
    ami availability_zone availability_zones caller_identity cloudfront_cache_policy
    cloudfront_origin_request_policy cloudfront_response_headers_policy ec2_managed_prefix_list
    iam_policy iam_policy_document iam_role organizations_organization partition prefix_list region route53_zone
    s3_bucket secretsmanager_secret secretsmanager_secret_version ssm_parameter ssoadmin_instances subnet vpc
"""
EPHEMERAL = "kms_secrets secretsmanager_random_password secretsmanager_secret_version ssm_parameter"

#: Ephemeral resources of 5.x, which its bindings do not have, and where their provider version is told. They have no
#: `region` there: that came to all resources with 6.0.
#: https://github.com/hashicorp/terraform-provider-aws/blob/main/CHANGELOG.md and pull requests 40009 and 41106.
OLDER_EPHEMERAL = {
    "aws_kms_secrets": "since 5.77.0",
    "aws_secretsmanager_random_password": "merged in January 2025, between 5.84.0 and 5.88.0",
    "aws_secretsmanager_secret_version": "since 5.77.0",
}

_PROVIDER_VERSION = re.compile(r"registry\.terraform\.io/providers/hashicorp/aws/([0-9.]+)/docs")


def extract(wheel: Path, package: Package, write_only: dict[str, set[str]] | None) -> dict[str, Any]:
    """Return the content of a package's file.

    Args:
        wheel: The package.
        package: What it is.
        write_only: Write-only attributes of each resource type, if the package does not mark them itself.
    """
    groups = {
        "resources": {f"aws_{name}": name.replace("_", "-") for name in RESOURCES.split()},
        "data_sources": {f"aws_{name}": f"data-aws-{name.replace('_', '-')}" for name in DATA_SOURCES.split()},
        "ephemeral": {f"aws_{name}": f"ephemeral-aws-{name.replace('_', '-')}" for name in EPHEMERAL.split()},
    }
    texts = sources(wheel, ["provider", *(module for group in groups.values() for module in group.values())])
    version = _PROVIDER_VERSION.search(texts["provider"])
    assert version is not None
    result: dict[str, Any] = {
        "source": {
            "package": package.name,
            "version": package.version,
            "provider": f"hashicorp/aws {version[1]}",
            "licence": "MPL-2.0",
            "copyright": texts["LICENSE"].splitlines()[0].strip(),
        },
        "provider": provider(texts["provider"]),
    }
    for group, modules in groups.items():
        result[group] = {
            name: Bindings(texts[module]).resource() for name, module in sorted(modules.items()) if module in texts
        }
    for name, attributes in (write_only or {}).items():
        known = result["resources"].get(name, {"attributes": {}})["attributes"]
        for attribute in attributes & set(known):
            known[attribute]["write_only"] = True
    return result


def write_only_attributes(resources: dict[str, Block]) -> dict[str, set[str]]:
    """Return the write-only attributes of each resource type that has any."""
    found = {
        name: {attribute for attribute, facts in block["attributes"].items() if facts.get("write_only")}
        for name, block in resources.items()
    }
    return {name: attributes for name, attributes in found.items() if attributes}


def without_region(block: Block) -> Block:
    """Return a block without the attribute `region`."""
    attributes = {name: facts for name, facts in block["attributes"].items() if name != "region"}
    return {**block, "attributes": attributes}


def render(content: dict[str, Any]) -> str:
    """Return the file's text: one line for each type."""
    lines = ["{", *(f'"{part}": {_compact(content[part])},' for part in ("source", "provider"))]
    groups = ("resources", "data_sources", "ephemeral")
    for group in groups:
        lines.append(f'"{group}": {{')
        lines.append(",\n".join(f'"{name}": {_compact(block)}' for name, block in content[group].items()))
        lines.append("}" if group == groups[-1] else "},")
    return "\n".join(line for line in [*lines, "}"] if line) + "\n"


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def fetch(package: Package, directory: Path) -> Path:
    """Return the package's wheel in `directory`; download it if it is not there."""
    pattern = f"{package.name.replace('-', '_')}-{package.version}-*.whl"
    if not list(directory.glob(pattern)):
        pip = [sys.executable, "-m", "pip", "download", "-qq", "--no-deps", "--dest", str(directory)]
        subprocess.run([*pip, f"{package.name}=={package.version}"], check=True, timeout=600)
    (wheel,) = directory.glob(pattern)
    return wheel


def main(arguments: list[str] | None = None) -> int:
    """Write or compare the files; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--wheels", type=Path, help="directory with the packages")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 2 if a file is stale")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        directory: Path = options.wheels or Path(scratch)
        newest = extract(fetch(NEWEST, directory), NEWEST, None)
        older = extract(fetch(OLDER, directory), OLDER, write_only_attributes(newest["resources"]))
    older["ephemeral"] = {name: without_region(newest["ephemeral"][name]) for name in OLDER_EPHEMERAL}
    older["source"]["ephemeral"] = {"provider": newest["source"]["provider"], "without": "region", **OLDER_EPHEMERAL}
    stale = []
    for package, content in ((NEWEST, newest), (OLDER, older)):
        text = render(content)
        if not options.check:
            package.output.write_text(text, encoding="utf-8")
        elif not package.output.exists() or package.output.read_text(encoding="utf-8") != text:
            stale.append(package.output.name)
    if stale:
        print(f"{', '.join(stale)}: stale, run tools/extract_tf_schema.py", file=sys.stderr)
    return 2 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
