"""The application for WSGI servers and the `flask --app wsgi` command line."""

import gc

gc.disable()  # nothing of what is loaded dies: walking it again and again takes a fifth of the start

from web.app import create_app  # noqa: E402

app = create_app()

# What is loaded by now stays for good: without this, collections walk all of it again and again during requests.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
gc.enable()
