"""For whom a person acts: themselves, a company of theirs, or somebody who gave them a mandate (代理人).

A draft and the application it becomes carry a small record of it (encrypted), made once at the start:

    {"as": "company", "company": id, "number": …, "name": …, "source": "declared" | service, "account": id}
    {"as": "delegate", "mandate": id, "for": name, "company": …, "account": id}

No record: the person acts for themselves.
"""

from typing import Final

SELF: Final = "self"
COMPANY: Final = "company"
DELEGATE: Final = "delegate"
