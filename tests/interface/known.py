"""Puts into generated requests what the box knows, so that they do something: ids of things that
exist in the path, and whole bodies where a generated one can name nothing. Every fourth request
of a kind stays as it was generated."""

from schemathesis.core.parameters import ParameterLocation

from box import OTHER, PASSWORD, PIN

ENDING = ["DELETE /api/v1/session", "DELETE /api/v1/sessions/{session}"]


def paths(things):
    """For each operation what its path names, made anew for each request. An operation that is
    not here names by its parameter's name, as below."""
    return {
        "DELETE /api/v1/people/{person}/consents/{purpose}": lambda case: {
            "person": things.consent(case.path_parameters.get("purpose", "face"))
        },
        "DELETE /api/v1/people/{person}/face": lambda _: {"person": things.face()},
        "POST /api/v1/people/{person}/face": lambda _: {
            "person": things.pictures(things.consent())
        },
        "POST /api/v1/desk/help/{device}/answer": lambda _: {"device": things.call()},
        "POST /api/v1/enrol/own/{token}/face": lambda _: {"token": things.link_with_pictures()},
        "POST /api/v1/webhooks/{webhook}/deliveries/{delivery}/retry": lambda _: things.delivery(),
    }


def names(things):
    """For each name of a path's parameter something that it may name."""
    return {
        "person": things.person,
        "event": things.event,
        "ticket": lambda: things.ticket()["id"],
        "device": lambda: things.offer()["device"],
        "nonce": things.check_in,
        "token": things.link,
        "webhook": things.webhook,
        "claim": things.claim,
        "key": things.key,
    }


def bodies(things):
    """For each operation the fields of a body that names what exists; the others stay as they
    were generated. None takes a field away."""

    def code(_):
        event = things.event()
        return {
            "occasion": f"event:{event}",
            "code": things.ticket(event)["code"],
            "person": None,
            "number": None,
            "nonce": things.nonce(),
        }

    def person(_):
        return {**code(_), "occasion": "today", "code": None, "person": things.person()}

    def number(_):
        return {**code(_), "occasion": "today", "code": None, "number": things.number()}

    def online(fields):
        return lambda body: {**fields(body), "mode": None, "happened_at_ms": None}

    def report(body):
        return {**number(body), "instead_of": things.nonce()}

    def override(_):
        return {"nonce": things.nonce(), "instead_of": things.second_scan()}

    def walk_in(_):
        event, nonce = things.event(), things.nonce()
        return {"occasion": f"event:{event}", "nonce": nonce, "code": f"JALAN{nonce}"}

    def either(field, value):
        return lambda body: {field: value()} if body.get(field) else {}

    kiosk = "/api/v1/kiosk/"
    return {
        "POST /api/v1/session": [lambda _: {"login": OTHER, "password": PASSWORD}],
        "POST /api/v1/tokens": [
            lambda _: {"login": OTHER, "password": PASSWORD, "code": None}
        ],
        "POST /api/v1/tokens/refresh": [lambda _: {"refresh_token": things.refresh_token()}],
        "POST /api/v1/people/{person}/merge": [lambda _: {"from": things.person()}],
        "POST /api/v1/check-ins": [online(code), online(person), online(number), code],
        "POST /api/v1/desk/reports": [report],
        "POST /api/v1/desk/overrides": [override],
        "POST /api/v1/desk/walk-ins": [walk_in],
        "POST /api/v1/devices/pair": [lambda _: {"code": things.offer()["code"]}],
        "POST /api/v1/devices": [either("event", things.event)],
        "POST /api/v1/events/{event}/tickets": [
            lambda body: {"gates": ["utara"], **either("holder", things.person)(body)},
        ],
        "POST /api/v1/people/{person}/face": [lambda _: {"not_same_person": "test"}],
        "POST /api/v1/keys": [lambda _: {"name": things.room_for_a_key()}],
        "POST /api/v1/webhooks": [lambda _: {"url": things.room_for_a_webhook()}],
        f"POST {kiosk}code": [
            lambda _: {"nonce": things.nonce(), "code": things.ticket()["code"]},
        ],
        f"POST {kiosk}number": [
            lambda _: {"nonce": things.nonce(), "number": things.number()},
        ],
        f"POST {kiosk}options": [either("event", things.event)],
        f"POST {kiosk}escape": [lambda _: {"pin": PIN}],
    }


class Known:
    """What the box knows, put into requests."""

    def __init__(self, things, needed):
        self.things, self.needed = things, needed
        self.paths, self.names, self.bodies = paths(things), names(things), bodies(things)
        self.asked = {}

    def put_into(self, case):
        """Changes a request before it is sent."""
        name = case.operation.label
        if name in ENDING:
            # Never the session with which all others are asked.
            session, token = self.things.session()
            self.names["session"] = lambda: session
            case.headers["Cookie"] = f"hadir_native={token}"
        for field, value in (case.path_parameters or {}).items():
            # Schemathesis learns ids from answers; these are those on whom all others depend.
            if value in self.needed:
                case.path_parameters[field] = self.things.nonce()
        number = self.asked[name] = self.asked.get(name, -1) + 1
        if number % 4 == 3 or not case.meta:
            return
        path = case.meta.components.get(ParameterLocation.PATH)
        if path and path.mode.is_positive:
            case.path_parameters.update(self.path_of(name, case))
        if not case.meta.generation.mode.is_positive:
            return
        if isinstance(case.body, dict):
            self.fill(name, number, case)
        if name == "POST /api/v1/check-ins/face":
            case.query["nonce"] = self.things.nonce()

    def path_of(self, name, case):
        if name in self.paths:
            return self.paths[name](case)
        return {field: self.names[field]() for field in case.path_parameters if field in self.names}

    def fill(self, name, number, case):
        makers = self.bodies.get(name)
        if not makers:
            return
        fields = makers[number % len(makers)](case.body)
        body = {**case.body, **fields}
        case.body = {field: value for field, value in body.items() if fields.get(field, 0) is not None}

