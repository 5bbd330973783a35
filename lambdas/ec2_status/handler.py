"""`ec2-status`: not implemented yet; answers 501, so that the infrastructure can be deployed."""

from __future__ import annotations

import json
from typing import Any


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Return the API Gateway proxy response 501 (RFC 9110, section 15.6.2)."""
    return {
        "statusCode": 501,
        "headers": {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"},
        "body": json.dumps({"message": "ec2-status is not implemented yet"}),
    }
