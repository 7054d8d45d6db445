"""Things that a request may be about, made anew for each: so a request that is right in its form
finds what it names, and no request spoils what another one needs."""

import itertools
import re

from box import OTHER, PASSWORD, ROOT, Client, sign_in

REFERENCE = ROOT / "tests" / "reference"
PICTURE = (REFERENCE / "single_640x480.jpg").read_bytes()
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
JPEG = {"Content-Type": "image/jpeg"}


class Things:
    """Makes things, as the administrator and at a screen."""

    def __init__(self, address, admin, who="run", kiosk=None, screen=None):
        self.address, self.admin, self.kiosk, self.device = address, admin, kiosk, screen
        # Who may have a face by now.
        self.pictured = []
        # What one run has made is not made again by the next.
        self.count = itertools.count({"run": 0, "admin": 100_000, "kiosk": 200_000}[who])

    def nonce(self):
        """An id that nothing has yet, the same ones in each run."""
        number, digits = next(self.count), ""
        for _ in range(15):
            number, digit = divmod(number, 32)
            digits = CROCKFORD[digit] + digits
        return "01JD5Z3N8GQ" + digits

    def person(self, **fields):
        return self.admin.make("/api/v1/people", name="Siti Aminah", **fields)["id"]

    def number(self):
        """The number of a new person."""
        number = f"26{next(self.count):08}"
        self.person(number=number)
        return number

    def consent(self, purpose="face"):
        """A new person who has agreed to this."""
        person = self.person()
        given = {"purpose": purpose, "means": "paper", "text_version": "2026-1"}
        self.admin.make(f"/api/v1/people/{person}/consents", **given)
        return person

    def pictures(self, person):
        """Pictures of the person's face that wait for an enrolment."""
        self.pictured.append(person)
        for _ in range(3):
            path = f"/api/v1/people/{person}/face/pictures"
            seen = self.admin.got("POST", path, data=PICTURE, headers=JPEG).json()
            if not seen["taken"]:
                raise AssertionError(f"the picture is not taken: {seen}")
        return person

    def face(self):
        """A new person with a face."""
        person = self.pictures(self.consent())
        # All of them have the same face.
        self.admin.make(f"/api/v1/people/{person}/face", not_same_person="test")
        return person

    def event(self):
        return self.admin.make("/api/v1/events", name="Wisuda")["id"]

    def ticket(self, event=None):
        """A new ticket with its code: {"id", "code"}."""
        return self.admin.make(f"/api/v1/events/{event or self.event()}/tickets")

    def scan(self, event, code, verdict):
        """The nonce of a check-in with this code, which must come to this."""
        nonce = self.nonce()
        asked = {"nonce": nonce, "occasion": f"event:{event}", "code": code}
        decision = self.admin.make("/api/v1/check-ins", **asked)
        if decision["verdict"] != verdict:
            raise AssertionError(f"not {verdict}: {decision}")
        return nonce

    def check_in(self):
        """The nonce of an admission."""
        event = self.event()
        return self.scan(event, self.ticket(event)["code"], "admitted")

    def second_scan(self):
        """The nonce of a check-in with a ticket that was used before."""
        event = self.event()
        code = self.ticket(event)["code"]
        self.scan(event, code, "admitted")
        return self.scan(event, code, "already")

    def offer(self, kind="kiosk"):
        """A new device that waits for its code: {"device", "code"}."""
        return self.admin.make("/api/v1/devices", name="Gerbang", kind=kind)

    def screen(self, kind="kiosk"):
        """A paired device, and a client that speaks as it."""
        offered = self.offer(kind)
        code = offered["code"]
        paired = Client(self.address).make("/api/v1/devices/pair", code=code)
        bearer = Client(self.address, Authorization=f"Bearer {paired['token']}")
        return offered["device"], bearer

    def room_for_a_webhook(self):
        """An address for a webhook; there may be few of them, so the others make room."""
        for hook in self.admin.read("/api/v1/webhooks")["items"]:
            self.admin.delete(f"/api/v1/webhooks/{hook['id']}")
        return "https://receiver.invalid/hadir"

    def webhook(self):
        """A new webhook, whose address leads nowhere."""
        made = {"url": self.room_for_a_webhook(), "events": ["event.opened"]}
        return self.admin.make("/api/v1/webhooks", **made)["webhook"]

    def room_for_a_key(self):
        """A name for a key of a program; there may be few of them, so the others make room."""
        for key in self.admin.read("/api/v1/keys")["items"]:
            self.admin.delete(f"/api/v1/keys/{key['id']}")
        return "Laporan"

    def key(self):
        """A new key of a program."""
        made = {"name": self.room_for_a_key(), "scopes": ["scan"]}
        return self.admin.make("/api/v1/keys", **made)["key"]

    def delivery(self):
        """A delivery that was not taken: {"webhook", "delivery"}."""
        webhook = self.webhook()
        tried = self.admin.got("POST", f"/api/v1/webhooks/{webhook}/test").json()
        return {"webhook": webhook, **tried}

    def call(self):
        """The screen, which has called for help."""
        self.kiosk.got("POST", "/api/v1/kiosk/help")
        return self.device

    def claim(self):
        """The id of something that a new person has asked for."""
        path = f"/api/v1/people/{self.person()}/claims"
        return self.admin.make(path, kind="access")["items"][0]["id"]

    def session(self):
        """The id and the token of a new session, of somebody who has no other use."""
        client, token = sign_in(self.address, OTHER)
        items = client.read("/api/v1/sessions")["items"]
        return next(item["id"] for item in items if item["current"]), token

    def refresh_token(self):
        """The refresh token of a new session, of the same person."""
        made = self.admin.make("/api/v1/tokens", login=OTHER, password=PASSWORD)
        return made["refresh_token"]

    def link(self):
        """The token of a link with which a person who has agreed enrols themselves."""
        person = self.consent()
        self.pictured.append(person)
        page = self.admin.got("POST", f"/people/{person}/link").text
        return re.search(r"/enrol/own/([^\"/<]+)", page).group(1)

    def link_with_pictures(self):
        """The same, and pictures wait for it; nobody else has that face."""
        for person in self.pictured:
            self.admin.delete(f"/api/v1/people/{person}/face")
        self.pictured.clear()
        token = self.link()
        for _ in range(3):
            path = f"/api/v1/enrol/own/{token}/pictures"
            self.admin.got("POST", path, data=PICTURE, headers=JPEG)
        return token
