"""The application for WSGI servers and the `flask --app wsgi` command line."""

from web.app import create_app

app = create_app()
