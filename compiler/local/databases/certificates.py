"""The certificate authority of the emulator's databases."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

#: Name of the file with the root certificate, which clients trust.
AUTHORITY = "authority.pem"
#: Name of the file with the server's certificate and its key.
SERVER = "server.pem"
_DAYS = 30
_lock = threading.Lock()


def server_certificate(directory: Path) -> Path:
    """Return the file with certificate and key of a server on 127.0.0.1; the authority's stands beside it.

    Both are made once. The authority's key is kept by nobody, so that it signs nothing else.

    Raises:
        OSError: if a file cannot be written.
    """
    with _lock:
        server = directory / SERVER
        if not server.is_file():
            _make(directory)
        return server


def _make(directory: Path) -> None:
    root_key, own_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name, own_name = _name("Lenie emulator of RDS"), _name("127.0.0.1")
    root = _certificate(root_name, root_name, root_key, root_key, authority=True)
    own = _certificate(own_name, root_name, own_key, root_key, authority=False)
    pem = serialization.Encoding.PEM
    (directory / AUTHORITY).write_bytes(root.public_bytes(pem))
    key = own_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with os.fdopen(os.open(directory / SERVER, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(key + own.public_bytes(pem))


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    *,
    authority: bool,
) -> x509.Certificate:
    """Return a certificate that also strict clients take (RFC 5280), as those of Python 3.13 are."""
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1")), x509.DNSName("localhost")])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=_DAYS))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(_usage(authority=authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .add_extension(names, critical=False)
        .sign(signer, hashes.SHA256())
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
