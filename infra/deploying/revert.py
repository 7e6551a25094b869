"""Puts back what was changed past CloudFormation, which otherwise compares templates and never looks at what is there."""

import base64
import hashlib
import re
import tempfile
from datetime import datetime, timezone
from pathlib import Path

from deploying import Refused
from deploying.aws import Failed, aws
from deploying.code import code_key
from deploying.stacks import cloudformation, of_change_set

NO_CHANGES = ("didn't contain changes", "No updates are to be performed")


def revert_stack(name, region, parameters, only_change_set):
    """The stack as it was last deployed, with its own template and values, put on what is really there."""
    change_set = create_change_set(name, region, parameters)
    seen = aws(region, "cloudformation", "describe-change-set", "--change-set-name", change_set)
    reason = seen.get("StatusReason", "")
    if seen["Status"] == "FAILED" and not any(text in reason for text in NO_CHANGES):
        raise Refused(f"CloudFormation could not compare the stack {name} in {region} with what is there: {reason}")
    if not seen.get("Changes"):
        aws(region, "cloudformation", "delete-change-set", "--change-set-name", change_set)
        print(f"{region}: nothing differs from what was deployed")
        return
    for change in (one["ResourceChange"] for one in seen["Changes"]):
        print(f"{region}: {change['Action']} {change['LogicalResourceId']} ({change['ResourceType']})")
    if only_change_set:
        print(f"{region}: execute it:\n{of_change_set('execute', change_set, region)}")
        return
    aws(region, "cloudformation", "execute-change-set", "--change-set-name", change_set)
    try:
        aws(region, "cloudformation", "wait", "stack-update-complete", "--stack-name", name)
    except Failed as failed:
        seen = cloudformation("describe-stack-events", name, region)
        raise Refused(f"the stack {name} in {region} was not put back: {failed.error}\nWhat failed first: {seen}") from failed
    print(f"{region}: put back")


def create_change_set(name, region, parameters):
    # A parameter that is not named falls back to the template's default, not to its last value.
    same = [f"ParameterKey={key},UsePreviousValue=true" for key in parameters]
    arguments = ["--stack-name", name, "--change-set-name", f"revert-drift-{datetime.now(timezone.utc):%Y%m%d%H%M%S}"]
    arguments += ["--use-previous-template", "--capabilities", "CAPABILITY_NAMED_IAM", "--deployment-mode", "REVERT_DRIFT"]
    made = aws(region, "cloudformation", "create-change-set", *arguments, "--parameters", *same, missing=("Unknown options",))
    if made is None:
        raise Refused("this AWS CLI does not know --deployment-mode REVERT_DRIFT, which came in November 2025; bring it up to date")
    # A change set without changes ends in FAILED; what it says of itself tells the two apart.
    waiting = ("Waiter ChangeSetCreateComplete failed",)
    aws(region, "cloudformation", "wait", "change-set-create-complete", "--change-set-name", made["Id"], missing=waiting)
    return made["Id"]


def revert_code(name, region, parameters, account):
    """CloudFormation cannot read a function's code back, so it does not see that it is another."""
    bucket, key = f"{parameters['CodeBucketPrefix']}-{region}", parameters["CodeKey"]
    deployed = digest_of(bucket, key, region, account)
    running = aws(region, "lambda", "get-function-configuration", "--function-name", name)["CodeSha256"]
    if running == deployed:
        print(f"{region}: the code is what was deployed")
        return
    place = ["--s3-bucket", bucket, "--s3-key", key, "--architectures", parameters["Architecture"]]
    aws(region, "lambda", "update-function-code", "--function-name", name, *place)
    aws(region, "lambda", "wait", "function-updated-v2", "--function-name", name)
    print(f"{region}: the code was another; put back s3://{bucket}/{key}")


def digest_of(bucket, key, region, account):
    """Lambda's digest of the zip that was deployed, as long as the zip is still what its key says."""
    where = ["--bucket", bucket, "--key", key, "--expected-bucket-owner", account]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "code.zip"
        if aws(region, "s3api", "get-object", *where, str(path), missing=("NoSuchKey", "NoSuchBucket")) is None:
            raise Refused(f"s3://{bucket}/{key}, which was deployed, is gone; infra/deploy builds, uploads and deploys it anew")
        if re.fullmatch("drift-healer/[0-9a-f]{64}.zip", key) and code_key(path) != key:
            raise Refused(f"s3://{bucket}/{key} is not what its key says; delete the object, and infra/deploy uploads it anew. Who wrote it?")
        return base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()
