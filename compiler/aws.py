"""What the commands that talk to AWS share: clients, and one clear line for whatever AWS or the network answers."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from lenie.compiler.console import Usage
from lenie.compiler.diagnostics import Diagnostic, Severity, SpecError

#: Codes of what the user may not do.
DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403")
_INVALID = (
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidToken",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
    "AuthFailure",
    "RequestExpired",
)
_SIGN_IN = "sign in (aws sso login, aws configure), or set AWS_PROFILE"


class Account:
    """Clients of AWS services in one region; `endpoint` is that of an emulator on this machine, or empty."""

    def __init__(self, region: str, endpoint: str = "", attempts: int = 4) -> None:
        """Make no call yet; each call is tried `attempts` times if AWS throttles it or does not answer.

        Raises:
            SpecError: (E911) if the profile that is asked for does not exist, or the configuration cannot be read.
        """
        self.region = region
        self.endpoint = endpoint
        self.attempts = attempts
        self._clients: dict[str, Any] = {}
        # Making a client is not safe where threads do it at once; using one is (boto3 documentation, "Clients").
        self._making = Lock()
        import boto3

        with told("AWS"):
            self._session = boto3.Session(region_name=region)

    def client(self, service: str) -> Any:
        """Return the client of a service, made once."""
        with self._making:
            if service not in self._clients:
                from botocore.config import Config

                retries = {"mode": "standard", "total_max_attempts": self.attempts}
                # A proxy is for the network: it cannot reach what listens on this machine.
                local: dict[str, Any] = {"proxies": {}} if self.endpoint else {}
                config = Config(connect_timeout=10, retries=retries, **local)
                with told(service):
                    self._clients[service] = self._session.client(
                        service, endpoint_url=self.endpoint or None, config=config
                    )
            return self._clients[service]


def loopback(url: str, option: str) -> str:
    """Return the address of an emulator on this machine.

    Raises:
        Usage: for every other address: credentials must not go to a host that a mistyped option names.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        usable = parts.scheme in ("http", "https") and (parts.port is None or parts.port > 0)
        local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        usable = local = False
    if not (usable and local):
        raise Usage(f'{option} takes an address of this machine only, and not "{url}"', "http://127.0.0.1:5000")
    return url


@contextmanager
def told(what: str) -> Iterator[None]:
    """Turn what botocore raises into a diagnostic (E911); `what` is what was to be done, or with whom.

    Raises:
        SpecError: instead of every exception of botocore.
    """
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        CredentialRetrievalError,
        NoCredentialsError,
        ParamValidationError,
        PartialCredentialsError,
        ProfileNotFound,
        SSOError,
        TokenRetrievalError,
    )

    try:
        yield
    except (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError) as error:
        raise refusal("there are no credentials for AWS that can be used", _SIGN_IN) from error
    except (SSOError, TokenRetrievalError) as error:
        raise refusal("the sign-in to AWS is over", _SIGN_IN) from error
    except ProfileNotFound as error:
        raise refusal(_sentence(error), "aws configure list-profiles shows those that exist") from error
    except ClientError as error:
        found = error.response.get("Error", {})
        code = str(found.get("Code", ""))
        if code in _INVALID:
            raise refusal(f"AWS does not accept the credentials: {code}", _SIGN_IN) from error
        if code in DENIED:
            help = "use a role that may do it"
            raise refusal(f"{what}: AWS denies {error.operation_name} ({code})", help) from error
        words = " ".join(str(found.get("Message", "")).split())[:300]
        raise refusal(f"{what}: AWS refuses {error.operation_name}: {code}{f': {words}' if words else ''}") from error
    except ParamValidationError as error:
        raise refusal(f"{what}: {_sentence(error)}", "correct what was given") from error
    except BotoCoreError as error:
        help = "check the network, the region, and the settings of AWS"
        raise refusal(f"{what}: AWS cannot be reached: {_sentence(error)}", help) from error


def refusal(message: str, help: str = "") -> SpecError:
    """Return the error E911: AWS, or the way to it, does not let the command go on."""
    return SpecError(Diagnostic("E911", Severity.ERROR, message, (), help))


def _sentence(error: Exception) -> str:
    text = " ".join(str(error).split())[:300].rstrip(".")
    return text[:1].lower() + text[1:]
