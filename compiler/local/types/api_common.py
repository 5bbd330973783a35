"""What the types of Amazon API Gateway share: tags and patches."""

from __future__ import annotations

from typing import Any

from lenie.compiler.local.types.base import Context, Json, tag_changes


def retag(at: Context, path: str, wanted: Json, before: Json) -> None:
    """Change the tags of what is at `path` from those of `before` to those of `wanted`."""
    arn = at.arn("apigateway", path, account="")
    new, gone = tag_changes(wanted.get("Tags"), before.get("Tags"))
    if gone:
        at.call("apigateway", "untag_resource", resourceArn=arn, tagKeys=gone)
    if new:
        at.call("apigateway", "tag_resource", resourceArn=arn, tags=new)


def replacement(path: str, value: Any) -> Json:
    """Return a patch operation; values are texts."""
    plain = str(value).lower() if isinstance(value, bool) else str(value)
    return {"op": "replace", "path": path, "value": plain}
