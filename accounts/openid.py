"""Signing in through another service by OpenID Connect: code flow with PKCE (RFC 7636, S256), state and nonce.

Nonce and verifier follow from the state and the key ring, so the browser's cookie holds no more than the state. What a
token says counts only after its signature, issuer, audience, times and nonce were checked.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

import requests
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from core import clock
from core.context import Context
from core.errors import NotFound, Refused, message
from core.settings import OpenIdProvider

ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "PS384", "ES384", "RS512", "PS512", "ES512", "EdDSA")
"""Signatures by key pairs only: a token must not be signed with what the platform knows itself."""
TIMEOUT = 10
"""Seconds a service may take to answer."""
LEEWAY = 60
"""Seconds by which its clock may be wrong."""
KEPT = 3600
"""Seconds for which its metadata are kept."""

log = structlog.get_logger()


class SignInFailed(Refused):
    """Raise it where a service does not let somebody in, or what it says does not hold."""


@dataclass(frozen=True)
class Claims:
    """What a service says about a person, checked."""

    subject: str
    """Issuer and subject: who it is, for ever."""
    email: str | None
    """An address that the service has verified."""
    acr: str | None
    corporate_number: str | None = None
    company: str | None = None


def provider(ctx: Context, name: str) -> OpenIdProvider:
    """The service `name` of the settings. Raises `NotFound`."""
    found = ctx.settings.oidc.get(name)
    if found is None:
        raise NotFound("no such service to sign in with")
    return found


def address(ctx: Context, name: str, redirect: str, state: str) -> str:
    """Where to send the browser. Raises `NotFound`, `SignInFailed` where the service does not answer."""
    service = provider(ctx, name)
    more = {"acr_values": " ".join(service.acr_values)} if service.acr_values else {}
    try:
        with _session(service, redirect) as client:
            url, _ = client.create_authorization_url(
                _metadata(service)["authorization_endpoint"],
                state=state,
                nonce=_derived(ctx, "nonce", state),
                code_verifier=_derived(ctx, "verifier", state),
                prompt="login",  # on a shared device, nobody gets in by a session that was left at the service
                **more,
            )
    except (requests.RequestException, ValueError, KeyError) as error:
        raise _silent(name, error) from error
    return str(url)


def claims(ctx: Context, name: str, redirect: str, state: str, answer: Mapping[str, str]) -> Claims:
    """What the service says, once its `answer` (the query of the redirect) has come for the browser's `state`.

    Raises `NotFound`, `SignInFailed`.
    """
    service = provider(ctx, name)
    if answer.get("error") or "code" not in answer or answer.get("iss", service.issuer) != service.issuer:
        log.info("sign_in_refused", service=name, error=answer.get("error", "")[:60])
        raise SignInFailed(message("You were not signed in. Try again, or sign in by e-mail."))
    try:
        metadata = _metadata(service)
        with _session(service, redirect) as client:
            token = client.fetch_token(
                metadata["token_endpoint"],
                code=answer["code"],
                code_verifier=_derived(ctx, "verifier", state),
            )
            said = _id_token(service, metadata, token, _derived(ctx, "nonce", state))
            if metadata.get("userinfo_endpoint"):
                said = _with_userinfo(client, metadata["userinfo_endpoint"], said)
    except requests.RequestException as error:
        raise _silent(name, error) from error
    except (AuthlibBaseError, JoseError, ValueError, KeyError) as error:
        log.warning("sign_in_failed", service=name, error=type(error).__name__)
        raise SignInFailed(
            message("The answer of the service does not hold. Please start again from here.")
        ) from error
    return _checked(service, said)


def _session(service: OpenIdProvider, redirect: str) -> Any:
    return OAuth2Session(
        service.client_id,
        service.client_secret.get_secret_value(),
        scope=service.scope,
        redirect_uri=redirect,
        code_challenge_method="S256",
        token_endpoint_auth_method="client_secret_basic",  # noqa: S106 - the name of a method
        default_timeout=TIMEOUT,
    )


def _id_token(
    service: OpenIdProvider, metadata: Mapping[str, Any], token: Mapping[str, Any], nonce: str
) -> dict[str, Any]:
    """The claims of the ID token (OpenID Connect Core 3.1.3.7)."""
    try:
        read = jwt.decode(token["id_token"], _keys(metadata), algorithms=ALGORITHMS)
    except JoseError:  # its keys may have been changed since
        read = jwt.decode(token["id_token"], _keys(metadata, fresh=True), algorithms=ALGORITHMS)
    wanted: Any = {
        "iss": {"essential": True, "value": service.issuer},
        "aud": {"essential": True, "value": service.client_id},
    }
    known = {"nonce": nonce, "client_id": service.client_id, "access_token": token.get("access_token")}
    checked = CodeIDToken(read.claims, read.header, wanted, known)
    checked.validate(int(clock.now().timestamp()), LEEWAY)
    return dict(checked)


def _with_userinfo(client: Any, url: str, said: dict[str, Any]) -> dict[str, Any]:
    """More about the same person; what the signed token says comes first."""
    answer = client.get(url, allow_redirects=False)
    answer.raise_for_status()
    more = answer.json()
    if not isinstance(more, dict) or more.get("sub") != said["sub"]:
        raise ValueError("the information is about somebody else")
    return more | said


def _checked(service: OpenIdProvider, said: Mapping[str, Any]) -> Claims:
    acr = said.get("acr")
    if service.acr_values and acr not in service.acr_values:
        raise SignInFailed(message("The service did not confirm who you are surely enough."))
    vouched = service.trust_email and said.get("email_verified") is True
    return Claims(
        f"{service.issuer}|{said['sub']}",
        str(said["email"]) if vouched and said.get("email") else None,
        str(acr) if acr else None,
        _text(said, service.corporate_number_claim),
        _text(said, service.company_name_claim),
    )


def _text(said: Mapping[str, Any], claim: str | None) -> str | None:
    value = said.get(claim) if claim else None
    return str(value)[:200] if value else None


def _derived(ctx: Context, purpose: str, state: str) -> str:
    digest = hmac.digest(ctx.keyring.derive(f"openid/{purpose}"), state.encode(), "sha256")
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


_known: dict[str, tuple[float, dict[str, Any]]] = {}
"""What services publish, by address, with the time it was fetched."""


def _metadata(service: OpenIdProvider) -> dict[str, Any]:
    """What the service publishes of itself (OpenID Connect Discovery 1.0)."""
    found = _fetched(f"{service.issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != service.issuer:
        raise ValueError("the issuer is not the one in the settings")
    return found


def _keys(metadata: Mapping[str, Any], fresh: bool = False) -> KeySet:
    published: Any = _fetched(metadata["jwks_uri"], fresh)
    return KeySet.import_key_set(published)


def _fetched(url: str, fresh: bool = False) -> dict[str, Any]:
    at, known = _known.get(url, (0.0, {}))
    if known and not fresh and monotonic() - at < KEPT:
        return known
    answer = requests.get(url, timeout=TIMEOUT, allow_redirects=False)
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise ValueError(f"{url} holds no object")
    _known[url] = (monotonic(), found)
    return found


def _silent(name: str, error: Exception) -> SignInFailed:
    log.warning("sign_in_service_silent", service=name, error=type(error).__name__)
    return SignInFailed(
        message("The service does not answer at the moment. Try again later, or sign in by e-mail.")
    )
