"""Whether what was written is what is read back: for each operation that writes, where it is read,
and what has to stand there."""

import unicodedata

from box import Client

CHECKS = {}


def reads(*names):
    """Names the operations whose writing a function reads back."""

    def keep(function):
        CHECKS.update(dict.fromkeys(names, function))
        return function

    return keep


class Done:
    """A request that succeeded: what was sent, what was answered, and who reads it back."""

    def __init__(self, case, response, admin, kiosk):
        self.path = case.path_parameters or {}
        self.sent = case.body if isinstance(case.body, dict) else {}
        self.got = response.json() if response.content else None
        self.admin, self.kiosk, self.address = admin, kiosk, admin.address
        self.headers, self.operation = response.headers, case.operation.label

    def person(self):
        return self.admin.read(f"/api/v1/people/{self.path['person']}")

    def same(self, read, wanted):
        for field, value in wanted.items():
            if read.get(field) != value:
                raise AssertionError(
                    f"{self.operation}: written {field} = {value!r}, read {read.get(field)!r}"
                )

    def all(self, path):
        """All items of a list, page by page."""
        after = {}
        while True:
            page = self.admin.read(path, limit=500, **after)
            yield from page["items"]
            if page["next"] is None:
                return
            after = {"after": page["next"]}


def compare(case, response, admin, kiosk):
    """Reads back what a request wrote that succeeded."""
    check = CHECKS.get(case.operation.label)
    if check:
        check(Done(case, response, admin, kiosk))


def tidy(text):
    """A text as the box keeps it: composed, without space around it, single spaces inside."""
    return text and " ".join(unicodedata.normalize("NFC", text).split())


def of_person(sent):
    shaped = {field: tidy(value) for field, value in sent.items()}
    if shaped.get("email"):
        shaped["email"] = shaped["email"].lower()
    return shaped


@reads("POST /api/v1/people")
def person_added(done):
    read = done.admin.read(f"/api/v1/people/{done.got['id']}")
    wanted = of_person(done.sent)
    wanted["role"] = wanted.get("role") or "user"
    done.same(read, {"state": "active", **wanted})
    done.same(read, done.got)


@reads("PATCH /api/v1/people/{person}")
def person_changed(done):
    wanted = of_person(done.sent)
    if wanted.get("name", "") is None:
        del wanted["name"]
    done.same(done.person(), {**done.got, **wanted})


@reads("PUT /api/v1/people/{person}/role")
def role_given(done):
    done.same(done.person(), {"role": done.sent["role"]})


@reads("POST /api/v1/people/{person}/disable")
def disabled(done):
    done.same(done.person(), {"state": "disabled"})


@reads("POST /api/v1/people/{person}/enable")
def enabled(done):
    done.same(done.person(), {"state": "active"})


@reads("DELETE /api/v1/people/{person}")
def erased(done):
    gone(done, f"/api/v1/people/{done.path['person']}")


def gone(done, path):
    answer = done.admin.get(path)
    if answer.status_code != 404:
        raise AssertionError(f"{done.operation}: {path} is still there: {answer.text}")


@reads("POST /api/v1/people/{person}/merge")
def merged(done):
    gone(done, f"/api/v1/people/{done.sent['from']}")
    done.same(done.person(), done.got)


@reads("POST /api/v1/people/{person}/claims")
def asked_for(done):
    items = done.admin.read(f"/api/v1/people/{done.path['person']}/claims")["items"]
    done.same(items[0], {"kind": done.sent["kind"], "state": "open"})
    done.same(items[0], {"note": tidy(done.sent.get("note"))})


@reads("POST /api/v1/privacy/claims/{claim}/close")
def answered(done):
    open_ones = done.admin.read("/api/v1/privacy/claims")["items"]
    if any(item["id"] == done.path["claim"] for item in open_ones):
        raise AssertionError(f"{done.operation}: it still waits")


@reads("PUT /api/v1/privacy/notice")
def published(done):
    done.same(done.admin.read("/api/v1/privacy/notice"), done.got)


