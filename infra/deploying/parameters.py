"""The template's parameters: which there are, and which values go together."""

import re

from deploying import Refused
from deploying.spec import ROOT

TEMPLATE = ROOT / "infra" / "drift-healer.yaml"
LARGEST_TEMPLATE = 51_200


def pairs(texts):
    for text in texts:
        if "=" not in text:
            raise Refused(f"{text!r} is not KEY=VALUE")
    return dict(text.split("=", 1) for text in texts)


def check_template_knows(parameters):
    section = TEMPLATE.read_text().split("\nParameters:\n", 1)[1].split("\nConditions:\n", 1)[0]
    known = set(re.findall(r"^  ([A-Za-z0-9]+):$", section, re.MULTILINE))
    unknown = sorted(set(parameters) - known)
    if unknown:
        raise Refused(f"the template has no parameter {', '.join(unknown)}; it has {', '.join(sorted(known))}")


def check_heartbeat(parameters):
    """An alarm that cannot be quiet is soon switched off."""
    schedule = parameters.get("Schedule", "rate(1 hour)")
    hours = int(parameters.get("HeartbeatHours", 3))
    rate = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", schedule)
    if not rate:
        return
    unit = {"minute": 60, "hour": 3600, "day": 86400}[rate[2]]
    longest = int(rate[1]) * unit + int(parameters.get("ScheduleWindowMinutes", 10)) * 60
    if longest > hours * 3600:
        raise Refused(
            f"{schedule} can leave {longest} s between two runs, and HeartbeatHours={hours} would alarm in between; raise it or shorten the schedule"
        )


def check_template_fits():
    size = TEMPLATE.stat().st_size
    if size > LARGEST_TEMPLATE:
        raise Refused(f"the template has {size} bytes; CloudFormation takes {LARGEST_TEMPLATE}")
