"""Whether the function repairs or only reports: what was asked for, else what is deployed."""

from datetime import datetime, timezone

from deploying import Refused


def pause_end(text):
    try:
        end = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    except ValueError:
        raise Refused(f"--pause-until is {text!r}; a pause ends at a time such as 2026-12-01T08:00:00Z") from None
    if end <= datetime.now(timezone.utc):
        raise Refused(f"--pause-until is {text}, which has passed")
    return text


def asked_mode(arguments):
    """The parameters of the mode that was asked for; None if none was."""
    if arguments.pause_until:
        return {"Mode": "report", "PauseEnds": pause_end(arguments.pause_until)}
    return {"Mode": arguments.mode, "PauseEnds": ""} if arguments.mode else None


def settled_mode(asked, deployed):
    """The parameters of the mode, and in words why it is this one."""
    mode, ends = deployed.get("Mode"), deployed.get("PauseEnds")
    if asked and asked["PauseEnds"]:
        watching = "; it only reported before, and will repair after the pause" if mode == "report" and not ends else ""
        return asked, f"until somebody deploys after {asked['PauseEnds']}, as --pause-until asks{watching}"
    if asked:
        return asked, "as --mode asks"
    if not mode:
        return {"Mode": "repair", "PauseEnds": ""}, "as nothing is deployed yet; --mode report would only watch"
    if ends:
        return {"Mode": "repair", "PauseEnds": ""}, f"as this ends the pause until {ends}; --pause-until would prolong it"
    other = {"repair": "report", "report": "repair"}.get(mode, "repair")
    return {"Mode": mode, "PauseEnds": ""}, f"as deployed; --mode {other} changes it"
