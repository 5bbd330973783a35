"""Says hello."""


def lambda_handler(event: dict[str, str], context: object) -> str:
    """Return a greeting."""
    return f"Hello, {event.get('name', 'world')}"