@reads("PUT /api/v1/people/{person}/login")
def login_given(done):
    signed = Client(done.address).make("/api/v1/session", **done.sent)
    done.same(signed, {"person": done.path["person"]})


@reads("POST /api/v1/people/{person}/consents")
def consent_recorded(done):
    items = done.admin.read(f"/api/v1/people/{done.path['person']}/consents")["items"]
    found = [i for i in items if i["purpose"] == done.sent["purpose"]]
    done.same(found[-1], {k: v for k, v in done.sent.items() if k != "guardian"})
    guardian = done.sent.get("guardian")
    done.same(found[-1], {"guardian": guardian and of_person(guardian), "withdrawn_at_ms": None})


@reads("DELETE /api/v1/people/{person}/consents/{purpose}")
def consent_withdrawn(done):
    items = done.admin.read(f"/api/v1/people/{done.path['person']}/consents")["items"]
    for item in items:
        if item["purpose"] == done.path["purpose"] and item["withdrawn_at_ms"] is None:
            raise AssertionError(f"{done.operation}: in force: {item}")


@reads("POST /api/v1/people/{person}/face")
def enrolled(done):
    done.same(done.person(), {"face_pictures": done.got["pictures"]})


@reads("DELETE /api/v1/people/{person}/face")
def face_removed(done):
    done.same(done.person(), {"face_pictures": None})


@reads("POST /api/v1/events")
def event_made(done):
    read = done.admin.read(f"/api/v1/events/{done.got['id']}")
    done.same(read, {"name": tidy(done.sent["name"])})
    done.same(read, {k: v for k, v in done.sent.items() if v is not None and k != "name"})
    done.same(read, done.got)


@reads("POST /api/v1/events/{event}/open", "POST /api/v1/events/{event}/close")
def event_changed(done):
    state = "open" if done.operation.endswith("/open") else "closed"
    done.same(done.admin.read(f"/api/v1/events/{done.path['event']}"), {"state": state})


@reads("POST /api/v1/events/{event}/tickets")
def ticket_issued(done):
    items = done.all(f"/api/v1/events/{done.path['event']}/tickets")
    read = next(item for item in items if item["id"] == done.got["id"])
    sent = {k: v for k, v in done.sent.items() if v is not None and k != "code"}
    done.same(read, {"state": "valid", "settled": True, "answered": True, "gates": [], **sent})
    code = done.admin.read(f"/api/v1/tickets/{done.got['id']}/code")
    done.same(code, done.got)
    if done.sent.get("code"):
        done.same(code, {"code": done.sent["code"].strip()})


@reads("POST /api/v1/devices")
def device_offered(done):
    read = next(i for i in done.all("/api/v1/devices") if i["id"] == done.got["device"])
    shown = ["kind", "access", "event", "direction"]
    done.same(read, {k: done.sent[k] for k in shown if done.sent.get(k) is not None})
    done.same(read, {"name": tidy(done.sent["name"]), "revoked": False, "paired_at_ms": None})


@reads("DELETE /api/v1/devices/{device}")
def device_revoked(done):
    read = next(i for i in done.all("/api/v1/devices") if i["id"] == done.path["device"])
    done.same(read, {"revoked": True})


def webhook(done, webhook):
    """A webhook as the list has it; None: it is not there."""
    items = done.admin.read("/api/v1/webhooks")["items"]
    return next((i for i in items if i["id"] == webhook), None)


def key(done, key):
    """A key of a program as the list has it; None: it is not there."""
    items = done.admin.read("/api/v1/keys")["items"]
    return next((i for i in items if i["id"] == key), None)


@reads("POST /api/v1/keys", "POST /api/v1/keys/{key}/rotate")
def key_made(done):
    read = key(done, done.got["key"])
    if done.operation.endswith("/keys"):
        done.same(read, {"name": tidy(done.sent["name"]), "seen_at_ms": None})
    elif read["old_until_ms"] is None:
        raise AssertionError("the text before a rotation holds no longer")


@reads("DELETE /api/v1/keys/{key}")
def key_revoked(done):
    if key(done, done.path["key"]) is not None:
        raise AssertionError("a revoked key is still there")


