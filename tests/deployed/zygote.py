"""Runs command lines of lenie in forked processes, so that starting one takes milliseconds.

Each line of its standard input is a request in JSON: `run` with arguments and the file for what is printed, which is
answered by the process's id; or `wait` with such an id, which is answered by the exit status when it has ended.
"""

from __future__ import annotations

import json
import os
import sys
import threading


def main() -> None:
    """Serve until standard input ends."""
    _load()
    assert threading.active_count() == 1, "a process with threads cannot be forked"
    print("ready", flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        if "wait" in request:
            _, status = os.waitpid(request["wait"], 0)
            print(os.waitstatus_to_exitcode(status), flush=True)
            continue
        child = os.fork()
        if child == 0:
            _run(*request["run"])
        print(child, flush=True)


def _load() -> None:
    import boto3  # noqa: F401
    import botocore.session

    import lenie.compiler.cli
    import lenie.compiler.deploy.command
    import lenie.compiler.deploy.engine
    import lenie.compiler.lower
    import lenie.compiler.resolve
    import lenie.compiler.validate  # noqa: F401
    from lenie.targets import load_target

    load_target("cfn")
    session = botocore.session.get_session()
    for service in ("cloudformation", "s3", "ssm", "sts"):
        session.get_service_model(service)


def _run(arguments: list[str], output: str) -> None:
    from lenie.compiler.cli import main as lenie

    descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for number in (1, 2):
        os.dup2(descriptor, number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    status = 70
    try:
        lenie.main(arguments, prog_name="lenie")
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 71
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
