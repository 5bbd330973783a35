"""Reads the generated files back, and proves that they say what the graph says.

Nothing here shares code, or tables, with `lenie.targets`: what is known of CloudFormation and of Terraform's provider
was written a second time, from their references, so that a fault of an emitter is not repeated where it would be found.
"""
