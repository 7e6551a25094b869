"""Calls the AWS CLI, and sorts its errors once."""

import json
import re
import shutil
import subprocess

from deploying import Refused
from deploying.regions import IAM_REGIONS, partition_of

NO_CREDENTIALS = (
    "Unable to locate credentials|ExpiredToken|InvalidClientTokenId|UnrecognizedClientException|config profile .* could not be found"
    "|Error loading SSO Token|SSO session .* has expired|Token has expired"
)


class Failed(Refused):
    """A call that AWS refused, with AWS's own words apart from ours."""

    def __init__(self, text, error):
        super().__init__(text)
        self.error = error


def run(command, **options):
    return subprocess.run(command, text=True, capture_output=True, **options)


def check_cli():
    if not shutil.which("aws"):
        raise Refused("the AWS CLI is not installed, or not on the PATH")


def aws(region, *arguments, missing=()):
    """The AWS CLI's answer; None where its error is one of `missing`."""
    done = run(["aws", "--region", region, "--output", "json", *arguments])
    if done.returncode == 0:
        return json.loads(done.stdout) if done.stdout.strip().startswith(("{", "[")) else {}
    error = done.stderr.strip()
    if any(code in error for code in missing):
        return None
    raise Failed(explained(region, arguments, error), error)


def explained(region, arguments, error):
    everywhere = IAM_REGIONS[partition_of(region)]
    # A region that is not enabled says of every credential that it is not valid.
    if "InvalidClientTokenId" in error or "UnrecognizedClientException" in error:
        if region != everywhere and run(["aws", "--region", everywhere, "sts", "get-caller-identity"]).returncode == 0:
            return (
                f"{region} does not take these credentials, although {everywhere} does: probably the region is not enabled in this account.\n"
                f"See: aws account get-region-opt-status --region-name {region}\nThen: aws account enable-region --region-name {region}"
            )
    if re.search(NO_CREDENTIALS, error):
        return f"there are no valid AWS credentials: {error}\nSet AWS_PROFILE, or sign in with `aws sso login`."
    if "Could not connect to the endpoint URL" in error:
        return f"{region} does not answer; is there such a region, and a way to it? {error}"
    return f"aws {' '.join(arguments[:2])} failed in {region}: {error}"
