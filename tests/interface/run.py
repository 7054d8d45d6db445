"""The interface against its own document: a running box is asked with requests that schemathesis
makes up from the document, as its administrator and as a screen at the door. No answer may say
that the box failed, each has the status, the type and the shape that are documented, and what was
written is read back. Operations that were never answered with a 2xx equal the list in never.txt."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from box import OTHER, PASSWORD, PIN, PROGRAM, Box, sign_in
from things import Things

HERE = Path(__file__).resolve().parent
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "written_is_read_back",
]
# Where the answer does not end by itself: they are read here, to their first event.
STREAMS = ["/api/v1/desk/events", "/api/v1/kiosk/events", "/api/v1/kiosk/preview"]
EXAMPLES, SEED, LIMIT_S, LINES_MAX = 12, 7, 420, 600
# Fewer say that something else than the box was tested.
REQUESTS_MIN = 2000


def operations(document):
    """ "GET /api/v1/people" with its part of the document."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def ask(box, who, document, environment, folder):
    """Lets schemathesis ask, and gives whether all answers were right."""
    for_devices = [
        ["--include-operation-id", operation["operationId"]]
        for name, operation in document
        if any("device" in way for way in operation["security"]) and name.split()[1] not in STREAMS
    ]
    without_streams = [["--exclude-path", path] for path in STREAMS]
    chosen = sum(for_devices if who == "kiosk" else without_streams, [])
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{box.address}/api/v1/openapi.json"),
        *("--phases", "examples,coverage,fuzzing", "--max-examples", str(EXAMPLES)),
        *("--seed", str(SEED), "--generation-deterministic"),
        *("--generation-with-security-parameters", "false", "--no-shrink"),
        *("--suppress-health-check", "all", "--warnings", "off", "--no-color"),
        *("--checks", ",".join(CHECKS), "--output-sanitize", "false"),
        *("--request-timeout", "20", "--continue-on-failure"),
        *chosen,
    ]
    started = time.monotonic()
    ran = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment, "INTERFACE_WHO": who, "PYTHONPATH": str(HERE)},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    print(f"{who}: {time.monotonic() - started:.0f} s, exit status {ran.returncode}")
    if ran.returncode != 0:
        # Requests with pictures are long lines.
        lines = (ran.stdout + ran.stderr).splitlines()
        print(*(line[:600] for line in lines[:LINES_MAX]), sep="\n")
    return ran.returncode == 0


def listen(client, path):
    """The status of a stream; of one that was let in, the type and the first event must be right."""
    with client.get(path, stream=True) as answer:
        if answer.status_code == 200:
            assert answer.headers["content-type"] == "text/event-stream", answer.headers
            first = next(answer.iter_lines(decode_unicode=True))
            assert first == "event: hello", first
        return answer.status_code


def listed():
    """The operations of never.txt, each with its reason."""
    lines = (HERE / "never.txt").read_text().splitlines()
    rows = [line.split(" : ", 1) for line in lines if line and not line.startswith("#")]
    assert all(len(row) == 2 and row[1].strip() for row in rows), "each has a reason"
    return {row[0].strip() for row in rows}


def main():
    with Box() as box, tempfile.TemporaryDirectory(prefix="hadir-interface-") as folder:
        admin, token = sign_in(box.address)
        things = Things(box.address, admin)
        screen, kiosk = things.screen()
        other, login = things.person(), {"login": OTHER, "password": PASSWORD}
        admin.got("PUT", f"/api/v1/people/{other}/login", json=login)
        me = admin.read("/api/v1/session")["person"]
        admin.got("PUT", "/api/v1/privacy/notice", json={"id": "Kami", "en": "We"})
        document = admin.read("/api/v1/openapi.json")
        answers = Path(folder) / "answers"
        environment = {
            "SCHEMATHESIS_HOOKS": "hooks",
            "INTERFACE_ADDRESS": box.address,
            "INTERFACE_ADMIN": f"hadir_native={token}",
            "INTERFACE_KIOSK": kiosk.headers["Authorization"],
            "INTERFACE_NEEDED": f"{screen} {me} {other}",
            "INTERFACE_ANSWERS": str(answers),
        }
        documented = list(operations(document))
        right = [ask(box, "admin", documented, environment, folder)]
        # Until now it was changed with all other settings.
        admin.got("PATCH", "/api/v1/settings", json={"kiosk_pin": PIN})
        # It opens the menu for longer than this takes.
        kiosk.got("POST", "/api/v1/kiosk/escape", json={"pin": PIN})
        right.append(ask(box, "kiosk", documented, environment, folder))
        seen = [json.loads(line) for line in answers.read_text().splitlines()]
        for path in STREAMS:
            seen += [[f"GET {path}", listen(client, path)] for client in (admin, kiosk)]
        alive = admin.get("/health").status_code
    good = {name for name, status in seen if 200 <= status < 300}
    never = {name for name, _ in documented} - good
    print(f"{len(seen)} requests to {len({name for name, _ in seen})} of {len(documented)} operations")
    print("never answered with a 2xx:", *sorted(never), sep="\n  ")
    faults = [] if all(right) else ["an answer is not as documented"]
    faults += [f"never.txt lacks {name}" for name in sorted(never - listed())]
    faults += [f"never.txt has {name}, which succeeds" for name in sorted(listed() - never)]
    faults += [f"{len(seen)} requests are too few"] if len(seen) < REQUESTS_MIN else []
    faults += [f"/health says {alive}"] if alive != 200 else []
    print(*faults, sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    print(f"program: {PROGRAM}")
    sys.exit(main())
