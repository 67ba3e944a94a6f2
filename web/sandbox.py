"""Files of cases as answers: issued documents, and files of strangers, which never get the rights of this site."""

from typing import BinaryIO

from flask import send_file
from werkzeug.wrappers import Response

from applications import contents
from applications.models import UploadedFile
from documents.models import Issued
from web.request import context


def sandboxed(response: Response) -> Response:
    """The response, in which nothing can run."""
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return response


def strangers_file(case_key: bytes, row: UploadedFile, name: str) -> Response:
    """A file that was handed in as `name`: pictures are shown, others saved."""
    return sandboxed(
        whole(
            contents.opened(context(), case_key, row),
            row.size,
            mimetype=row.media_type,
            as_attachment=not row.media_type.startswith("image/"),
            download_name=saved_as(name, row.media_type),
        )
    )


def issued_file(case_key: bytes, issued: Issued, name: str) -> Response:
    """A document that was issued, to be saved as `name`."""
    plain = contents.opened(context(), case_key, issued)
    return whole(plain, issued.size, "application/pdf", as_attachment=True, download_name=name)


def whole(stream: BinaryIO, size: int, mimetype: str, as_attachment: bool, download_name: str) -> Response:
    """What `stream` holds, `size` bytes."""
    answer = send_file(stream, mimetype=mimetype, as_attachment=as_attachment, download_name=download_name)
    answer.content_length = size
    return answer


def saved_as(name: str, media_type: str) -> str:
    """The name to save a file by that was handed in as `name`: a HEIC photo is kept as JPEG, and then called so."""
    stem, _, ending = name.rpartition(".")
    return f"{stem}.jpg" if media_type == "image/jpeg" and ending.lower() in ("heic", "heif") else name
