"""Kubernetes clusters of the spec: their models, references, place in the graph, and cost (ADR 25)."""
