"""The order between modules that no value tells."""

from __future__ import annotations

import json

from support_tf import MakeTerraform
from support_tfmod import block, files

SPEC = """
first: {layer: base, resources: {note: {kind: parameter, path: note, value: VALUE}}}
net:
  layer: base
  after: [first]
  resources:
    net: {kind: network, cidr: 10.0.0.0/16, subnets: {public: {cidrs: [10.0.1.0/24], public: true}}}
"""


def test_a_module_with_data_sources_gets_the_order_as_a_value() -> None:
    found = files(SPEC)
    module = block(found["main.tf"], 'module "net"')
    assert "after       = [module.first.deployed]" in module
    assert "depends_on" not in module
    assert "aws_ssm_parameter.note" in block(found["modules/first/outputs.tf"], 'output "deployed"')
    main = found["modules/net/main.tf"]
    assert "depends_on = [var.after]" in block(main, 'resource "aws_vpc"')
    # It waits for the network, and so for what the network waits for.
    assert "var.after" not in block(main, 'resource "aws_subnet"')


def test_a_change_of_the_one_replaces_nothing_of_the_other(configuration: MakeTerraform) -> None:
    run = configuration(files(SPEC))
    run.run("init")
    run.run("apply", "-auto-approve", "-var-file=environments/dev.tfvars")
    for path, text in files(SPEC.replace("VALUE", "changed")).items():
        (run.directory / path).write_text(text, encoding="utf-8")
    run.run("plan", "-var-file=environments/dev.tfvars", "-out=plan")
    plan = json.loads(run.run("show", "-json", "plan").output)
    changed = {
        c["address"]: c["change"]["actions"] for c in plan["resource_changes"] if c["change"]["actions"] != ["no-op"]
    }
    assert changed == {"module.first.aws_ssm_parameter.note": ["update"]}


def test_a_module_without_data_sources_waits_as_a_whole() -> None:
    found = files(
        """
        first: {layer: base, resources: {inbox: {kind: queue}}}
        second: {layer: base, after: [first], resources: {table: {kind: table, key: {id: string}}}}
        """
    )
    assert "depends_on = [module.first]" in block(found["main.tf"], 'module "second"')
    assert "deployed" not in found.get("modules/first/outputs.tf", "")


def test_who_reads_a_value_of_another_and_says_after_waits_with_everything() -> None:
    text = """
    first: {layer: base, resources: {inbox: {kind: queue, publish: [url]}}}
    second:
      layer: base
      after: [first]
      resources:
        copy: {kind: parameter, path: copy, value: "${inbox.url}"}
        alone: {kind: table, key: {id: string}}
    """
    assert "depends_on = [module.first]" in block(files(text)["main.tf"], 'module "second"')
    assert "depends_on" not in block(files(text.replace("after: [first]", "after: []"))["main.tf"], 'module "second"')
