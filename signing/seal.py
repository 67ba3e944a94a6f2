"""The electronic seal of the office (電子公印): a certifying PAdES signature (ETSI EN 319 142-1).

Baseline B-B, which is valid as long as the certificate is; B-LTA where a time-stamping authority is set.
The seal certifies the document with "no changes allowed" (ISO 32000-2, 12.8.2.2): additions show.
"""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from asn1crypto import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from core.context import Context
from core.errors import Misconfigured
from signing import pki

FIELD = "Seal"
_HASHES: dict[str, HashAlgorithm] = {"sha256": SHA256(), "sha384": SHA384(), "sha512": SHA512()}


class KeptKeySigner(signers.Signer):
    """A signer that keeps its private key loaded: loading and checking an RSA key costs 500 ms each time."""

    def __init__(self, key: RSAPrivateKey | EllipticCurvePrivateKey, seal: "Seal") -> None:
        self._key = key
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple((*seal.chain, seal.certificate))
        super().__init__(signing_cert=seal.certificate, cert_registry=store)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The raw signature of `data` in the key's own algorithm."""
        del dry_run
        algorithm = _HASHES[digest_algorithm]
        if isinstance(self._key, RSAPrivateKey):
            return self._key.sign(data, PKCS1v15(), algorithm)
        return self._key.sign(data, ECDSA(algorithm))


@dataclass(frozen=True)
class Seal:
    """The certificate of a seal and those above it."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @property
    def roots(self) -> tuple[x509.Certificate, ...]:
        """What its trust starts from: the self-issued certificates of its chain, else all of the chain."""
        return tuple(c for c in self.chain if c.self_issued) or self.chain or (self.certificate,)

    @property
    def name(self) -> str:
        """The common name it is issued to."""
        return str(self.certificate.subject.native.get("common_name", ""))


def prepare(data_dir: Path) -> None:
    """Make the test root and test seal under ``DATA_DIR/keys``, once (see `signing.pki`)."""
    pki.prepare(data_dir)


def is_test(ctx: Context) -> bool:
    """Whether documents get the generated test seal and must say so."""
    return ctx.settings.seal_key is None


def current(ctx: Context) -> Seal:
    """The seal in force. Raises `Misconfigured`."""
    return _loaded(ctx)[0]


def seal(ctx: Context, pdf: bytes, reason: str) -> bytes:
    """`pdf` with the seal in force on it; `reason` (not personal) stands in the signature.

    Raises `Misconfigured` for a bad key file, and pyhanko's or the network's errors where the time-stamping
    authority does not answer: try again later.
    """
    in_force, signer = _loaded(ctx)
    stamper = HTTPTimeStamper(ctx.settings.tsa_url) if ctx.settings.tsa_url else None
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason,
        name=in_force.name,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        embed_validation_info=stamper is not None,
        use_pades_lta=stamper is not None,
        validation_context=_archival_context(in_force) if stamper else None,
    )
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    output = signers.PdfSigner(metadata, signer, timestamper=stamper).sign_pdf(writer)
    return bytes(output.getvalue())


def _archival_context(seal: Seal) -> ValidationContext:
    """Fetches what a verifier needs in years to come: revocation data of seal and time stamp."""
    return ValidationContext(trust_roots=seal.roots, other_certs=seal.chain, allow_fetching=True)


def _loaded(ctx: Context) -> tuple[Seal, KeptKeySigner]:
    settings = ctx.settings
    if settings.seal_key is not None:
        password = settings.seal_password.get_secret_value() if settings.seal_password else None
        return _load(settings.seal_key, password)
    if settings.environment == "production":
        raise Misconfigured(
            "MADOGUCHI_SEAL_KEY: name the PKCS#12 file of the seal; the test seal is for demonstrations"
        )
    prepare(settings.data_dir)
    return _load(pki.seal_path(settings.data_dir), None)


@lru_cache(maxsize=8)
def _load(path: Path, password: str | None) -> tuple[Seal, KeptKeySigner]:
    """Read a PKCS#12 file, once a process. Raises `Misconfigured`."""
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(
            path.read_bytes(), password.encode() if password else None
        )
    except (OSError, ValueError) as error:
        raise Misconfigured(
            f"MADOGUCHI_SEAL_KEY: {path} is no PKCS#12 file that opens with MADOGUCHI_SEAL_PASSWORD"
        ) from error
    if certificate is None or not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
        raise Misconfigured(
            f"MADOGUCHI_SEAL_KEY: {path} needs an RSA or elliptic-curve key and its certificate"
        )
    found = Seal(
        _asn1(certificate.public_bytes(Encoding.DER)),
        tuple(_asn1(other.public_bytes(Encoding.DER)) for other in others),
    )
    return found, KeptKeySigner(key, found)


def _asn1(der: bytes) -> x509.Certificate:
    return x509.Certificate.load(der)
