"""The stacks: whether one can be deployed, and its deployment."""

from deploying import Refused
from deploying.aws import aws, run
from deploying.parameters import TEMPLATE


def check_stack(name, region):
    found = aws(region, "cloudformation", "describe-stacks", "--stack-name", name, missing=("does not exist",))
    status = found["Stacks"][0]["StackStatus"] if found else "NONE"
    where = f"the stack {name} in {region} is in {status}"
    if status in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"):
        raise Refused(
            f"{where}: it can only be deleted. See why: aws cloudformation describe-stack-events --stack-name {name} --region {region}\nThen: aws cloudformation delete-stack --stack-name {name} --region {region}, and deploy again"
        )
    if status == "UPDATE_ROLLBACK_FAILED":
        raise Refused(f"{where}; first: aws cloudformation continue-update-rollback --stack-name {name} --region {region}")
    if status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS":
        raise Refused(f"{where}: somebody is deploying; wait until that is over")


def deploy_stack(name, region, parameters, tags, only_change_set):
    command = ["aws", "--region", region, "cloudformation", "deploy", "--stack-name", name, "--template-file", str(TEMPLATE)]
    command += ["--capabilities", "CAPABILITY_NAMED_IAM", "--no-fail-on-empty-changeset"]
    command += ["--parameter-overrides", *(f"{key}={value}" for key, value in parameters.items())]
    if tags:
        command += ["--tags", *tags]
    if only_change_set:
        command += ["--no-execute-changeset"]
    done = run(command)
    if done.returncode != 0:
        events = f"aws cloudformation describe-stack-events --stack-name {name} --region {region}"
        raise Refused(f"the stack {name} could not be deployed in {region}: {done.stderr.strip()}\nWhat failed first: {events}")
    print("\n".join(f"{region}: {line}" for line in done.stdout.strip().splitlines() if line.strip()))
