"""The regions of a deployment: what their names may be, and which of them do what."""

import json
import re
from pathlib import Path

from deploying import Refused

# Written by a test from what the function itself knows (shared/reconcile/src/region.rs).
KNOWN = json.loads((Path(__file__).resolve().parents[1] / "partitions.json").read_text())
# No list of regions, which would be out of date with the next one; a name that only looks like one is AWS's to refuse.
NAME = re.compile(KNOWN["region"])
# IAM's events arrive only here, whatever the regions of the deployment.
IAM_REGIONS = {one["name"]: one["iam_region"] for one in KNOWN["partitions"]}


def partition_of(region):
    """The last of them is aws, whose regions begin in many ways; a partition that is not known counts as aws here."""
    return next(one["name"] for one in KNOWN["partitions"] if region.startswith(one["regions_begin"]))


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
