"""What the function may do: what was asked for, else what is deployed, else the templates' defaults. A step up is never silent."""

from datetime import datetime, timezone

from deploying import Refused

FORM = "%Y-%m-%dT%H:%M:%SZ"


def pause_end(text):
    try:
        end = datetime.strptime(text, FORM).replace(tzinfo=timezone.utc)
    except ValueError:
        raise Refused(f"--pause-until is {text!r}; a pause ends at a time such as 2026-12-01T08:00:00Z") from None
    if end <= datetime.now(timezone.utc):
        raise Refused(f"--pause-until is {text}, which has passed")
    return text


def asked_mode(arguments):
    """The parameters of the mode and the consent that were asked for; none if nothing was."""
    asked = {}
    if arguments.pause_until:
        asked = {"Mode": "report", "PauseEnds": pause_end(arguments.pause_until)}
    elif arguments.mode:
        asked = {"Mode": arguments.mode, "PauseEnds": ""}
        if arguments.mode == "report":
            # Consent to what cannot be undone ends with the repairs that it was given for.
            asked["ComplianceLocks"] = "hold"
    if arguments.compliance_locks:
        asked["ComplianceLocks"] = arguments.compliance_locks
    return asked


def check_consent(arguments, of_spec):
    """What cannot be meant, whatever is deployed."""
    if arguments.bootstrap and (arguments.mode == "report" or arguments.pause_until):
        raise Refused("--bootstrap makes keys, vaults and plans, and --mode report writes nothing; give one of them")
    if arguments.compliance_locks == "start":
        if arguments.mode == "report" or arguments.pause_until:
            raise Refused("--compliance-locks start starts clocks, and --mode report writes nothing; give one of them")
        if of_spec["LocksInCompliance"] != "true":
            raise Refused("--compliance-locks start: the spec has no lock in compliance mode, so there is no clock to start")


def check_mode(arguments, mode):
    """What cannot be meant with the mode that is deployed, if none was asked for."""
    wanted = [name for name, given in {"--bootstrap once": arguments.bootstrap, "--compliance-locks start": arguments.compliance_locks == "start"}.items() if given]
    if wanted and mode == "report":
        raise Refused(f"{wanted[0]} is for a function that repairs, and this one only reports; add --mode repair")


def settled_mode(asked, deployed, default):
    """The mode that a deployment will have, and in words why it is this one. What was not asked for stays by itself."""
    mode, ends = deployed.get("Mode"), deployed.get("PauseEnds")
    if asked.get("PauseEnds"):
        watching = "; it only reported before, and will repair after the pause only with --mode repair" if mode == "report" and not ends else ""
        return "report", f"until somebody deploys with --mode repair, and reminding of it from {asked['PauseEnds']} on, as --pause-until asks{watching}"
    if "Mode" in asked:
        return asked["Mode"], "as --mode asks"
    if not mode:
        return default, f"as nothing is deployed yet; --mode {other(default)} would {does(other(default))}"
    if ends and datetime.strptime(ends, FORM).replace(tzinfo=timezone.utc) <= datetime.now(timezone.utc):
        raise Refused(
            f"the pause until {ends} is over, and nothing says what comes after it: give --mode repair, --mode report or --pause-until another time"
        )
    if ends:
        return mode, f"as deployed, with the pause until {ends}; --mode repair ends it"
    return mode, f"as deployed; --mode {other(mode)} changes it"


def other(mode):
    return {"repair": "report", "report": "repair"}[mode]


def does(mode):
    return {"repair": "repair", "report": "only watch"}[mode]
