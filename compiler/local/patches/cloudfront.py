"""CloudFront: a distribution's configuration is told as it was given.

Moto 5.2.5 makes objects of origins, cache behaviors and certificates, and keeps only what it knows of them: an origin's
access control and S3 configuration, and functions of behaviors, are lost, and a distribution with a certificate of its
own says that it uses CloudFront's.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from moto.cloudfront import models

#: Attributes of moto's objects that answer for a member under another name than it has.
_TOLD = {"S3OriginConfig": "s3_origin_config", "CustomOriginConfig": "custom_origin_config"}


def apply() -> None:
    """Let the objects keep every member that they were made of."""
    for kind in (models.Origin, models.DefaultCacheBehaviour, models.CacheBehaviour):
        _keep(kind)
    certificate = models.ViewerCertificate.__init__

    def init(self: models.ViewerCertificate, config: dict[str, Any]) -> None:
        certificate(self, config)
        if self.acm_certificate_arn or self.iam_certificate_id:
            self.cloud_front_default_certificate = config.get("CloudFrontDefaultCertificate", False)

    models.ViewerCertificate.__init__ = init  # type: ignore[method-assign]


def _keep(kind: Any) -> None:
    made = kind.__init__

    def init(self: Any, config: dict[str, Any]) -> None:
        given = deepcopy(config)
        made(self, config)
        for name, value in given.items():
            if name in ("FunctionAssociations", "LambdaFunctionAssociations") or not _has(self, name):
                setattr(self, _attribute(name), value)

    kind.__init__ = init


def _attribute(name: str) -> str:
    from moto.core.utils import camelcase_to_underscores

    return _TOLD.get(name, camelcase_to_underscores(name))


def _has(found: Any, name: str) -> bool:
    return getattr(found, _attribute(name), None) is not None
