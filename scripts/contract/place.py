"""A server in a fresh directory, with something of every noun in it, and a token for each principal.

It is the real binary on loopback; what it logs stays in the directory.
"""

import json
import os
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

DEFINITIONS = """
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: shop}
spec: {type: team, children: []}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: cart}
spec: {type: service, lifecycle: production, owner: shop}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: card}
spec: {type: service, lifecycle: production, owner: pay}
---
apiVersion: plimsoll/v1
kind: Receiver
metadata: {name: ours}
spec: {team: shop, webhook: {url: 'http://127.0.0.1:9/hook'}}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: cart-up}
spec:
  service: cart
  indicator:
    metadata: {name: cart-requests}
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {spec: {query: 'bad_total'}}}
        total: {metricSource: {spec: {query: 'all_total'}}}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.99}]
"""

# Who asks: what they are called, the role of their token, and the team that it is limited to.
PRINCIPALS = {
    "nobody": None,
    "viewer": ("viewer", None),
    "responder": ("responder", None),
    "editor": ("editor", None),
    "admin": ("admin", None),
    "admin of a team": ("admin", "shop"),
}


class Site:
    """A running server."""

    def __init__(self, binary, place, store=None):
        self.place = Path(place)
        self.log = self.place / "log"
        data = str(self.place / "data")
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PLIMSOLL_")}
        if store:
            environment["PLIMSOLL_STORE"] = store
        make = [binary, "tokens", "create", "--name", "contract", "--role", "admin", "--data", data]
        made = subprocess.run(make, env=environment, check=True, capture_output=True, text=True)
        self.token = made.stdout.split()[-1]
        self.process = subprocess.Popen(
            [binary, "serve", "--data", data, "--listen", "127.0.0.1:0"],
            env=environment, stdout=subprocess.PIPE, stderr=self.log.open("w"), text=True,
        )
        described = subprocess.run([binary, "openapi"], check=True, capture_output=True)
        self.document = json.loads(described.stdout)
        self.openapi = self.place / "openapi.json"
        self.openapi.write_bytes(described.stdout)
        self.known, self.tokens = {}, {}
        self.url = self.process.stdout.readline().strip().removeprefix("Plimsoll listens on ")
        if not self.url.startswith("http://"):
            raise RuntimeError(f"the server did not start: {self.log.read_text()}")

    def stop(self):
        """Ends it; its exit code."""
        self.process.terminate()
        return self.process.wait(timeout=30)

    def ask(self, method, path, body=None, token=None):
        """The status and the JSON of a request, whatever the status is."""
        request = urllib.request.Request(self.url + path, method=method)
        request.add_header("Authorization", f"Bearer {token or self.token}")
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                text = answer.read()
                return answer.status, json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def make(self, method, path, body=None):
        """The JSON of a request that must succeed."""
        status, answer = self.ask(method, path, body)
        if status >= 300:
            raise RuntimeError(f"{method} {path}: {status} {answer}")
        return answer

    def furnish(self):
        """Makes one of everything, for operations to name, and the token of each principal."""
        files = [{"path": "shop.yaml", "text": DEFINITIONS}]
        applied = self.make("POST", "/api/v1/definitions/apply", {"files": files})
        if not applied["applied"]:
            raise RuntimeError(json.dumps(applied, indent=2))
        release = {"service": "cart", "environment": "production", "artifact": "sha256:1",
                   "class": "feature"}
        sender = {"name": "x", "scopes": ["record_deployment"]}
        made = {
            "deployments": self.make("POST", "/api/v1/deployments", {**release, "version": "1"}),
            "decisions": self.make("POST", "/api/v1/gates/check", release),
            "people": self.make("POST", "/api/v1/people", {"name": "bob"})["person"],
            "tokens": self.make("POST", "/api/v1/tokens", {"name": "x", "role": "viewer"}),
            "webhooks": self.make("POST", "/api/v1/webhooks", sender),
        }
        self.known = {path: values for path, values in self.names(made).items()
                      if path in self.document["paths"]}
        for name, limits in PRINCIPALS.items():
            self.tokens[name] = None
            if limits:
                new = {"name": name, "role": limits[0], "team": limits[1]}
                self.tokens[name] = self.make("POST", "/api/v1/tokens", new)["secret"]

    def names(self, made):
        """What there is to name, by path and parameter."""
        person, decision = made["people"]["id"], made["decisions"]["id"]
        known = {}
        for path in self.document["paths"]:
            parts = path.removeprefix("/api/v1/").split("/")
            if parts[0] in made and "{id}" in parts:
                known[path] = {"path.id": [made[parts[0]]["id"]]}
            elif parts[0] == "slos" and "{name}" in parts:
                known[path] = {"path.name": ["cart-up"]}
            elif parts[:2] == ["teams", "{name}"]:
                known[path] = {"path.name": ["shop", "pay"]}
        known["/api/v1/teams/{name}/members/{id}"]["path.id"] = [person]
        known["/api/v1/services/{name}"] = {"path.name": ["cart", "card"]}
        known["/api/v1/receivers/{name}/test"] = {"path.name": ["ours"]}
        known["/api/v1/definitions/{kind}/{name}"] = {
            "path.kind": ["SLO", "Component", "BurnPolicy"],
            "path.name": ["cart-up", "cart", "workbook"],
        }
        known["/api/v1/seals/{kind}/{key}"] = {
            "path.kind": ["entry", "decision", "document"], "path.key": [decision],
        }
        return known
