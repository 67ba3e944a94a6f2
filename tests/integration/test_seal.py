"""The seal: valid for programs of others, whole for us, and broken by any change."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12
from pydantic import SecretStr
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from core import clock
from core.context import Context
from core.errors import Misconfigured
from core.settings import Settings
from signing import pki, seal
from signing.verification import examine
from tests.factories.seals import blank_pdf, nss_database, stamping_authority

REASON = "TC-7K3D-9Q2M"


@pytest.fixture
def ctx(keys: Path) -> Context:
    """A process with the test PKI; the seal needs no database."""
    return Context(Settings(data_dir=keys.parent))


@pytest.fixture
def sealed(ctx: Context) -> bytes:
    return seal.seal(ctx, blank_pdf(), REASON)


def state(ctx: Context, pdf: bytes) -> str:
    return examine(ctx, pdf, clock.now()).state


def run(*arguments: object) -> str:
    return subprocess.run([str(a) for a in arguments], check=True, capture_output=True, text=True).stdout


def test_pdfsig_calls_it_valid_and_trusted(ctx: Context, sealed: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(sealed)
    nss = nss_database(tmp_path / "nss", pki.root_path(ctx.settings.data_dir))
    said = run("pdfsig", "-nssdir", nss, tmp_path / "a.pdf")
    assert "Signature is Valid." in said
    assert "Certificate is Trusted." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert "TEST" in said


def test_qpdf_finds_no_fault(sealed: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(sealed)
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", tmp_path / "a.pdf")


def test_openssl_verifies_what_the_range_covers(ctx: Context, sealed: bytes, tmp_path: Path) -> None:
    signature = PdfFileReader(BytesIO(sealed)).embedded_signatures[0]
    a, b, c, d = (int(n) for n in signature.byte_range)
    (tmp_path / "signed").write_bytes(sealed[a : a + b] + sealed[c : c + d])
    (tmp_path / "cms").write_bytes(signature.pkcs7_content)
    root = pki.root_path(ctx.settings.data_dir)
    run("openssl", "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", tmp_path / "cms",
        "-content", tmp_path / "signed", "-CAfile", root, "-purpose", "any", "-out", "/dev/null")  # fmt: skip


def test_what_was_sealed_is_sound(ctx: Context, sealed: bytes) -> None:
    found = examine(ctx, sealed, clock.now())
    assert found.state == "sound"
    assert found.sealed_at is not None
    assert abs(found.sealed_at - clock.now()) < timedelta(minutes=1)


def test_a_changed_byte_breaks_it(ctx: Context, sealed: bytes) -> None:
    place = sealed.index(b"MediaBox") + 10
    changed = sealed[:place] + sealed[place:].replace(b"612", b"613", 1)
    assert changed != sealed
    assert state(ctx, changed) == "changed"


def test_content_added_after_the_seal_is_found_though_pdfsig_calls_it_valid(
    ctx: Context, sealed: bytes, tmp_path: Path
) -> None:
    """The attack: a page's content is replaced in an incremental update, which leaves the signed bytes as they were."""
    writer = IncrementalPdfFileWriter(BytesIO(sealed))
    page = writer.root["/Pages"]["/Kids"][0]
    page[generic.NameObject("/Contents")] = writer.add_object(
        generic.StreamObject(stream_data=b"0 0 1 rg 72 72 400 400 re f")
    )
    writer.update_container(page)
    target = BytesIO()
    writer.write(target)  # type: ignore[no-untyped-call]
    attacked = target.getvalue()
    assert attacked.startswith(sealed)
    (tmp_path / "a.pdf").write_bytes(attacked)
    nss = nss_database(tmp_path / "nss", pki.root_path(ctx.settings.data_dir))
    assert "Signature is Valid." in run("pdfsig", "-nssdir", nss, tmp_path / "a.pdf")
    found = examine(ctx, attacked, clock.now())
    assert found.state == "changed"
    assert found.digests[1] == examine(ctx, sealed, clock.now()).digests[0]


def test_what_is_in_a_file_never_reaches_the_logs(ctx: Context, sealed: bytes) -> None:
    """pyhanko logs parts of files that it finds suspicious."""
    code = (
        "import sys; from pathlib import Path; from core import clock; from core.context import Context;"
        "from core.settings import Settings; from signing.verification import examine;"
        "ctx = Context(Settings(data_dir=Path(sys.argv[1])));"
        "print(examine(ctx, sys.stdin.buffer.read(), clock.now()).state)"
    )
    writer = IncrementalPdfFileWriter(BytesIO(sealed))
    writer.root[generic.NameObject("/Personal")] = generic.pdf_string("somebody")
    writer.update_root()  # type: ignore[no-untyped-call]
    target = BytesIO()
    writer.write(target)  # type: ignore[no-untyped-call]
    done = subprocess.run(
        [sys.executable, "-c", code, ctx.settings.data_dir],
        check=True,
        capture_output=True,
        input=target.getvalue(),
    )
    assert (done.stdout, done.stderr) == (b"changed\n", b"")


@pytest.mark.parametrize(
    "tail", [b"\n%appended\n", b"\nstartxref\n9\n%%EOF\n", b"\n1 0 obj\n<<>>\nendobj\n" + b" x" * 1000]
)
def test_bytes_behind_the_end_are_found(ctx: Context, sealed: bytes, tail: bytes) -> None:
    """Programs that cannot find a cross-reference table rebuild one, and would show objects hidden there."""
    assert state(ctx, sealed + tail) in ("changed", "unreadable")


