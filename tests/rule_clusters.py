"""A spec around clusters, for the tests of their rules."""

from __future__ import annotations

from textwrap import dedent, indent

_FRAME = """\
version: 1
project: demo
region: us-east-1
layers: [base]
environments:
  dev: {{production: false}}
  prod: {{production: true}}
parameters:
  admins: {{type: list(cidr), default: {admins}, description: Networks of the administrators}}
components:
  vpc:
    layer: base
    scope: {scope}
    resources:
      vpc:
        kind: network
        cidr: 10.0.0.0/16
        subnets:
          public: {{cidrs: [10.0.1.0/24, 10.0.2.0/24], public: true, tags: {tags}}}
          private: {{cidrs: [10.0.3.0/24, 10.0.4.0/24]}}
          single: {{cidrs: [10.0.5.0/24], public: true}}
kubernetes:
"""


def cluster_spec(
    more: str = "",
    *,
    name: str = "demo",
    version: str = "1.36",
    network: str = "vpc.public",
    access: str = "${param.admins}",
    types: str = "[t3.medium]",
    admins: str = "[203.0.113.0/24]",
    tags: str = '{kubernetes.io/role/elb: "1"}',
    scope: str = "environment",
    also: str = "",
) -> str:
    """Return a spec with one cluster; `more` are further fields of it, `also` further clusters."""
    text = _FRAME.format(admins=admins, tags=tags, scope=scope)
    text += f'  {name}:\n    version: "{version}"\n    network: {network}\n    namespace: demo-${{env.name}}\n'
    text += f"    api-access: {access}\n    nodes:\n      workers: {{types: {types}, min: 2, max: 4}}\n"
    return text + indent(dedent(more).strip("\n"), "    ") + "\n" + indent(dedent(also), "  ")