@reads("POST /api/v1/webhooks")
def webhook_made(done):
    read = webhook(done, done.got["webhook"])
    done.same(read, {"on": True, "failures": 0})
    if set(read["events"]) != set(done.sent["events"]):
        raise AssertionError(f"written {done.sent['events']}, read {read['events']}")


@reads("PATCH /api/v1/webhooks/{webhook}")
def webhook_switched(done):
    done.same(webhook(done, done.path["webhook"]), {"on": done.sent["on"]})


@reads("DELETE /api/v1/webhooks/{webhook}")
def webhook_removed(done):
    if webhook(done, done.path["webhook"]) is not None:
        raise AssertionError("a removed webhook is still there")


@reads("POST /api/v1/webhooks/{webhook}/test")
def webhook_tried(done):
    log = done.admin.read(f"/api/v1/webhooks/{done.path['webhook']}/deliveries")["items"]
    done.same(next(i for i in log if i["id"] == done.got["delivery"]), {"event": "webhook.test"})


@reads("POST /api/v1/devices/pair")
def device_paired(done):
    bearer = Client(done.address, Authorization=f"Bearer {done.got['token']}")
    done.same(bearer.read("/api/v1/session"), {"device": done.got["device"]})


@reads("POST /api/v1/session")
def signed_in(done):
    token = done.headers["set-cookie"][0].split(";")[0]
    read = Client(done.address, Cookie=token).read("/api/v1/session")
    done.same(read, {"person": done.got["person"], "role": done.got["role"]})


@reads(
    "POST /api/v1/check-ins",
    "POST /api/v1/check-ins/face",
    "POST /api/v1/desk/overrides",
    "POST /api/v1/desk/reports",
    "POST /api/v1/desk/walk-ins",
)
def checked_in(done):
    # What was only counted, as a picture without a face, is not kept.
    if done.got["sequence"] is not None:
        read = done.admin.read(f"/api/v1/check-ins/{done.got['nonce']}")
        # The sentence is in the reader's language, the name as the reader may see it.
        done.same(read, {k: v for k, v in done.got.items() if k not in ["sentence", "name"]})
        done.same(read, {"undone": False})


@reads("POST /api/v1/kiosk/code", "POST /api/v1/kiosk/number")
def checked_in_at_a_screen(done):
    read = done.admin.read(f"/api/v1/check-ins/{done.got['nonce']}")
    same = ["nonce", "verdict", "reason", "liveness", "at_ms"]
    done.same(read, {field: done.got[field] for field in same})


@reads("POST /api/v1/check-ins/{nonce}/undo")
def undone(done):
    read = done.admin.read(f"/api/v1/check-ins/{done.path['nonce']}")
    done.same(read, {"undone": True, "nonce": done.got["nonce"]})


@reads("PATCH /api/v1/settings")
def settings_changed(done):
    read = done.admin.read("/api/v1/settings")
    done.same(read, done.got)
    wanted = {k: tidy(v) for k, v in done.sent.items() if v is not None and k != "kiosk_pin"}
    if "kiosk_pin" in done.sent:
        wanted["kiosk_pin"] = done.sent["kiosk_pin"] is not None
    done.same(read, wanted)


@reads("POST /api/v1/kiosk/help")
def help_called(done):
    calls = done.admin.read("/api/v1/desk/state")["help"]
    me = done.kiosk.read("/api/v1/session")["device"]
    if me not in [call["device"] for call in calls]:
        raise AssertionError(f"{done.operation}: the desk does not know of it: {calls}")


@reads("POST /api/v1/kiosk/heartbeat")
def sign_given(done):
    me = done.kiosk.read("/api/v1/session")["device"]
    read = next(i for i in done.all("/api/v1/devices") if i["id"] == me)
    done.same(read, {"online": True})


@reads("POST /api/v1/kiosk/options")
def chosen(done):
    menu = done.kiosk.read("/api/v1/kiosk/menu")
    done.same(menu, {"event": done.sent.get("event"), "direction": done.sent["direction"]})
