"""The stacks: what is deployed, whether one can be, and its deployment."""

import json
import re

from deploying import Refused
from deploying.aws import Failed, aws, run
from deploying.templates import TEMPLATES, WATCH

ONLY_DELETED = ("CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED")


def cloudformation(verb, name, region):
    return f"aws cloudformation {verb} --stack-name {name} --region {region}"


def described(name, region):
    """The stack; None if there is none. A change set that nobody executed leaves one in which nothing is."""
    found = aws(region, "cloudformation", "describe-stacks", "--stack-name", name, missing=("does not exist",))
    stack = found["Stacks"][0] if found else None
    return None if stack and stack["StackStatus"] == "REVIEW_IN_PROGRESS" else stack


def check_stack(name, region):
    """The stack that is there, if it can be deployed; None if there is none."""
    stack = described(name, region)
    status = stack["StackStatus"] if stack else "NONE"
    where = f"the stack {name} in {region} is in {status}"
    if status in ONLY_DELETED:
        raise Refused(
            f"{where}: it can only be deleted. See why: {cloudformation('describe-stack-events', name, region)}\n"
            f"Then: {cloudformation('delete-stack', name, region)}, and deploy again"
        )
    if status == "UPDATE_ROLLBACK_FAILED":
        raise Refused(f"{where}; first: {cloudformation('continue-update-rollback', name, region)}")
    if status == "UPDATE_FAILED":
        raise Refused(f"{where}; first: {cloudformation('rollback-stack', name, region)}")
    if status.endswith("_IN_PROGRESS"):
        raise Refused(f"{where}: somebody is deploying; wait until that is over")
    return stack


def deployed_parameters(stack):
    return {one["ParameterKey"]: one["ParameterValue"] for one in (stack or {}).get("Parameters", [])}


def deployed_tags(stack):
    return [f"{tag['Key']}={tag['Value']}" for tag in (stack or {}).get("Tags", []) if not tag["Key"].startswith("aws:")]


def owner(name, region, template):
    """The stack that made what is there: a StackSet's has another name."""
    physical = template.marked(name)
    found = aws(region, "cloudformation", "describe-stack-resources", "--physical-resource-id", physical, missing=("does not exist",))
    # The answer holds all resources of a stack, and for 90 days those of a deleted one too.
    for one in (found or {}).get("StackResources", []):
        if one.get("PhysicalResourceId") == physical and one["ResourceStatus"] != "DELETE_COMPLETE":
            return one["StackName"]
    return None


def check_is_ours(name, region):
    for template in TEMPLATES:
        stack = owner(name, region, template)
        if template is WATCH and stack == name:
            raise Refused(
                f"the stack {name} in {region} is of a time when there was one template. Delete it, which keeps its log and touches nothing of AWS "
                f"Backup: {cloudformation('delete-stack', name, region)}\nThen deploy again, and confirm the mails' links again"
            )
        if stack and stack != template.stack(name):
            raise Refused(
                f"{name} in {region} was deployed by the stack {stack}, and not by a stack {template.stack(name)}. A StackSet's stack gets its "
                "parameters and code from the StackSet (infra/organization.md); what was changed by hand is put back here by infra/deploy --revert-drift"
            )


def check_log_is_free(name, region):
    """The log outlives its stack, and a new stack cannot make what is there."""
    log = f"/aws/lambda/{name}"
    groups = aws(region, "logs", "describe-log-groups", "--log-group-name-prefix", log)["logGroups"]
    if log not in [group["logGroupName"] for group in groups]:
        return
    known = {"ResourceType": "AWS::Logs::LogGroup", "LogicalResourceId": "HealerLog", "ResourceIdentifier": {"LogGroupName": log}}
    alone = {"HealerLog": {"Type": "AWS::Logs::LogGroup", "DeletionPolicy": "Retain", "Properties": {"LogGroupName": log}}}
    change_set = f"{name} --region {region} --change-set-name keep-the-log"
    raise Refused(
        f"there is no stack {name} in {region}, but there is the log {log}, which an earlier one left; a new stack would fail on it.\n"
        f"Delete the record of what was changed:\n"
        f"  aws logs delete-log-group --log-group-name {log} --region {region}\n"
        f"or keep it, in a stack of its own that the next deployment fills:\n"
        f"  aws cloudformation create-change-set --stack-name {change_set} --change-set-type IMPORT \\\n"
        f"    --resources-to-import '{json.dumps([known])}' \\\n"
        f"    --template-body '{json.dumps({'Resources': alone})}'\n"
        f"  aws cloudformation wait change-set-create-complete --stack-name {change_set}\n"
        f"  aws cloudformation execute-change-set --stack-name {change_set}\n"
        f"  {cloudformation('wait stack-import-complete', name, region)}\n"
        f"Then deploy again"
    )


def deploy_stack(template, name, region, parameters, tags, only_change_set):
    name = template.stack(name)
    command = ["aws", "--region", region, "cloudformation", "deploy", "--stack-name", name, "--template-file", str(template.path)]
    command += ["--capabilities", "CAPABILITY_NAMED_IAM", "--no-fail-on-empty-changeset"]
    command += ["--parameter-overrides", *(f"{key}={value}" for key, value in template.parameters(parameters).items())]
    if tags:
        command += ["--tags", *tags]
    if only_change_set:
        command += ["--no-execute-changeset"]
    done = run(command)
    if done.returncode != 0:
        raise Refused(f"the stack {name} could not be deployed in {region}: {done.stderr.strip()}{where_to_look(name, region)}")
    if made := re.search(r"--change-set-name (\S+)", done.stdout):
        print(f"{region}: a change set. Review it, then execute it:\n{of_change_set('describe', made[1], region)}\n{of_change_set('execute', made[1], region)}")
    else:
        print("\n".join(f"{region}: {line}" for line in done.stdout.strip().splitlines() if line.strip()))


def wait_until_settled(name, region):
    """What CloudFormation has begun goes on by itself, and keeps the next deployment out."""
    if (stack := described(name, region)) and stack["StackStatus"].endswith("_IN_PROGRESS"):
        waiter = "stack-create-complete" if stack["StackStatus"].startswith("CREATE") else "stack-update-complete"
        aws(region, "cloudformation", "wait", waiter, "--stack-name", name, missing=("Waiter",))


def protect(stack, name, region):
    """A stack that can be deleted by one call can be silenced by one call."""
    if not (stack or {}).get("EnableTerminationProtection"):
        aws(region, "cloudformation", "update-termination-protection", "--enable-termination-protection", "--stack-name", name)


def where_to_look(name, region):
    """Before there is a stack there are no events to read."""
    try:
        return f"\nWhat failed first: {cloudformation('describe-stack-events', name, region)}" if described(name, region) else ""
    except Failed:
        return ""


def of_change_set(verb, change_set, region):
    return f"aws cloudformation {verb}-change-set --change-set-name {change_set} --region {region}"
