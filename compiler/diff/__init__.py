"""``lenie diff``: dialects side by side, environments compared, and what a change of the spec does to resources."""
