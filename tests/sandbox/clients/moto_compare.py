#!/usr/bin/env python3
"""Makes the same calls to the sandbox and to moto and compares the answers.

Two emulators written apart from each other seldom invent the same mistake, so where they agree the answer is
likely that of AWS. Where they differ, moto_differences.py says which fact about AWS the sandbox follows. A
difference that is not listed fails, and so does one that is listed and gone.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import datetime

from botocore.exceptions import ClientError

from cloud import Account
from moto_differences import DIFFERENCES
from moto_steps import SCENARIOS

# moto knows one account unless told otherwise.
MOTO_ACCOUNT = "123456789012"

RANDOM = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b(?:AROA|AIDA|AKIA|ASIA)[A-Z0-9]{16,17}\b"
)
OPAQUE = {"VersionId", "MessageId", "UserId"}


class Plain:
    """Answers without what differs from run to run: ids become ordinals by first appearance, times a word."""

    def __init__(self, account):
        self.account, self.ids = account, {}

    def text(self, text):
        text = text.replace(self.account, "ACCOUNT")
        return RANDOM.sub(lambda m: self.ids.setdefault(m.group(), f"id{len(self.ids)}"), text)

    def value(self, value, name=""):
        if isinstance(value, dict):
            return {k: self.value(v, k) for k, v in sorted(value.items())}
        if isinstance(value, list):
            return sorted((self.value(v) for v in value), key=json.dumps)
        if isinstance(value, datetime):
            return "<time>"
        if not isinstance(value, str):
            return value
        if name in OPAQUE:
            return "<opaque>"
        if name in ("Policy", "PolicyDocument") and value[:1] == "{":
            return self.value(json.loads(value))
        return self.text(value)

    def answer(self, call):
        """The answer as path -> leaf. An error is its code and status: nobody promises its words."""
        try:
            found = call()
        except ClientError as error:
            return {
                "error": error.response["Error"]["Code"],
                "status": error.response["ResponseMetadata"]["HTTPStatusCode"],
            }
        found.pop("ResponseMetadata")
        return dict(leaves(self.value(found)))


def leaves(value, path=""):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{n}]")
    elif value is not None:
        yield path, value


def run(account):
    plain = Plain(account.id)
    return {label: plain.answer(call) for scenario in SCENARIOS for label, call in scenario(account)}


def compare(sandbox, moto):
    """(step, path) -> both values, wherever they differ; path is `outcome` where only one of them refused."""
    found = {}
    for step, ours in sandbox.items():
        theirs = moto[step]
        if ("error" in ours) != ("error" in theirs):
            found[step, "outcome"] = (ours.get("error", "done"), theirs.get("error", "done"))
            continue
        for path in sorted(ours.keys() | theirs.keys()):
            if ours.get(path) != theirs.get(path):
                found[step, path] = (ours.get(path), theirs.get(path))
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_moto():
    port = free_port()
    command = [
        os.path.join(os.path.dirname(sys.executable), "moto_server"),
        "-H",
        "127.0.0.1",
        "-p",
        str(port),
    ]
    # Without this moto knows no managed policies, and attaching one fails.
    environment = os.environ | {"MOTO_IAM_LOAD_MANAGED_POLICIES": "true"}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/moto-api/data.json", timeout=5).close()
            return server, f"http://127.0.0.1:{port}"
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.1)
    server.kill()
    sys.exit("moto_server did not start")


def main():
    server, url = start_moto()
    try:
        moto = run(Account(MOTO_ACCOUNT, url))
    finally:
        server.terminate()
        server.wait()
    found = compare(run(Account()), moto)

    gone, unlisted = set(DIFFERENCES), []
    for (step, path), (ours, theirs) in found.items():
        listed = [d for d in DIFFERENCES if re.fullmatch(d[0], step) and re.fullmatch(d[1], path)]
        gone.difference_update(listed)
        if not listed:
            unlisted.append(f"  {step} | {path}: sandbox {ours!r}, moto {theirs!r}")

    if unlisted:
        print("differences that no fact explains:", *unlisted, sep="\n", file=sys.stderr)
    if gone:
        print("listed differences that no longer occur:", file=sys.stderr)
        print(*sorted(f"  {step} | {path}" for step, path, _ in gone), sep="\n", file=sys.stderr)
    print(f"{len(moto)} calls to each, {len(found)} values differ for {len(DIFFERENCES)} reasons")
    return 1 if unlisted or gone else 0


if __name__ == "__main__":
    sys.exit(main())
