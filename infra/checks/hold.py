"""The hold that an incident responder sets: what the script refuses, and what it leaves on the role."""

import re
import subprocess
import sys
from datetime import datetime, timezone

from checks.emulator import ACCOUNT, INFRA


def run(tools, *arguments):
    done = subprocess.run([sys.executable, str(INFRA / "hold"), *arguments], env=tools.environment(ACCOUNT), capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def said(result, text, code):
    if result[0] != code or text not in result[1] or "Traceback" in result[1]:
        yield f"ended with {result[0]} and not with {code}, or without {text!r}: {result[1]}"


def on_the_role(tools):
    tags = tools.emulator.client("iam", "us-east-1").list_role_tags(RoleName="drift-healer")["Tags"]
    return next((tag["Value"] for tag in tags if tag["Key"] == "drift-healer-hold"), None)


def holds(tools):
    tools.answer({"to": [], "err": "infra/hold called AWS"})
    for text, arguments in [
        ("more than seven days away", ["8d"]),
        ("more than seven days away", ["9999-12-31T23:59Z"]),
        ("has passed", ["2020-01-01T00:00Z"]),
        ("is no end of a hold", ["tomorrow"]),
        ("is no end of a hold", ["0h"]),
        ("in fewer or other words", ["4h", "who, why?"]),
        ("in fewer or other words", ["4h", "x" * 256]),
        ("give one of them", ["--end", "4h"]),
    ]:
        yield from said(run(tools, *arguments), text, 1)
    tools.answer()
    yield from said(run(tools), "there is no hold", 0)
    yield from said(run(tools, "4h", "incident", "4711"), "is on hold until", 0)
    value = on_the_role(tools)
    end = datetime.strptime(value.split()[0], "%Y-%m-%dT%H:%MZ").replace(tzinfo=timezone.utc)
    hours = (end - datetime.now(timezone.utc)).total_seconds() / 3600
    if not value.endswith(" incident 4711") or not 3.9 < hours < 4.1:
        yield f"the role's tag is {value!r}"
    yield from said(run(tools), "has the hold", 0)
    yield from said(run(tools, "--end"), "repairs go on", 0)
    if on_the_role(tools):
        yield "the hold was not taken off"


def both_mean_the_same():
    """The script and the function."""
    code = (INFRA.parent / "functions" / "drift-healer" / "src" / "hold.rs").read_text()
    script = (INFRA / "hold").read_text()
    tags = {re.search(r'TAG: &str = "([^"]+)"', code)[1], re.search(r'TAG = "([^"]+)"', script)[1]}
    days = {re.search(r"LONGEST: Duration = Duration::days\((\d+)\)", code)[1], re.search(r"LONGEST = timedelta\(days=(\d+)\)", script)[1]}
    if len(tags) != 1 or len(days) != 1:
        yield f"infra/hold and hold.rs differ: {tags}, {days} days"
