"""Says where nothing would tell the function of a change: EventBridge hears API calls only by way of a trail."""

from deploying import Refused
from deploying.aws import aws


def note_trails(regions):
    for region in regions:
        try:
            covered = is_covered(region)
        except Refused as refusal:
            print(f"note: whether a trail covers {region} could not be checked: {refusal}")
            continue
        if not covered:
            print(
                f"note: no CloudTrail trail that is logging covers {region}: there only the schedule and AWS Backup's own events wake the function, "
                "and tampering is not told"
            )


def is_covered(region):
    # Trails of other regions and of the organisation are listed where they apply. Their selectors are not looked at.
    trails = aws(region, "cloudtrail", "describe-trails")["trailList"]
    return any(aws(region, "cloudtrail", "get-trail-status", "--name", trail["TrailARN"]).get("IsLogging") for trail in trails)
