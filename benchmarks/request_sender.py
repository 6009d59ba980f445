"""Sends requests one after the other, and prints each as soon as it is confirmed: the process that crash runs kill.

``python -m benchmarks.request_sender NAME`` goes on until it is stopped. A line is ``sent REFERENCE CODE NAME`` or
``added REFERENCE``; whoever reads a line may rely on what it says being kept. Every patient in it is invented.
"""

import sys
from datetime import date

from opinion.agency.patients import add_own_message, send_request
from opinion.agency.requests import Content
from opinion.agency.stores import open_store

ANSWERS = {
    "emergency_signs": [], "country": "AT", "disease_area": "oncology", "serious_disease": "yes",
    "proposed": ["surgery"], "urgent_action_required": "no", "days_until_decision": 20,
}  # fmt: skip


def main() -> None:
    """Send requests, each with a message, until the process is killed."""
    store, run, number = open_store(), sys.argv[1], 0
    while True:
        number += 1
        name = f"{run}-{number}"
        content = Content(answers=ANSWERS, name=name, message="a message that was sent " * 40)
        key = send_request(store, content, ("request",), "en", date.today())
        print("sent", key.reference, key.code, name, flush=True)
        add_own_message(store, key, f"another word of {name}")
        print("added", key.reference, flush=True)


if __name__ == "__main__":
    main()
