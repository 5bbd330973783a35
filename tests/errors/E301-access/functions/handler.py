def lambda_handler(event: object, context: object) -> None:
    """Do nothing."""
