"""A box for the tests of the interface: the built program on a free port of loopback, with a store
of its own that is thrown away, set up as a new owner does it."""

import os
import re
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("HADIR", str(ROOT / "target" / "release" / "hadir"))
LOGIN, PASSWORD, PIN = "ratna", "kuda hijau makan pisang", "2468"
# Somebody else with the same password, whose sessions nobody misses.
OTHER = "penguji"
# The program's limits of rates are tested elsewhere; here they would hide all other answers.
UNLIMITED = "[limits]\n" + "".join(
    f'{kind} = "off"\n' for kind in ["general", "auth", "login", "code", "poll"]
)
START_S, STOP_S, ANSWER_S = 30, 20, 30


class Client(requests.Session):
    """Asks the box with what is known of the caller, as a page of its own does."""

    def __init__(self, address, **headers):
        super().__init__()
        self.address = address
        self.trust_env = False
        self.headers.update({"Origin": address, **headers})

    def request(self, method, path, **rest):
        rest.setdefault("timeout", ANSWER_S)
        url = path if path.startswith("http") else self.address + path
        return super().request(method, url, **rest)

    def got(self, method, path, **rest):
        """The answer of a request that has to succeed."""
        answer = self.request(method, path, **rest)
        if not answer.ok:
            raise AssertionError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer

    def make(self, path, **fields):
        """Makes something, and gives what the box says of it."""
        return self.got("POST", path, json=fields).json()

    def read(self, path, **query):
        """What the box says."""
        return self.got("GET", path, params=query).json()


def sign_in(address, login=LOGIN, password=PASSWORD):
    """A client with a new session, and the session's token."""
    client = Client(address)
    client.make("/api/v1/session", login=login, password=password)
    token = client.cookies["hadir_native"]
    # Put where every request of ours shows it, whoever sends it.
    return Client(address, Cookie=f"hadir_native={token}"), token


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Box:
    """A running box. `with Box() as box:` stops it at the end."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="hadir-interface-")
        folder, port = Path(self.folder.name), free_port()
        self.address = f"http://127.0.0.1:{port}"
        self.config, self.socket = folder / "hadir.toml", folder / "control"
        self.config.write_text(
            f'[store]\ndir = "{folder}/store"\n[keys]\nmaster = "file:{folder}/master.key"\n'
            f'[models]\ndir = "{ROOT}/models"\n[control]\nsocket = "{self.socket}"\n'
            f'[[listener]]\naddress = "127.0.0.1:{port}"\nsurface = "native"\ntls = "off"\n'
            f'[camera]\nsource = "off"\n{UNLIMITED}'
        )
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("HADIR_")}
        self.run("key", "init", "--config", str(self.config))
        self.log = open(folder / "log", "w+b")
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--config", str(self.config)],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        try:
            self.wait()
            self.set_up()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
        self.folder.cleanup()

    def run(self, *words):
        """Runs a command of the program, and gives its output."""
        ran = subprocess.run(
            [PROGRAM, *words], env=self.environment, capture_output=True, text=True, check=False
        )
        if ran.returncode != 0:
            raise AssertionError(f"hadir {' '.join(words)}: {ran.stderr}")
        return ran.stdout

    def said(self):
        """The end of what the program has logged."""
        self.log.seek(0)
        return self.log.read().decode(errors="replace")[-4000:]

    def wait(self):
        client, end = Client(self.address), time.monotonic() + START_S
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                if client.get("/ready").ok:
                    return
            except requests.ConnectionError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"the box does not serve:\n{self.said()}")

    def set_up(self):
        """The five steps, behind the code that only the owner of the box can see."""
        said = self.run("setup-code", "--socket", str(self.socket))
        code = re.search(r"\b[A-Z0-9]{4}-?[A-Z0-9]{4}\b", said).group()
        client = Client(self.address)
        steps = {
            "/setup": {"code": code},
            "/setup/language": {"language": "en", "zone": "Asia/Jakarta"},
            "/setup/site": {"name": "SMA Contoh", "kind": "school"},
            "/setup/administrator": {
                "name": "Ratna Wijaya",
                "login": LOGIN,
                "password": PASSWORD,
                "again": PASSWORD,
            },
        }
        for path, fields in steps.items():
            client.got("POST", path, data=fields)
        if Client(self.address).get("/api/v1/status").status_code != 401:
            raise AssertionError(f"the box is not set up:\n{self.said()}")
