"""One run that may fill what is not recognisably ours: the right to it is there for that run, and gone after it whatever happens."""

import json
import signal
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from deploying import Refused
from deploying.aws import Failed, aws
from deploying.stacks import wait_until_settled

# A run that is already going on keeps the only place; it takes five minutes at most.
TRIES, PAUSE = 30, 10


@contextmanager
def signals(*numbers, handler):
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, one in before.items():
            signal.signal(number, one)


def interrupt(*_):
    raise KeyboardInterrupt


def once(deploy_home, name, region):
    """Deploys with the consent, runs once, and deploys without it."""
    with signals(signal.SIGTERM, signal.SIGHUP, handler=interrupt):
        try:
            deploy_home({"Bootstrap": "true"})
            tell(run(name, region))
        finally:
            # Whoever is impatient now would leave the consent behind.
            with signals(signal.SIGINT, signal.SIGTERM, signal.SIGHUP, handler=signal.SIG_IGN):
                take_back(deploy_home, name, region)


def take_back(deploy_home, name, region):
    print("the consent to bootstrap ends", flush=True)
    try:
        wait_until_settled(name, region)
        deploy_home({"Bootstrap": "false"})
    except Refused as refusal:
        print(f"infra/deploy: the consent to bootstrap IS STILL THERE: {refusal}\nTake it back by: infra/deploy", file=sys.stderr)
        raise


def run(name, region):
    """The function's answer to one run."""
    with tempfile.TemporaryDirectory() as folder:
        payload, answer = Path(folder) / "payload.json", Path(folder) / "answer.json"
        payload.write_text("{}")
        command = ["lambda", "invoke", "--function-name", name, "--payload", f"fileb://{payload}", "--cli-read-timeout", "330", str(answer)]
        for left in reversed(range(TRIES)):
            try:
                done = aws(region, *command)
                break
            except Failed as failed:
                if "TooManyRequests" not in failed.error or not left:
                    raise
            time.sleep(PAUSE)
        text = answer.read_text()
    if done.get("FunctionError"):
        raise Refused(f"the run ended in an error: {text[:500]}")
    return json.loads(text)


def tell(answer):
    findings = answer.get("findings", [])
    print(f"the run: {answer.get('verdict')}, {len(findings)} findings, {len(answer.get('calls', []))} calls")
    for finding in findings:
        if finding.get("outcome") in ("blocked", "failed"):
            where = finding["resource"]
            print(f"  left: {where['kind']} {where['name']}: {finding['code']} ({finding.get('reason')})")
