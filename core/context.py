"""What services need from outside, gathered once at the edge and handed down: keys, files, mail, database, settings."""

from dataclasses import dataclass
from functools import cached_property

from core.database import Database
from core.files import DiskStore, FileStore
from core.mail import Mailer, mailer
from core.secrets import Keyring
from core.settings import Settings


@dataclass(frozen=True)
class Context:
    """The tools of one process, made from its settings. Cheap to make; each tool is opened at its first use."""

    settings: Settings

    @cached_property
    def database(self) -> Database:
        return Database(self.settings.sqlalchemy_url)

    @cached_property
    def keyring(self) -> Keyring:
        return Keyring.load(self.settings.data_dir / "keys" / "keyring.json")

    @cached_property
    def files(self) -> FileStore:
        return DiskStore(self.settings.data_dir / "files")

    @cached_property
    def mailer(self) -> Mailer:
        return mailer(self.settings.mail_url, self.settings.data_dir / "mail", self.settings.mail_from)
