"""Drifts every attribute of the desired spec alone, through AWS's own API, and has the built function repair it.

    heal_every_attribute.py [-k PART_OF_A_TITLE] [--workers N]
    heal_every_attribute.py --sandbox URL --function URL      a function that runs already, under `cargo lambda watch`

Each worker has a sandbox and a process of the function of its own, because a repair mostly waits for its effects to show.
"""

import argparse
import collections
import pathlib
import queue
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.error

from account import REGIONS, Account
from cases import keys, plans, role, selections, vaults
from contract import check_answer, check_message
from function import Function, InvocationFailed, invoke

ROOT = pathlib.Path(__file__).resolve().parents[3]
DEBUG = ROOT / "target" / "debug"
TABLES = [role, keys, vaults, plans, selections]
TOPIC = "arn:aws:sns:us-east-1:123456789012:drift-healer"
EVENT = {"source": "aws.scheduler", "detail-type": "Scheduled Event", "detail": "{}"}

Stage = collections.namedtuple("Stage", "account function_url stop")


def told(finding):
    """A finding of an answer as the tables write it."""
    place = finding["resource"]
    name = "/".join(filter(None, (place["region"], place["name"])))
    reason = f":{finding['reason']}" if finding["outcome"] != "repaired" else ""
    return f"{place['kind']} {name} {finding['code']}", finding.get("attribute"), finding["outcome"] + reason


def wanted(text):
    """A finding of a table, taken apart in the same way."""
    kind, place, code, *outcome = text.split(" ", 3)
    code, _, attribute = code.partition("@")
    return f"{kind} {place} {code}", attribute or None, outcome[0] if outcome else "repaired"


def check_findings(answer, findings):
    seen = sorted(map(told, answer["findings"]), key=str)
    expected = sorted(map(wanted, findings), key=str)
    same = len(seen) == len(expected) and all(
        (what, came) == (want, comes) and attribute in (None, at)
        for (what, at, came), (want, attribute, comes) in zip(seen, expected)
    )
    assert same, f"found {seen}, expected {expected}"


def differences(before, after, at=""):
    """Every place at which two views differ, with both values."""
    if isinstance(before, dict) and isinstance(after, dict):
        names = sorted(before.keys() | after.keys())
        return [line for name in names for line in differences(before.get(name), after.get(name), f"{at}/{name}")]
    return [] if before == after else [f"{at}: {before} and then {after}"]


def check_restored(before, after):
    """Everything reads as before the drift. A key that was made for the drift may stay, and the spec has no tags for the role."""
    for region in REGIONS:
        after[region]["keys"] = {key: after[region]["keys"][key] for key in before[region]["keys"]}
    before["role"].pop("tags")
    after["role"].pop("tags")
    lines = differences(before, after)
    assert not lines, "not as before: " + "; ".join(lines)


def heal(stage, case):
    """One case, from a fresh deployment to the proof that the second run has nothing to do."""
    account = stage.account
    account.deploy()
    before = account.view()
    case.change(account)
    drifted = account.view()
    assert drifted != before or not case.findings, "the change does not show"
    account.forget()

    answer = invoke(stage.function_url, EVENT)
    check_answer(answer)
    check_findings(answer, case.findings)
    written, messages = account.writes(), account.messages()
    assert written == [call["call"] for call in answer["calls"]], f"{written} written, {answer['calls']} told"
    assert all(call["result"] == "ok" for call in answer["calls"]), answer["calls"]
    assert len(messages) == (1 if case.findings else 0), f"{len(messages)} messages"
    for message in messages:
        check_message(message, answer)
    # What was done through AWS's own API a moment ago stands in the event history.
    for finding in answer["findings"]:
        assert finding["attribution"] or finding["code"] == "unreadable", f"nobody did {told(finding)}"
    left = [finding for finding in case.findings if wanted(finding)[2] != "repaired"]
    after = account.view()
    if left == list(case.findings):
        # Nothing to repair: what is no drift stays as well.
        lines = differences(drifted, after)
        assert written == [] and not lines, f"{written} changed what was to be left alone: {lines}"
    elif not left:
        check_restored(before, after)

    account.forget()
    second = invoke(stage.function_url, EVENT)
    check_answer(second)
    assert account.writes() == [], f"the second run wrote {account.writes()}"
    check_findings(second, left)
    # The same open findings were told a moment ago, by the same process.
    assert account.messages() == [], "the second run's messages"


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def start(log):
    """A sandbox and a function for one worker."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    sandbox = subprocess.Popen(
        [DEBUG / "drift", "sandbox", "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    account = Account(url)
    for _ in range(100):
        try:
            account.now()
            break
        except urllib.error.URLError:
            time.sleep(0.05)
    environment = {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "123456789012",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "MODE": "repair",
        "COMPLIANCE_LOCKS": "start",
        "TOPIC_ARN": TOPIC,
    }
    function = Function(DEBUG / "drift-healer", environment, log)

    def stop():
        function.stop()
        sandbox.terminate()
        sandbox.wait()

    return Stage(account, function.url, stop)


def work(stage, waiting, results):
    while True:
        try:
            case = waiting.get_nowait()
        except queue.Empty:
            return
        began = time.monotonic()
        try:
            heal(stage, case)
            failure = None
        except (AssertionError, InvocationFailed) as error:
            failure = str(error)
        except Exception:
            failure = traceback.format_exc()
        results.put((case.title, time.monotonic() - began, failure))


def run(stages, cases):
    waiting, results = queue.Queue(), queue.Queue()
    for case in cases:
        waiting.put(case)
    for stage in stages:
        threading.Thread(target=work, args=(stage, waiting, results), daemon=True).start()
    failed = 0
    for _ in cases:
        title, seconds, failure = results.get()
        failed += failure is not None
        print(f"  {seconds:4.1f} s  {title}" + (f"\n    FAILED {failure}" if failure else ""), flush=True)
    return failed


def main():
    options = argparse.ArgumentParser()
    options.add_argument("-k", default="", help="only cases with this in their title")
    options.add_argument("--workers", type=int, default=8)
    options.add_argument("--sandbox", help="a running sandbox's URL")
    options.add_argument("--function", help="the URL at which the function is invoked")
    chosen = options.parse_args()
    cases = [case for table in TABLES for case in table.CASES if chosen.k in case.title]
    titles = collections.Counter(case.title for case in cases)
    assert max(titles.values(), default=0) <= 1, f"titles used twice: {titles.most_common(3)}"
    began = time.monotonic()
    with tempfile.TemporaryFile() as log:
        if chosen.sandbox:
            stages = [Stage(Account(chosen.sandbox), chosen.function, lambda: None)]
        else:
            stages = [start(log) for _ in range(min(chosen.workers, len(cases)))]
        try:
            failed = run(stages, cases)
        finally:
            for stage in stages:
                stage.stop()
    print(f"{len(cases)} attributes drifted, {failed} not as they should be, {time.monotonic() - began:.0f} s")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
