"""WeasyPrint, held short: it reads the templates' own folder and nothing else. Import it lazily: 200 MB and 0.5 s."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from weasyprint import HTML, Attachment
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

VARIANT = "pdf/a-3a"
"""Declared and structurally there (tags, embedded fonts, sRGB); no validator has confirmed it yet."""


class OwnFilesOnly(URLFetcher):  # type: ignore[misc]
    """Fetches ``data:`` and files inside one folder; anything else stops the rendering."""

    def __init__(self, folder: Path) -> None:
        super().__init__(allowed_protocols=("file", "data"), allow_redirects=False, fail_on_errors=True)
        self._folder = folder.resolve()

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The resource at `url`. Raises `FatalURLFetchingError` for one that is not the template's own."""
        parts = urlsplit(url)
        if parts.scheme == "file":
            path = Path(unquote(parts.path)).resolve()
            if parts.netloc or not path.is_relative_to(self._folder):
                raise FatalURLFetchingError("a document may only use the files of its template")
        elif parts.scheme != "data":
            raise FatalURLFetchingError("a document may only use the files of its template")
        return super().fetch(url, headers)


def to_pdf(html: str, folder: Path, attachment: tuple[str, str, str]) -> bytes:
    """The pages of `html` as a tagged PDF; `attachment` is (file name, description, JSON text)."""
    fetcher = OwnFilesOnly(folder)
    name, description, content = attachment
    attached = Attachment(string=content, name=name, description=description, relationship="Data")
    document = HTML(string=html, base_url=folder.as_uri() + "/", url_fetcher=fetcher)
    pdf: bytes = document.write_pdf(pdf_variant=VARIANT, pdf_tags=True, attachments=[attached])
    return pdf
