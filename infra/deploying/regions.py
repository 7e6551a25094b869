"""The regions of a deployment: what their names may be, and which of them do what."""

import re

from deploying import Refused

# IAM's events arrive only here, whatever the regions of the deployment.
IAM_REGIONS = {"aws": "us-east-1", "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-north-1"}
# No list of regions, which would be out of date with the next one; a name that only looks like one is AWS's to refuse.
NAME = re.compile(r"(us-gov|[a-z]{2})-(central|(north|south)(east|west)?|east|west)-[0-9]")


def partition_of(region):
    prefix = {"us-gov-": "aws-us-gov", "cn-": "aws-cn"}
    return next((name for start, name in prefix.items() if region.startswith(start)), "aws")


def watched(parameters):
    """Home, DR and what else the spec names."""
    return [parameters["PrimaryRegion"], parameters["DrRegion"], *filter(None, parameters["MoreRegions"].split(","))]


def forwarders(parameters):
    """Every region but home that sends its events home."""
    home, *others = watched(parameters)
    return [region for region in dict.fromkeys([*others, IAM_REGIONS[partition_of(home)]]) if region != home]


def check_regions(parameters):
    home, dr, *_ = regions = watched(parameters)
    if strange := [region for region in regions if not NAME.fullmatch(region)]:
        raise Refused(f"{', '.join(strange)}: no region has such a name; one is named like us-east-1 (spec, [regions]; or --parameter PrimaryRegion, DrRegion)")
    if home == dr:
        raise Refused(f"PrimaryRegion and DrRegion are both {home}; the function would not start. Change one: spec, [regions]; or --parameter DrRegion")
    if len({partition_of(region) for region in regions}) > 1:
        raise Refused(f"{', '.join(regions)} are not in one partition; an account has regions of one partition only")
