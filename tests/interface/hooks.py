"""What schemathesis asks before and after each request. The box's address and who asks come in the
environment; what was answered goes, line by line, into a file."""

import json
import os

import schemathesis
from hypothesis import strategies

import written
from box import Client
from known import Known
from things import PICTURE, REFERENCE, Things

ADDRESS, WHO = os.environ["INTERFACE_ADDRESS"], os.environ["INTERFACE_WHO"]
ADMIN = {"Cookie": os.environ["INTERFACE_ADMIN"]}
KIOSK = {"Authorization": os.environ["INTERFACE_KIOSK"]}
CALLER = {"admin": ADMIN, "kiosk": KIOSK}[WHO]
ANSWERS = open(os.environ["INTERFACE_ANSWERS"], "a", buffering=1)

# Paths that fit another one, with its method.
BOTH = [
    ("DELETE", "/api/v1/devices/pair"),
    ("GET", "/api/v1/check-ins/face"),
    *((method, "/api/v1/people/import") for method in ["DELETE", "GET", "PATCH"]),
]

admin, kiosk = Client(ADDRESS, **ADMIN), Client(ADDRESS, **KIOSK)
NEEDED = os.environ["INTERFACE_NEEDED"].split()
known = Known(Things(ADDRESS, admin, WHO, kiosk, NEEDED[0]), NEEDED)

pictures = [path.read_bytes() for path in sorted(REFERENCE.glob("*.jpg"))]
schemathesis.openapi.media_type(
    "image/jpeg", strategies.sampled_from([PICTURE, *pictures, b"", b"no picture", PICTURE[:999]])
)

tables = [
    f"{header}\n{line}\n".encode()
    for header in ["Nama;NIS;Kelas", "name,number,class", "Kota;Negara;Benua"]
    for line in ["Budi Santoso;2026001;X-1", "Siti Aminah,2026002,X-2", ";;", "\xff\0"]
]
schemathesis.openapi.media_type(
    "text/csv", strategies.sampled_from([*tables, b"", b"PK\x03\x04", b"\xff\xfe"])
)


@schemathesis.hook
def before_call(context, case, kwargs):
    case.headers.update({"Origin": ADDRESS, **CALLER})
    known.put_into(case)


@schemathesis.hook
def after_call(context, case, response):
    if case.method.upper() == case.operation.method.upper():
        ANSWERS.write(json.dumps([case.operation.label, response.status_code]) + "\n")


@schemathesis.hook
def filter_failure(context, failure, case, response):
    # A word that is a path of its own is also the id of another path, whose methods it then has.
    return (case.method.upper(), case.path) not in BOTH


@schemathesis.check
def written_is_read_back(ctx, response, case):
    """What was written is what is read afterwards."""
    if response.status_code < 300 and case.method.upper() == case.operation.method.upper():
        written.compare(case, response, admin, kiosk)
