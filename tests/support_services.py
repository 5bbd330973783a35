"""What the tests of the emulator's data planes share: functions, and waiting."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable
from typing import Any

from support_local import Cloud

RUNTIME = "python3.13"


def zipped(**files: str) -> bytes:
    """Return a package of modules; two underscores in a name are a slash."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name.replace('__', '/')}.py", text)
    return target.getvalue()


def function(cloud: Any, name: str, code: str, **options: Any) -> str:
    """Make a function from the text of its module, with a handler `handle`, and return its ARN."""
    role = "arn:aws:iam::123456789012:role/any"
    if not cloud.client("iam").list_roles()["Roles"]:
        role = cloud.client("iam").create_role(RoleName="any", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    given = {"Handler": "code.handle", "Timeout": 10, "Runtime": RUNTIME, **options}
    given.setdefault("Code", {"ZipFile": zipped(code=code)})
    return str(cloud.client("lambda").create_function(FunctionName=name, Role=role, **given)["FunctionArn"])


def invoke(cloud: Cloud, name: str, event: Any = None, **options: Any) -> tuple[Any, str]:
    """Return what a function answers, and the kind of its error; empty if it has none."""
    answer = cloud.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event), **options)
    return json.loads(answer["Payload"].read()), answer.get("FunctionError", "")


def until(condition: Callable[[], Any], seconds: float = 20) -> Any:
    """Wait until a condition holds, and return what it yields."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it does not come"
        time.sleep(0.02)
    return found
