"""A real SMTP server (aiosmtpd) that keeps what it takes, a JSON line each, and answers some
addresses as they ask: refuse-550@, later-451@, content-554@, vanish@ (hangs up after the content)."""

import argparse
import asyncio
import json
import logging
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

logging.getLogger("mail.log").setLevel(logging.CRITICAL)


class Keeper:
    def __init__(self, path):
        self.path = path

    async def handle_RCPT(self, server, session, envelope, address, options):
        for word, answer in (("refuse", "550 no such user"), ("later", "451 greylisted")):
            if address.startswith(word):
                return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if any(to.startswith("content") for to in envelope.rcpt_tos):
            return "554 not in this house"
        kept = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "text": envelope.original_content.decode("ascii"),
            "encrypted": session.ssl is not None or ENCRYPTED,
            "signed_in": bool(session.authenticated),
        }
        with open(self.path, "a") as out:
            out.write(json.dumps(kept) + "\n")
        if any(to.startswith("vanish") for to in envelope.rcpt_tos):
            server.transport.abort()
        with open(self.path) as kept:
            return f"250 2.0.0 Ok: queued as M{len(kept.readlines())}"


def sign_in(server, session, envelope, mechanism, data):
    sound = isinstance(data, LoginPassword) and data.login == b"plimsoll"
    # Not handled: the server itself answers who is refused.
    return AuthResult(success=sound and data.password == b"a long password", handled=False)


arguments = argparse.ArgumentParser()
arguments.add_argument("--port", type=int)
arguments.add_argument("--inbox")
arguments.add_argument("--certificate")
arguments.add_argument("--key")
arguments.add_argument("--mode", choices=["starttls", "tls", "none"])
arguments.add_argument("--sign-in", action="store_true")
given = arguments.parse_args()
ENCRYPTED = given.mode == "tls"
context = None
if given.mode != "none":
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(given.certificate, given.key)


def server():
    more = {"tls_context": context, "require_starttls": True} if given.mode == "starttls" else {}
    if given.sign_in:
        more |= {"authenticator": sign_in, "auth_required": True}
        more |= {"auth_require_tls": given.mode == "starttls"}
    return SMTP(Keeper(given.inbox), hostname="mail.test", **more)


async def main():
    implicit = context if given.mode == "tls" else None
    listener = await asyncio.get_running_loop().create_server(
        server, "127.0.0.1", given.port, ssl=implicit
    )
    print("ready", file=sys.stderr, flush=True)
    await listener.serve_forever()


asyncio.run(main())
