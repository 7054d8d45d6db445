"""Check-ins by ticket kept in a dict, lost with the process: uvicorn baseline:app

TICKETS names a file with one code in each line.

The shape of the request and of the answer is hadir's; nothing is stored, sealed or audited.
"""
import os
import time
from typing import Literal

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
with open(os.environ["TICKETS"], encoding="utf-8") as file:
    tickets = {line.strip(): None for line in file}
answers: dict[str, dict] = {}


class CheckIn(BaseModel):
    nonce: str
    occasion: str
    code: str
    direction: Literal["entry", "exit"] = "entry"


@app.post("/api/v1/check-ins")
async def check_in(wanted: CheckIn) -> dict:
    if wanted.nonce in answers:
        return answers[wanted.nonce]
    if wanted.code not in tickets:
        raise HTTPException(404, "unknown_ticket")
    now = int(time.time() * 1000)
    before = tickets[wanted.code]
    verdict = "admitted" if before is None else "already"
    tickets[wanted.code] = before or now
    answer = {
        "nonce": wanted.nonce,
        "verdict": verdict,
        "reason": None if before is None else "already_admitted",
        "sentence": "Selamat datang." if before is None else "Tiket ini sudah dipakai.",
        "next_step": None,
        "name": None,
        "at_ms": now,
        "first_at_ms": before or now,
        "direction": wanted.direction,
        "means": "code",
        "sequence": len(answers) + 1,
        "liveness": None,
    }
    answers[wanted.nonce] = answer
    return answer
