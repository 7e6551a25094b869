"""The regions of a deployment, and what belongs to each partition."""

# IAM's events arrive only here, whatever the regions of the deployment.
IAM_REGIONS = {"aws": "us-east-1", "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-north-1"}


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
