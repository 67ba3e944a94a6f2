"""Mail goes out only over a connection whose other end is who it should be; a password never goes another way."""

import ssl
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core import clock
from core.errors import Misconfigured
from core.mail import Mail, SmtpMailer
from tests.fixtures.servers import free_port

MAIL = Mail("key", "mihon@example.invalid", "Sample", "Sample", "en")


class Relay:
    """An SMTP server that notes each password it is given and each mail."""

    def __init__(self, how: str, certificate: Path) -> None:
        self.passwords: list[bytes] = []
        self.mails: list[bytes] = []
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        tls: dict[str, Any] = {"auth_require_tls": how == "starttls"}
        if how != "stripped":
            tls["tls_context" if how == "starttls" else "ssl_context"] = context
        self._controller = Controller(
            self, hostname="127.0.0.1", port=free_port(), authenticator=self._authenticate, **tls
        )
        self.address = f"127.0.0.1:{self._controller.port}"

    def _authenticate(self, _server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
        self.passwords.append(data.password)
        return AuthResult(success=True)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails.append(envelope.content)
        return "250 kept"

    def __enter__(self) -> "Relay":
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of 127.0.0.1 that nobody but itself vouches for, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example.invalid")])
    now: datetime = clock.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "relay.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def relay(certificate: Path) -> Iterator[Callable[[str], Relay]]:
    """Starts a relay: ``smtps``, ``starttls``, or ``stripped`` as one is seen through somebody in between."""
    started: list[Relay] = []

    def start(how: str) -> Relay:
        started.append(Relay(how, certificate).__enter__())
        return started[-1]

    yield start
    for one in started:
        one.__exit__()


SCHEMES = [("smtps", "smtps"), ("smtp", "starttls")]


@pytest.mark.parametrize(("scheme", "how"), SCHEMES)
@pytest.mark.parametrize("user", ["", "sample:hidden@"])
def test_a_server_that_cannot_show_who_it_is_gets_nothing(
    relay: Callable[[str], Relay], scheme: str, how: str, user: str
) -> None:
    server = relay(how)
    with pytest.raises(ssl.SSLCertVerificationError):
        SmtpMailer(f"{scheme}://{user}{server.address}", "from@example.invalid").send(MAIL)
    assert (server.passwords, server.mails) == ([], [])


@pytest.mark.parametrize(("scheme", "how"), SCHEMES)
def test_the_operators_own_authority_is_trusted_where_it_is_named(
    relay: Callable[[str], Relay], certificate: Path, monkeypatch: pytest.MonkeyPatch, scheme: str, how: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server = relay(how)
    SmtpMailer(f"{scheme}://sample:hidden@{server.address}", "from@example.invalid").send(MAIL)
    assert server.passwords == [b"hidden"]
    assert len(server.mails) == 1


def test_a_certificate_of_another_name_is_not_enough(
    relay: Callable[[str], Relay], certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    address = relay("smtps").address.replace("127.0.0.1", "localhost")
    with pytest.raises(ssl.SSLCertVerificationError):
        SmtpMailer(f"smtps://{address}", "from@example.invalid").send(MAIL)


def test_a_password_does_not_go_out_in_clear_where_somebody_took_the_encryption_away(
    relay: Callable[[str], Relay],
) -> None:
    server = relay("stripped")
    with pytest.raises(Misconfigured, match="smtps://"):
        SmtpMailer(f"smtp://sample:hidden@{server.address}", "from@example.invalid").send(MAIL)
    assert (server.passwords, server.mails) == ([], [])


def test_a_relay_in_the_same_network_may_take_mail_without_password_and_encryption(
    relay: Callable[[str], Relay],
) -> None:
    server = relay("stripped")
    SmtpMailer(f"smtp://{server.address}", "from@example.invalid").send(MAIL)
    assert len(server.mails) == 1
