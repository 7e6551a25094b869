"""Calls the AWS CLI, and sorts its errors once."""

import json
import re
import subprocess

from deploying import Refused


def run(command, **options):
    return subprocess.run(command, text=True, capture_output=True, **options)


def aws(region, *arguments, missing=()):
    """The AWS CLI's answer; None where its error is one of `missing`."""
    done = run(["aws", "--region", region, "--output", "json", *arguments])
    if done.returncode == 0:
        return json.loads(done.stdout) if done.stdout.strip().startswith(("{", "[")) else {}
    error = done.stderr.strip()
    if any(code in error for code in missing):
        return None
    if re.search(r"Unable to locate credentials|ExpiredToken|InvalidClientTokenId|config profile .* could not be found", error):
        raise Refused(f"there are no valid AWS credentials: {error}\nSet AWS_PROFILE, or sign in with `aws sso login`.")
    raise Refused(f"aws {' '.join(arguments[:2])} failed in {region}: {error}")
