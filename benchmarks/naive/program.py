"""A dynamic provider as blog posts write it.

Its class is part of the program, and each call opens a connection and fetches a token. With
BENCH_READ it has a `read`: one GET, and one token, for each object.
"""

import os

import requests
from pulumi.dynamic import CreateResult, ReadResult, Resource, ResourceProvider, UpdateResult

from benchmarks.objects import requested_objects


class EgainProvider(ResourceProvider):
    """Create, update and delete, with `requests`."""

    def headers(self):
        """Fetch a token for one call."""
        answer = requests.post(
            os.environ["EGAIN_TOKEN_URL"],
            data={
                "grant_type": "client_credentials",
                "client_id": os.environ["EGAIN_CLIENT_ID"],
                "client_secret": os.environ["EGAIN_CLIENT_SECRET"],
                "scope": "https://api.egain.cloud/auth/.default",
            },
            timeout=60,
        )
        answer.raise_for_status()
        return {"Authorization": "Bearer " + answer.json()["access_token"]}

    def create(self, props):
        """POST the object and return its id."""
        url = os.environ["EGAIN_BASE_URL"] + "/" + props["collection"]
        answer = requests.post(url, json=props["body"], headers=self.headers(), timeout=60)
        answer.raise_for_status()
        return CreateResult(answer.json()["id"], props)

    if "BENCH_READ" in os.environ:

        def read(self, id, props):
            """GET the fields that the program declares."""
            url = os.environ["EGAIN_BASE_URL"] + "/" + props["collection"] + "/" + id
            answer = requests.get(url, headers=self.headers(), timeout=60)
            answer.raise_for_status()
            found = answer.json()
            body = {key: found.get(key) for key in props["body"]}
            seen = {"collection": props["collection"], "body": body}
            return ReadResult(id, seen, seen)

    def update(self, id, olds, news):
        """PUT the declared body."""
        url = os.environ["EGAIN_BASE_URL"] + "/" + news["collection"] + "/" + id
        answer = requests.put(url, json=news["body"], headers=self.headers(), timeout=60)
        answer.raise_for_status()
        return UpdateResult(news)

    def delete(self, id, props):
        """DELETE."""
        url = os.environ["EGAIN_BASE_URL"] + "/" + props["collection"] + "/" + id
        requests.delete(url, headers=self.headers(), timeout=60).raise_for_status()


class EgainObject(Resource):
    """An eGain object of any kind."""

    def __init__(self, name, collection, body, opts=None):
        super().__init__(EgainProvider(), name, {"collection": collection, "body": body}, opts)


ids: dict = {}
for item in requested_objects():
    ids[item.name] = EgainObject(item.name, item.collection, item.body(ids)).id
