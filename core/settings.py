"""Every setting of the platform, read from the environment (``MADOGUCHI_…``). Documented in docs/operators."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class OpenIdProvider(BaseModel):
    """One service that residents sign in with (OpenID Connect): the identity card's app, gBizID …"""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str | dict[str, str] = Field(
        description='What its button says; for several languages as JSON: {"ja": "…", "en": "…"}.'
    )
    issuer: str = Field(description="Its issuer, exactly as its tokens name it; https:// in production.")
    client_id: str = Field(description="The platform's client id there.")
    client_secret: SecretStr = Field(description="The platform's client secret there.")
    scope: str = Field(default="openid email", description="Scopes asked for, separated by blanks.")
    acr_values: tuple[str, ...] = Field(
        default=(),
        description='Assurance levels (acr) asked for, as JSON: ["…"]; a sign-in without one of them is refused.',
    )
    trust_email: bool = Field(
        default=True,
        description="Whether an e-mail address that it says is verified opens the account of that address.",
    )
    corporate_number_claim: str | None = Field(
        default=None, description="Claim that holds a company's corporate number (gBizID)."
    )
    company_name_claim: str | None = Field(
        default=None, description="Claim that holds the company's name (gBizID)."
    )


class Settings(BaseSettings):
    """The settings of one process. Defaults are the embedded size: one machine, no account, no secret."""

    model_config = SettingsConfigDict(
        env_prefix="MADOGUCHI_",
        env_nested_delimiter="__",
        frozen=True,
        extra="ignore",
        populate_by_name=True,
    )

    data_dir: Path = Field(
        default=ROOT / "var",
        validation_alias=AliasChoices("MADOGUCHI_DATA_DIR", "DATA_DIR", "data_dir"),
        description="Folder of database, files, keys and outgoing mail of the embedded size.",
    )
    port: int = Field(
        default=8000,
        ge=1,
        le=65535,
        validation_alias=AliasChoices("MADOGUCHI_PORT", "PORT", "port"),
        description="Port the web server listens on.",
    )
    host: str = Field(default="127.0.0.1", description="Address the web server listens on.")
    environment: Literal["demonstration", "production"] = Field(
        default="demonstration",
        description="`production` refuses test keys, demo payment and insecure addresses, and sets __Host- cookies.",
    )
    public_url: str | None = Field(
        default=None,
        description="Address residents reach the platform at; goes into mails, QR codes, payments.",
    )
    database_url: str | None = Field(
        default=None,
        description="SQLAlchemy address; none: SQLite under the data folder. postgresql+psycopg://…",
    )
    redis_url: str | None = Field(
        default=None,
        description="Redis or Valkey for jobs; none: a private Valkey started by `make run`.",
    )
    web_workers: int = Field(default=2, ge=1, description="Web processes.")
    web_threads: int = Field(
        default=2, ge=1, description="Threads in each web process; more of them mostly wait for each other."
    )
    catalogue_dir: Path = Field(
        default=ROOT / "procedures" / "catalogue",
        description="Folder of organisations.yaml and the procedure files.",
    )
    mail_url: str | None = Field(
        default=None, description="smtp://host:port or smtps://user:password@host; none: mails become files."
    )
    mail_from: str = Field(default="madoguchi@example.invalid", description="Sender of the platform's mails.")
    payment_providers: tuple[str, ...] = Field(
        default=("demo",), description='Payment providers offered, in order, as JSON: ["stripe"].'
    )
    stripe_key: SecretStr | None = Field(default=None, description="Secret API key of Stripe.")
    stripe_webhook_secret: SecretStr | None = Field(
        default=None, description="Signing secret of Stripe's webhook."
    )
    stripe_api_base: str | None = Field(
        default=None, description="Other address of Stripe's API (for tests)."
    )
    seal_key: Path | None = Field(
        default=None, description="PKCS#12 file of the seal; none: a generated test seal, labelled so."
    )
    seal_password: SecretStr | None = Field(default=None, description="Password of that file.")
    tsa_url: str | None = Field(default=None, description="RFC 3161 time-stamping authority for seals.")
    oidc: dict[str, OpenIdProvider] = Field(
        default={},
        description="Services residents sign in with, by a name of your own, one block of variables each: see below.",
    )
    idle_minutes: int = Field(
        default=30, ge=1, description="A resident who did nothing for so long is signed out."
    )
    signed_in_hours: int = Field(
        default=12, ge=1, description="A resident signs in again after so long, whatever they did."
    )
    desk_idle_minutes: int = Field(
        default=30,
        ge=1,
        description="A clerk who did nothing for so long signs in again; what they send meanwhile is kept.",
    )
    desk_signed_in_hours: int = Field(
        default=12, ge=1, description="A clerk signs in again after so long, whatever they did."
    )
    max_upload: int = Field(default=20_000_000, description="Largest uploaded file in bytes.")
    max_form_body: int = Field(
        default=1_000_000, description="Largest body of a form without files in bytes."
    )
    rate_limits: bool = Field(default=True, description="Limit guesses of codes and passwords.")
    offline_page: bool = Field(
        default=True,
        description="Let browsers keep a page that is shown without a connection; false also takes it back from them.",
    )
    test_languages: bool = Field(
        default=False,
        description="Offer two made-up languages, one lengthened and one from right to left, to try out pages; "
        "refused in production.",
    )
    language: Literal["ja", "en"] | None = Field(
        default=None,
        description="What the tools for authors speak; none: Japanese where the terminal is, else English.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least level logged."
    )

    @property
    def sqlalchemy_url(self) -> str:
        """The database address in force."""
        return self.database_url or f"sqlite:///{self.data_dir / 'madoguchi.sqlite'}"

    @property
    def base_url(self) -> str:
        """Address of the platform without a slash at its end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


@cache
def settings() -> Settings:
    """The settings of this process, read once; `settings.cache_clear()` reads them anew (tests)."""
    return Settings()
