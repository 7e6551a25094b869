"""Puts back what was changed past CloudFormation, which otherwise compares templates and never looks at what is there."""

import re
import tempfile
from datetime import datetime, timezone
from pathlib import Path

from deploying import Refused
from deploying.aws import Failed, aws
from deploying.code import code_key, holds_only_the_program, sha256_of
from deploying.stacks import cloudformation, of_change_set

OF_CONTENT = re.compile(r"drift-healer/[0-9a-f]{64}\.zip")
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
    """CloudFormation cannot read a function's code back, so it does not see that it is another. `account` is the bucket's owner, or None: anybody."""
    bucket, key = f"{parameters['CodeBucketPrefix']}-{region}", parameters["CodeKey"]
    if not account and not OF_CONTENT.fullmatch(key):
        raise Refused(
            f"{region}: the code was not checked and not put back: the bucket of s3://{bucket}/{key} may be anybody's, and a key that is no digest "
            "does not say what the object should be. Update the StackSet with a CodeKey that is one (infra/deploy --print-parameters --zip makes it, "
            "infra/organization.md says how): that puts the code back, and from then on it can be checked"
        )
    version = parameters.get("CodeVersion")
    deployed = digest_of(bucket, key, version, region, account)
    running = aws(region, "lambda", "get-function-configuration", "--function-name", name)["CodeSha256"]
    if running == deployed:
        print(f"{region}: the code is what was deployed")
        return
    place = ["--s3-bucket", bucket, "--s3-key", key, *(["--s3-object-version", version] if version else []), "--architectures", parameters["Architecture"]]
    put = aws(region, "lambda", "update-function-code", "--function-name", name, *place)["CodeSha256"]
    if put != deployed:
        raise Refused(f"{region}: Lambda took something else than what was checked; s3://{bucket}/{key} was changed meanwhile. Who wrote it?")
    aws(region, "lambda", "wait", "function-updated-v2", "--function-name", name)
    print(f"{region}: the code was another; put back s3://{bucket}/{key}")


def digest_of(bucket, key, version, region, account):
    """Lambda's digest of the zip that was deployed, as long as the zip is still what its key says."""
    # A StackSet's bucket is the organisation's: there the content alone has to say that it is the right one.
    where = ["--bucket", bucket, "--key", key, *(["--version-id", version] if version else []), *(["--expected-bucket-owner", account] if account else [])]
    anew = "infra/deploy builds, uploads and deploys it anew" if account else "upload the zip anew (infra/organization.md)"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "code.zip"
        try:
            found = aws(region, "s3api", "get-object", *where, str(path), missing=("NoSuchKey", "NoSuchBucket", "NoSuchVersion"))
        except Failed as failed:
            if "AccessDenied" not in failed.error:
                raise
            # Whoever may not list a bucket is not told that an object is gone.
            raise Refused(
                f"s3://{bucket}/{key}, which was deployed, cannot be read, so the code was not checked: it is gone, or its bucket is "
                f"another's or does not let these credentials in. {failed.error}\nIf it is gone: {anew}"
            ) from failed
        if found is None:
            raise Refused(f"s3://{bucket}/{key}, which was deployed, is gone; {anew}")
        if OF_CONTENT.fullmatch(key) and code_key(path) != key:
            raise Refused(f"s3://{bucket}/{key} is not what its key says; delete the object, then {anew}. Who wrote it?")
        # The key is the program's digest, and Lambda would load a library that lies beside it.
        if not account and not holds_only_the_program(path):
            raise Refused(
                f"s3://{bucket}/{key} holds more than `bootstrap`, and of the rest its key says nothing: the code was not checked and not put back. "
                "Delete the object, then upload a zip that holds nothing else. Who wrote it?"
            )
        return sha256_of(path)
