"""Runs the stand-in: ``python -m standin --schema FILE --socket PATH [--endpoint URL | --tokens]``.

It prints one line, the value of TF_REATTACH_PROVIDERS, and ends when its standard input is closed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from concurrent import futures
from pathlib import Path

import grpc
from pyvider.protocols.tfprotov6.protobuf import add_ProviderServicer_to_server

from standin.aws import Aws, require_loopback
from standin.provider import StandIn
from standin.schema import load


def main() -> int:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(prog="standin")
    parser.add_argument("--schema", type=Path, required=True, help="file of tools/extract_tf_schema.py")
    parser.add_argument("--socket", type=Path, required=True, help="Unix socket to listen on")
    parser.add_argument("--endpoint", help="address of the emulated AWS, on the loopback interface")
    parser.add_argument("--tokens", action="store_true", help="plan tokens in place of what is known after apply")
    parser.add_argument("--record", default="", help="file that each call of the emulated AWS is written to")
    options = parser.parse_args()
    Aws.record = options.record
    if options.endpoint is not None:
        require_loopback(options.endpoint)
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
    provider = StandIn(load(options.schema), options.endpoint, with_tokens=options.tokens)
    add_ProviderServicer_to_server(provider, server)  # type: ignore[no-untyped-call]
    server.add_insecure_port(f"unix:{options.socket}")
    server.start()
    reattach = {
        "Protocol": "grpc",
        "ProtocolVersion": 6,
        "Pid": os.getpid(),
        "Test": True,
        "Addr": {"Network": "unix", "String": str(options.socket)},
    }
    print(json.dumps({"registry.terraform.io/hashicorp/aws": reattach}), flush=True)
    sys.stdin.read()
    server.stop(grace=None).wait(5)
    return 0


if __name__ == "__main__":
    sys.exit(main())
