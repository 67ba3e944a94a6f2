"""PDFs, keys and a time-stamping authority for tests of the seal."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread

import pikepdf
from asn1crypto import keys, tsp, x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore


def blank_pdf() -> bytes:
    """A page without a seal."""
    target = BytesIO()
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(target)
    return target.getvalue()


def nss_database(folder: Path, root: Path) -> str:
    """An NSS database that trusts the certificate `root` for signatures; for ``pdfsig -nssdir``."""
    folder.mkdir()
    name = f"sql:{folder}"
    subprocess.run(["certutil", "-N", "-d", name, "--empty-password"], check=True)
    subprocess.run(["certutil", "-A", "-d", name, "-n", "root", "-t", "CT,C,C", "-i", root], check=True)
    return name


@contextmanager
def stamping_authority(root: x509.Certificate, root_key: bytes) -> Iterator[str]:
    """The address of a local RFC 3161 authority whose certificate the test root issued."""
    stamper = _stamper(root, root_key)

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            answer = stamper.request_tsa_response(request).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def _stamper(root: x509.Certificate, root_key: bytes) -> DummyTimeStamper:
    from datetime import UTC, datetime, timedelta

    from cryptography import x509 as pyca
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    issuer_key = load_pem_private_key(root_key, None)
    assert isinstance(issuer_key, rsa.RSAPrivateKey)
    key = rsa.generate_private_key(65537, 2048)
    issuer = pyca.load_der_x509_certificate(root.dump())
    now = datetime.now(UTC).replace(microsecond=0)
    certificate = (
        pyca.CertificateBuilder()
        .subject_name(pyca.Name([pyca.NameAttribute(NameOID.COMMON_NAME, "Madoguchi TEST TSA")]))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(pyca.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(pyca.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(issuer_key, SHA256())
    )
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register(root)
    return DummyTimeStamper(
        tsa_cert=x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        tsa_key=keys.PrivateKeyInfo.load(private),
        certs_to_embed=store,
    )


def attacked(pdf: bytes) -> bytes:
    """`pdf` with its page replaced in an incremental update."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    page = writer.root["/Pages"]["/Kids"][0]
    page[generic.NameObject("/Contents")] = writer.add_object(
        generic.StreamObject(stream_data=b"0 0 99 99 re f")
    )
    writer.update_container(page)
    target = BytesIO()
    writer.write(target)  # type: ignore[no-untyped-call]
    return target.getvalue()