def test_what_was_never_sealed_or_by_others_is_told_apart(ctx: Context, tmp_path: Path) -> None:
    assert state(ctx, blank_pdf()) == "unsealed"
    other = Context(Settings(data_dir=tmp_path))
    assert state(ctx, seal.seal(other, blank_pdf(), REASON)) == "foreign"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"hello", b"%PDF-1.7\n" + b"\x00" * 1000])
def test_broken_files_are_unreadable(ctx: Context, content: bytes) -> None:
    assert state(ctx, content) == "unreadable"


def test_cut_files_never_pass(ctx: Context, sealed: bytes) -> None:
    assert {state(ctx, sealed[: len(sealed) * n // 20]) for n in range(20)} <= {
        "unreadable",
        "unsealed",
        "changed",
    }


def test_a_seal_resaved_by_another_program_is_not_sound(ctx: Context, sealed: bytes) -> None:
    target = BytesIO()
    with pikepdf.open(BytesIO(sealed)) as pdf:
        pdf.save(target)
    assert state(ctx, target.getvalue()) in ("changed", "unreadable")


def test_it_does_not_hold_beyond_its_certificate(ctx: Context, sealed: bytes) -> None:
    assert examine(ctx, sealed, clock.now() + timedelta(days=4000)).state == "untrusted"


def test_with_an_authority_it_is_time_stamped_for_the_long_term(ctx: Context, tmp_path: Path) -> None:
    data = ctx.settings.data_dir
    root = seal.current(ctx).roots[0]
    with stamping_authority(root, pki.root_key_path(data).read_bytes()) as url:
        stamped = seal.seal(Context(Settings(data_dir=data, tsa_url=url)), blank_pdf(), REASON)
    reader = PdfFileReader(BytesIO(stamped))
    assert len(reader.embedded_timestamp_signatures) == 1
    assert "/DSS" in reader.root
    assert state(ctx, stamped) == "sound"
    (tmp_path / "token").write_bytes(reader.embedded_timestamp_signatures[0].pkcs7_content)
    stamp = reader.embedded_timestamp_signatures[0]
    a, b, c, d = (int(n) for n in stamp.byte_range)
    (tmp_path / "stamped").write_bytes(stamped[a : a + b] + stamped[c : c + d])
    run("openssl", "ts", "-verify", "-token_in", "-in", tmp_path / "token", "-data", tmp_path / "stamped",
        "-CAfile", pki.root_path(data))  # fmt: skip


def test_the_test_keys_are_made_once_by_many_at_once(tmp_path: Path) -> None:
    with get_context("spawn").Pool(2) as pool:
        pool.map(pki.prepare, [tmp_path, tmp_path])
    made = pki.seal_path(tmp_path).read_bytes()
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(pki.prepare, [tmp_path] * 8))
    assert pki.seal_path(tmp_path).read_bytes() == made
    assert pki.seal_path(tmp_path).stat().st_mode & 0o077 == 0
    assert pki.root_key_path(tmp_path).stat().st_mode & 0o077 == 0
    seal.seal(Context(Settings(data_dir=tmp_path)), blank_pdf(), REASON)


def test_a_seal_of_ones_own_with_a_password(ctx: Context, tmp_path: Path) -> None:
    key, certificate, others = pkcs12.load_key_and_certificates(
        pki.seal_path(ctx.settings.data_dir).read_bytes(), None
    )
    assert isinstance(key, RSAPrivateKey)
    own = tmp_path / "own.p12"
    own.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"x", key, certificate, others, BestAvailableEncryption(b"geheim")
        )
    )
    settings = Settings(
        data_dir=tmp_path, seal_key=own, seal_password=SecretStr("geheim"), environment="production"
    )
    assert state(ctx, seal.seal(Context(settings), blank_pdf(), REASON)) == "sound"
    with pytest.raises(Misconfigured, match="MADOGUCHI_SEAL_PASSWORD"):
        seal.current(Context(Settings(data_dir=tmp_path, seal_key=own, seal_password=SecretStr("wrong"))))


def test_keys_that_cannot_seal_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="MADOGUCHI_SEAL_KEY"):
        seal.current(Context(Settings(data_dir=tmp_path, seal_key=tmp_path / "none.p12")))
    empty = tmp_path / "empty.p12"
    pki.prepare(tmp_path)
    others = pkcs12.load_key_and_certificates(pki.seal_path(tmp_path).read_bytes(), None)[2]
    empty.write_bytes(pkcs12.serialize_key_and_certificates(b"x", None, None, others, NoEncryption()))
    with pytest.raises(Misconfigured, match="MADOGUCHI_SEAL_KEY"):
        seal.current(Context(Settings(data_dir=tmp_path, seal_key=empty)))


def test_production_refuses_the_test_seal(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path, environment="production", public_url="https://madoguchi.example.invalid"
    )
    with pytest.raises(Misconfigured, match="MADOGUCHI_SEAL_KEY"):
        seal.seal(Context(settings), blank_pdf(), REASON)
    assert not pki.seal_path(tmp_path).exists()
