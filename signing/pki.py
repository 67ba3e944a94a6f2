"""The test PKI of the embedded size: a root and a seal certificate of its own, labelled TEST in their names.

Nobody outside trusts it; the production environment refuses it (`signing.seal`).
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from core import clock

ROOT_NAME = "Madoguchi TEST Root / 見本"
SEAL_NAME = "Madoguchi TEST Seal / 見本電子公印"
_KEY_BITS = 3072
_BEGUN = timedelta(days=730)
"""The test certificates begin in the past, so that back-dated demonstration cases can be verified."""
_ROOT_LIFE, _SEAL_LIFE = timedelta(days=7300), timedelta(days=3650)


def root_path(data_dir: Path) -> Path:
    """PEM file of the test root's certificate: what a verifier has to trust."""
    return data_dir / "keys" / "test-root.pem"


def root_key_path(data_dir: Path) -> Path:
    """PEM file of the test root's private key."""
    return data_dir / "keys" / "test-root-key.pem"


def seal_path(data_dir: Path) -> Path:
    """PKCS#12 file (without a password, readable by its owner only) of the test seal and its chain."""
    return data_dir / "keys" / "test-seal.p12"


def prepare(data_dir: Path) -> None:
    """Make the test PKI under ``DATA_DIR/keys`` unless it is there. Safe with several processes at once."""
    if seal_path(data_dir).exists():
        return
    (data_dir / "keys").mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(data_dir / "keys" / ".test-pki.lock"):
        if not seal_path(data_dir).exists():
            _generate(data_dir)


def _generate(data_dir: Path) -> None:
    """Write root, root key and, last, the seal: while that is missing, the whole is made anew."""
    root_key = rsa.generate_private_key(65537, _KEY_BITS)
    root = _builder(ROOT_NAME, ROOT_NAME, root_key, _ROOT_LIFE)
    root = root.add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
    root = root.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
    root_certificate = root.sign(root_key, SHA256())

    key = rsa.generate_private_key(65537, _KEY_BITS)
    leaf = _builder(SEAL_NAME, ROOT_NAME, key, _SEAL_LIFE)
    leaf = leaf.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    leaf = leaf.add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
    leaf = leaf.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False
    )
    certificate = leaf.sign(root_key, SHA256())

    pem = root_certificate.public_bytes(Encoding.PEM)
    _write(root_path(data_dir), pem, 0o644)
    plain = root_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write(root_key_path(data_dir), plain, 0o600)
    bundle = pkcs12.serialize_key_and_certificates(
        b"seal", key, certificate, [root_certificate], NoEncryption()
    )
    _write(seal_path(data_dir), bundle, 0o600)


def _builder(subject: str, issuer: str, key: rsa.RSAPrivateKey, life: timedelta) -> x509.CertificateBuilder:
    begin = clock.now().replace(microsecond=0) - _BEGUN
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Madoguchi TEST"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(**granted: bool) -> x509.KeyUsage:
    uses = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{use: granted.get(use, False) for use in uses})


def _write(path: Path, content: bytes, mode: int) -> None:
    """Put `content` at `path` in one step, so that nobody reads half a file."""
    partial = path.with_suffix(".partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep other processes waiting while the block runs."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
