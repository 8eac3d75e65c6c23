"""A bot on eGain: it understands two intents, hands over to people, and says goodbye.

    python examples/bot/bot.py 8771    a server on this machine: what `make bot` runs
    bot.handler                        the same behind the URL of a cloud function

Its environment says how eGain proves to it who is calling, as the Authentication of its client
application is configured, and where it replies (`EGAIN_BASE_URL` …, docs/conversations.md):

    BOT_CLIENT_ID, BOT_CLIENT_SECRET    oauth2: what POST /oauth2/token gives a token for
    BOT_USERNAME, BOT_PASSWORD          basic
    BOT_NAME                            its participant in eGain; "greeter" if left out
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import os
import queue
import re
import sys
import threading
import time
from collections.abc import Callable
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from egain_pulumi.conversations import Conversations, EgainError, Message, Received, received

INTENTS = {
    "order_complaints": {"order", "parcel", "complaint", "late", "broken"},
    "sales_enquiries": {"buy", "price", "offer", "sale", "cost"},
}
ANSWERS = {
    "order_complaints": "I am sorry to hear that. Which order is it? Its number is in our e-mail.",
    "sales_enquiries": "With pleasure. What would you like to buy?",
}
HELLO = 'Hello! I know about orders and sales. Say "agent" for a person, "bye" when you are done.'
HANDING_OVER = "I am getting somebody for you."
GOODBYE = "Goodbye, and thank you for writing."

TOKEN_PATH, TOKEN_SECONDS, MOST_BYTES = "/oauth2/token", 3600, 2**20
CLIENT = (os.environ.get("BOT_CLIENT_ID", "hub"), os.environ.get("BOT_CLIENT_SECRET", ""))
BASIC = (os.environ.get("BOT_USERNAME", ""), os.environ.get("BOT_PASSWORD", ""))
NAME = os.environ.get("BOT_NAME", "greeter")
log = logging.getLogger("bot")


@cache
def hub() -> Conversations:
    """One for all threads. A reply that is not taken in four seconds would come too late."""
    os.environ.setdefault("EGAIN_OPERATION_TIMEOUT_SECONDS", "4")
    return Conversations()


def reply(message: Received) -> None:
    """Answer a line of a customer; kinds that it does not know, a bot drops."""
    if message.kind != "text" or message.role != "customer" or message.conversation is None:
        return
    bot = hub().custom_bot(NAME, to=message.conversation)
    words = set(re.findall(r"\w+", (message.text or "").lower()))
    intent = next((name for name, known in INTENTS.items() if words & known), None)
    try:
        if "agent" in words:
            bot.send(text(HANDING_OVER), Message("escalation.transfer"))
        elif "bye" in words:
            bot.send(text(GOODBYE), Message("conversation.end"))
        else:
            bot.text(ANSWERS[intent] if intent else HELLO)
    except EgainError as error:  # one line, without what people wrote; sending twice is worse
        log.error("%s", error)


def text(words: str) -> Message:
    """A line of ours."""
    return Message("text", {"text": words})


def answer(path: str, authorization: str, body: bytes, work: Callable[[Received], object]) -> Any:
    """Status and JSON for one request; `work` gets what was delivered."""
    try:
        posted = json.loads(body)
    except (ValueError, RecursionError):
        return 400, None
    if path.partition("?")[0] == TOKEN_PATH:
        return login(posted)
    if not known(authorization):
        return 401, None  # eGain gets itself a new Authorization, and posts once more
    for message in received(posted):
        work(message)
    return 200, None


def login(posted: Any) -> Any:
    """The answer of the token endpoint: a token for who names our client and its secret."""
    asked = posted if isinstance(posted, dict) else {}
    told = [str(asked.get(name)) for name in ("clientId", "clientSecret")]
    if not CLIENT[1] or not same(json.dumps(told), json.dumps(CLIENT)):
        return 401, None
    return 200, {"accessToken": token(int(time.time()) + TOKEN_SECONDS)}


def known(authorization: str) -> bool:
    """Whether it is eGain that calls: by a token that has not expired, or by name and password."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "bearer" and CLIENT[1]:
        expires = number(value.partition(".")[0])
        return expires > time.time() and same(value, token(expires))
    if scheme.lower() == "basic" and BASIC[1]:
        return same(value, base64.b64encode(":".join(BASIC).encode()).decode())
    return False


def token(expires: int) -> str:
    """Signed rather than remembered: of a cloud function there may be many."""
    signed = hmac.new(CLIENT[1].encode(), str(expires).encode(), hashlib.sha256)
    return f"{expires}.{signed.hexdigest()}"


def same(one: str, other: str) -> bool:
    """Compared in a time that says nothing about the secret. A header may hold anything."""
    return hmac.compare_digest(*(each.encode(errors="surrogatepass") for each in (one, other)))


def number(digits: str) -> int:
    """A number that somebody sent; -1 for all else, and for more digits than any of ours has."""
    return int(digits) if re.fullmatch("[0-9]{1,15}", digits) else -1


def handler(event: dict[str, Any], _context: object = None) -> dict[str, Any]:
    """A cloud function behind a URL (payload format 2.0). It works first, and then answers: what
    would run after the answer stands still until the next request."""
    body = event.get("body") or ""
    try:
        raw = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
    except ValueError:
        raw = b""  # which is no JSON either
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    path = event.get("rawPath", "/")
    status, found = answer(path, headers.get("authorization") or "", raw, reply)
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(found) if found else "",
    }


def serve(port: int) -> None:
    """A server on this machine: it answers at once and works after, in the order of arrival."""
    todo: queue.Queue[Received] = queue.Queue()

    class Door(BaseHTTPRequestHandler):
        timeout = 5

        def do_POST(self) -> None:
            lengths = self.headers.get_all("Content-Length", [])
            status, found = 400, None
            if not lengths or "Transfer-Encoding" in self.headers:
                status = 411
            elif len(lengths) == 1 and re.fullmatch("[0-9]+", lengths[0]):
                length, login = number(lengths[0]), self.headers.get("Authorization", "")
                body = self.rfile.read(length) if 0 <= length <= MOST_BYTES else None
                if body is None:
                    status = 413
                elif len(body) == length:
                    status, found = answer(self.path, login, body, todo.put)
            raw = json.dumps(found).encode() if found else b""
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """Write one line instead of a traceback: mostly, the caller has hung up."""
            log.error("a request was not answered: %s", type(sys.exception()).__name__)

    def worker() -> None:
        while True:
            reply(todo.get())

    server = Server(("127.0.0.1", port), Door)
    threading.Thread(target=worker, daemon=True).start()
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    logging.basicConfig(format="%(asctime)s %(message)s")
    if not (CLIENT[1] or BASIC[1]):
        sys.exit("set BOT_CLIENT_SECRET, or BOT_USERNAME and BOT_PASSWORD: who may call the bot?")
    hub()  # a setting that is missing is said now, and not to the first customer
    try:
        serve(int(sys.argv[1]) if len(sys.argv) > 1 else 8771)
    except OSError as error:
        sys.exit(f"the bot did not start: {error.strerror}")
