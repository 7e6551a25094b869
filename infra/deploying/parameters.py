"""The templates' parameters: which values they take, and which values go together."""

import re
import sys

from deploying import Refused
from deploying.templates import declared

# What has an option of its own, or follows from something.
OPTIONS = {
    "Mode": "use --mode",
    "PauseEnds": "use --pause-until",
    "ComplianceLocks": "use --compliance-locks",
    "Bootstrap": "use --bootstrap once",
    "CodeVersion": "leave it out: it follows from the upload",
    "CodeKey": "leave it out: it follows from the code, so that other code has another key; --zip deploys a zip that is there already",
}
# What the template cannot say by a pattern without being in the way of a StackSet.
FORMS = {
    "Schedule": (
        r"rate\([1-9][0-9]* (minute|hour|day)s?\)|cron\(\S+( \S+){5}\)|at\([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\)",
        "rate(1 hour), cron(0 * * * ? *) or at(2026-12-01T08:00:00)",
    ),
    "Email": (r"([^@\s,]+@[^@\s,]+)?", "one address such as team@example.com, or nothing"),
    "CodeBucketPrefix": (r"[a-z0-9][a-z0-9.-]{1,45}", "the beginning of a bucket's name: small letters, digits, dots and hyphens"),
    "PermissionsBoundaryArn": (r"(arn:aws[a-z-]*:iam::(aws|[0-9]{12}):policy/\S+)?", "the ARN of a managed policy, or nothing"),
    "CostTagKey": (r"(?!aws:).{1,128}", "a tag's key; those that begin with aws: are AWS's"),
}


def pairs(option, texts):
    found = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise Refused(f"{option} {text!r} is not KEY=VALUE")
        if key in found:
            raise Refused(f"{option} gives {key} twice, {found[key]!r} and {value!r}; keep one of them")
        found[key] = value
    return found


def check_tags(tags):
    if reserved := [key for key in tags if key.startswith("aws:")]:
        raise Refused(f"--tag {reserved[0]}: keys that begin with aws: are AWS's; choose another")


def check_options(asked, only_printed):
    """A value that an option overwrites must not be taken and lost."""
    # A StackSet's code is uploaded by hand, under a key that somebody chose.
    of_script = {name: use for name, use in OPTIONS.items() if not (only_printed and name in ("CodeKey", "CodeVersion"))}
    if wrong := [f"--parameter {name} is not taken; {use}" for name, use in of_script.items() if name in asked]:
        raise Refused("\n".join(wrong))


def check_central_topic(asked):
    """With the key alone the function would lose the right to its own topic's."""
    if asked.get("CentralTopicKeyArn") and not asked.get("CentralTopicArn"):
        raise Refused("CentralTopicKeyArn is the key of a central topic, and CentralTopicArn names none; give both by --parameter")


def note_central_topic(given, values):
    """Said where the topic is given, and not again: whether it has a key cannot be known without a call to its account."""
    if given.get("CentralTopicArn") and not values["CentralTopicKeyArn"]:
        note = "note: CentralTopicArn is given without CentralTopicKeyArn: if that topic is encrypted with a key, every report fails"
        print(note, file=sys.stderr)


def check_values(parameters):
    """What CloudFormation would refuse after a build and an upload, or never: with the name, the value and what is allowed."""
    known = declared()
    if unknown := sorted(set(parameters) - set(known)):
        raise Refused(f"the templates have no parameter {', '.join(unknown)}; they have {', '.join(sorted(known))}")
    wrong = [(name, value, allowed_instead(name, known[name], value)) for name, value in parameters.items()]
    if lines := [f"the parameter {name} is {value!r}; allowed is {allowed}" for name, value, allowed in wrong if allowed]:
        raise Refused("\n".join(lines))


def allowed_instead(name, says, value):
    """What the parameter takes, if it does not take this value."""
    parts = [part.strip() for part in value.split(",")] if says["Type"] == "CommaDelimitedList" else [value]
    if "AllowedValues" in says and any(part not in says["AllowedValues"] for part in parts):
        return ", ".join(says["AllowedValues"])
    if "AllowedPattern" in says and not all(re.fullmatch(says["AllowedPattern"], part) for part in parts):
        return f"what matches {says['AllowedPattern']}"
    if says["Type"] == "Number":
        least, most = says.get("MinValue"), says.get("MaxValue")
        fits = re.fullmatch("[0-9]+", value) and int(least or 0) <= int(value) and (not most or int(value) <= int(most))
        if not fits:
            return "a whole number" + (f" from {least} to {most}" if least and most else "")
    pattern, example = FORMS.get(name, (".*", ""))
    return None if re.fullmatch(pattern, value) else example


def check_heartbeat(values):
    """An alarm that cannot be quiet is soon switched off."""
    schedule, hours = values["Schedule"], int(values["HeartbeatHours"])
    rate = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", schedule)
    if not rate:
        return
    unit = {"minute": 60, "hour": 3600, "day": 86400}[rate[2]]
    longest = int(rate[1]) * unit + int(values["ScheduleWindowMinutes"]) * 60
    # The hour that is not over yet may count as one without a run.
    if longest > (hours - 1) * 3600:
        raise Refused(
            f"{schedule} can leave {longest} s between two runs, and HeartbeatHours={hours} would alarm in between; give at least an hour more than that, or shorten the schedule"
        )


def check_heartbeat_is_given(asked):
    """The longest pause of a calendar is for the one who wrote it to say."""
    schedule = asked.get("Schedule", "rate")
    if not schedule.startswith("rate") and "HeartbeatHours" not in asked:
        raise Refused(
            f"{schedule} does not say how long it leaves between two runs, and the alarm heartbeat has to wait for longer than that; "
            "give both: --parameter HeartbeatHours=N, with the longest pause in hours and one more"
        )
