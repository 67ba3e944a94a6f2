"""The application for WSGI servers and the `flask --app wsgi` command line."""

import gc

from web.app import create_app

app = create_app()

# What is loaded by now stays for good: without this, collections walk all of it again and again during requests.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
