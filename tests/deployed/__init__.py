"""Deployed-state comparison, and faults of deployments."""
