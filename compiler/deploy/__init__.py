"""Deployment: what was compiled becomes what runs (ADR 24).

`bundle` tells what the stacks of an environment are, `order` what waits for what, `schedule` works through that with
several threads. `converge` brings one `stack` to its template, whatever state it is in, by `changes` that are looked at
first; `events` turns failures into diagnostics at the lines of the spec. `preflight` and `collisions` tell what can be
known before; `artifacts`, `database`, `policies` and `secrets` see to what stands around the stacks. `engine` puts them
together, and `command` is what ``lenie deploy`` does. Programs call `engine.deploy_cloudformation`.
"""
