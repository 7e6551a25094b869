"""What a second deployment keeps, what one that was not changed calls, and what --revert-drift puts back."""

import json
import sys
import zipfile
from datetime import datetime, timedelta, timezone

from checks.emulator import ACCOUNT, SPEC
from checks.script import parameter, said
from checks.tools import CARGO
from deploying.templates import HEALER, TEMPLATES, WATCH


# As long as a name may be: patterns and names of roles have to fit with it.
SECOND = "a-name-of-thirty-one-characters"


def unchanged(tools):
    """The same again: nothing to do, every call to S3 says whose the bucket is, and the mode is told."""
    tools.answer()
    result = tools.deploy("--zip", tools.emulator.zip, "--change-sets")
    yield from said(result, "unchanged s3://", "mode repair, as deployed; --mode report changes it", "clocks of compliance locks are started", code=0)
    if result[1].count("No changes to deploy") != 4:
        yield result[1]
    yield from of_an_unnamed_owner(tools.calls())
    tools.answer({"to": ["cloudformation deploy"], "err": "Failed to create/update the stack"})
    yield from said(tools.deploy("--zip", tools.emulator.zip), "aws cloudformation describe-stack-events --stack-name drift-healer-watch --region us-east-1")


def of_an_unnamed_owner(calls):
    to_s3 = [call for call in calls if "s3api" in call]
    if not to_s3 or not all(f"--expected-bucket-owner {ACCOUNT}" in call for call in to_s3):
        yield f"calls to S3 that do not say whose the bucket is: {to_s3}"


def trails(tools):
    again, at_once = ["--zip", tools.emulator.zip, "--change-sets"], {"to": ["cloudformation deploy"]}
    tools.answer(at_once)
    yield from said(tools.deploy(*again), "covers us-east-1: there only", "covers us-west-2: there only", code=0)
    trail = tools.emulator.client("cloudtrail", "us-east-1")
    trail.create_trail(Name="all", S3BucketName="anywhere", IsMultiRegionTrail=True)
    yield from said(tools.deploy(*again), "covers us-west-2: there only", code=0)
    trail.start_logging(Name="all")
    result = tools.deploy(*again)
    yield from said(result, code=0)
    if "trail" in result[1]:
        yield f"a trail covers all regions, and it is missed: {result[1]}"
    denied = "An error occurred (AccessDeniedException) when calling the DescribeTrails operation"
    tools.answer(at_once, {"to": ["us-west-2", "describe-trails"], "err": denied})
    yield from said(tools.deploy(*again), "whether a trail covers us-west-2 could not be checked", "AccessDenied", code=0)


def kept(tools):
    """What was deployed once is kept by a plain deployment: the mode, the parameters, the tags."""
    tools.answer()
    second = ["--zip", tools.emulator.intel_zip, *parameter(f"Name={SECOND}")]
    first = [*parameter("Schedule=rate(1 day)"), *parameter("HeartbeatHours=48"), *parameter("Architecture=x86_64")]
    yield from said(tools.deploy(*second, "--mode", "report", *first, "--tag", "team=backup"), "mode report, as --mode asks", "nothing is written", code=0)
    result = tools.deploy(*second)
    yield from said(result, "mode report, as deployed; --mode repair changes it", code=0)
    if result[1].count("No changes to deploy") != 4:
        yield f"a plain deployment changed something: {result[1]}"
    yield from said(tools.deploy(*second, *parameter("HeartbeatHours=3")), "rate(1 day) can leave", "would alarm in between")
    built = tools.deploy(*second[2:], "--change-sets")
    yield from said(built, code=0)
    if "--x86-64" not in json.loads(tools.built.read_text())["arguments"]:
        yield f"what is deployed for x86_64 was built for something else: {built[1]}"
    soon = (datetime.now(timezone.utc) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    yield from said(tools.deploy(*second, "--pause-until", soon, "--change-sets"), "as --pause-until asks; it only reported before", code=0)
    paused = {"StackStatus": "UPDATE_COMPLETE", "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in [("Mode", "report"), ("PauseEnds", soon), ("Architecture", "x86_64")]]}
    tools.answer({"to": ["us-east-1", "describe-stacks"], "out": json.dumps({"Stacks": [paused]})})
    yield from said(tools.deploy(*second, "--change-sets"), f"mode report, as deployed, with the pause until {soon}; --mode repair ends it", code=0)
    paused["Parameters"][1]["ParameterValue"] = "2026-01-01T08:00:00Z"
    tools.answer({"to": ["us-east-1", "describe-stacks"], "out": json.dumps({"Stacks": [paused]})})
    yield from said(tools.deploy(*second, "--change-sets"), "the pause until 2026-01-01T08:00:00Z is over, and nothing says what comes after it")


def built(tools):
    """The spec and the target folder mean the same to the script and to the build, wherever one stands."""
    tools.answer()
    relative = {"DESIRED_SPEC": "functions/drift-healer/desired.toml", "CARGO_TARGET_DIR": "here"}
    code, text = tools.deploy("--change-sets", cwd=tools.folder, **relative)
    yield from said((code, text), code=0)
    got = json.loads(tools.built.read_text())["environment"]
    if got["DESIRED_SPEC"] != str(SPEC) or got["CARGO_TARGET_DIR"] != str(tools.folder / "here"):
        yield f"the build got DESIRED_SPEC={got['DESIRED_SPEC']} and CARGO_TARGET_DIR={got['CARGO_TARGET_DIR']}"
    for region in ("us-east-1", "us-west-2"):
        for verb in ("describe", "execute"):
            commands = [line for line in text.splitlines() if line.startswith(f"aws cloudformation {verb}-change-set --change-set-name arn:aws:")]
            if len([line for line in commands if line.endswith(f" --region {region}")]) != 1:
                yield f"what is printed does not {verb} the change set of {region}: {text}"
    # What was built is looked at as a zip that was given is.
    foreign, another = CARGO.replace('"--x86-64" in', '"--arm64" in'), CARGO.replace(".read() +", ".read()[1:] +")
    for text, cargo in [("is for x86_64, and the function is for arm64", foreign), ("embeds another spec", another)]:
        tools.install_cargo(cargo)
        yield from said(tools.deploy("--change-sets"), text)
    tools.install("cargo", f"#!{sys.executable}\nimport sys\nsys.exit('error: no such command: `lambda`')\n")
    yield from said(tools.deploy("--change-sets"), "no such command: `lambda`", "pip install cargo-lambda")


def of_a_stack_set(tools):
    """Its stacks have names of their own. Nothing is advised that would harm what runs, and --revert-drift finds them."""
    account, stack, watch = "666666666666", "StackSet-drift-healer-1234", "StackSet-drift-healer-watch-1234"
    tools.answer()
    parameters = {}
    for template in TEMPLATES:
        given = ["--mode", "report", "--zip", tools.emulator.zip, *parameter("CodeBucketPrefix=of-the-organisation")]
        code, text = tools.deploy("--print-parameters", template.role, *given)
        yield from said((code, text), code=0)
        parameters[template] = json.loads(text)
    key = next(one["ParameterValue"] for one in parameters[HEALER] if one["ParameterKey"] == "CodeKey")
    s3 = tools.emulator.client("s3", "us-east-1", account)
    s3.create_bucket(Bucket="of-the-organisation-us-east-1")
    s3.put_object(Bucket="of-the-organisation-us-east-1", Key=key, Body=tools.emulator.zip.read_bytes())
    for region in ("us-east-1", "us-west-2"):
        client = tools.emulator.client("cloudformation", region, account)
        for name, template in ((watch, WATCH), (stack, HEALER)):
            body = template.path.read_text()
            client.create_stack(StackName=name, TemplateBody=body, Parameters=parameters[template], Capabilities=["CAPABILITY_NAMED_IAM"])
            client.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    # The emulator cannot tell whose a resource is.
    alarm, rule, log = "drift-healer-undelivered-events", "drift-healer-support-tampered", "/aws/lambda/drift-healer"
    told = [owned_by(alarm, (watch, alarm, "CREATE_COMPLETE")), owned_by(rule, (stack, rule, "CREATE_COMPLETE"))]
    tools.answer(*told)
    result = tools.deploy("--zip", tools.emulator.zip, account=account)
    yield from said(result, f"was deployed by the stack {watch}", "--revert-drift")
    if "delete" in result[1]:
        yield f"of a StackSet's stack something is advised to be deleted: {result[1]}"
    # What an earlier deployment left in the records, deleted or kept, is no owner.
    tools.answer(owned_by(rule, ("earlier", rule, "DELETE_COMPLETE"), ("earlier", log, "DELETE_SKIPPED"), (stack, log, "CREATE_COMPLETE"), (stack, rule, "CREATE_COMPLETE")))
    yield from said(tools.deploy("--zip", tools.emulator.zip, account=account), f"was deployed by the stack {stack}")
    tools.answer(owned_by(alarm, ("drift-healer", alarm, "CREATE_COMPLETE")))
    yield from said(tools.deploy("--zip", tools.emulator.zip, account=account), "of a time when there was one template", "delete-stack --stack-name drift-healer --region us-east-1")
    tools.answer(owned_by(alarm, ("earlier", alarm, "DELETE_COMPLETE"), ("earlier", log, "DELETE_SKIPPED")))
    result = tools.deploy("--zip", tools.emulator.zip, account=account)
    yield from said(result, "an earlier one left")
    yield from reverted_in_a_stack_set(tools, account, (stack, watch), key, told)


def owned_by(physical, *resources):
    """Whose a resource is: by stack, name and status."""
    described = [{"StackName": stack, "PhysicalResourceId": name, "ResourceStatus": status} for stack, name, status in resources]
    return {"to": ["describe-stack-resources", physical], "out": json.dumps({"StackResources": described})}


def reverted_in_a_stack_set(tools, account, stacks, key, told):
    """To the end: the bucket is the organisation's, and what is in it is judged by its content."""
    denied = "An error occurred (AccessDenied) when calling the GetObject operation: Access Denied"
    # The emulator does not ask whose a bucket is, S3 does.
    stack, watch = stacks
    drifted = [*told, {"to": ["s3api", "--expected-bucket-owner"], "err": denied}, *drift_that_is_played()]
    function, s3 = (tools.emulator.client(service, "us-east-1", account) for service in ("lambda", "s3"))
    running = lambda: function.get_function_configuration(FunctionName="drift-healer")["CodeSha256"]
    revert = lambda *more: tools.deploy("--revert-drift", *more, account=account)
    place, before, good = {"Bucket": "of-the-organisation-us-east-1", "Key": key}, running(), tools.emulator.zip.read_bytes()
    tools.answer(*drifted)
    yield from said(revert(), f"us-west-2: the stack is {stack}", f"us-west-2: the stack is {watch}", "us-west-2: put back", "us-east-1: the code is what was deployed", code=0)
    if {stack, watch} != {call.split("--stack-name ")[1].split()[0] for call in tools.calls() if "create-change-set" in call}:
        yield f"other stacks than {stacks} were put back: {tools.calls()}"
    other = foreign_zip(tools)
    function.update_function_code(FunctionName="drift-healer", ZipFile=other.read_bytes())
    yield from said(revert(), f"the code was another; put back s3://{place['Bucket']}/{key}", code=0)
    if running() != before:
        yield "the code of a StackSet's function is not what was deployed"
    for content in (other.read_bytes(), with_a_library(tools, good)):
        function.update_function_code(FunctionName="drift-healer", ZipFile=other.read_bytes())
        s3.put_object(**place, Body=content)
        tools.answer(*drifted)
        yield from said(revert(), f"{key} ", "Who wrote it?")
        if any("update-function-code" in call for call in tools.calls()):
            yield "a StackSet's function got code that its key does not name"
    s3.delete_object(**place)
    yield from said(revert(), "is gone; upload the zip anew (infra/organization.md)")
    tools.answer({"to": ["s3api get-object"], "err": denied}, *drifted)
    yield from said(revert(), "us-west-2: put back", "cannot be read, so the code was not checked", "upload the zip anew")
    s3.put_object(**place, Body=good)
    chosen = [{"ParameterKey": one, "ParameterValue": value} for one, value in [("CodeBucketPrefix", "of-the-organisation"), ("CodeKey", "drift-healer/1.0.0.zip")]]
    by_hand = {"to": ["describe-stacks", stack], "out": json.dumps({"Stacks": [{"StackName": stack, "StackStatus": "CREATE_COMPLETE", "Parameters": chosen}]})}
    tools.answer(by_hand, *drifted)
    yield from said(revert(), "us-west-2: put back", "the code was not checked and not put back", "--print-parameters --zip")
    if any("s3api" in call or "update-function-code" in call for call in tools.calls()):
        yield f"code under a key that somebody chose was taken from anybody's bucket: {tools.calls()}"


def foreign_zip(tools):
    path = tools.folder / "foreign.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("bootstrap", "somebody else's")
    return path


def with_a_library(tools, good):
    path = tools.folder / "with-a-library.zip"
    path.write_bytes(good)
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("lib/libgcc_s.so.1", "somebody else's")
    return path.read_bytes()


CHANGE_SET = "arn:aws:cloudformation:us-east-1:123456789012:changeSet/revert-drift/1"


def drift_that_is_played():
    """The emulator does not compare with what is there, so CloudFormation is played."""
    change = {"ResourceChange": {"Action": "Modify", "LogicalResourceId": "Healer", "ResourceType": "AWS::Lambda::Function"}}
    return [
        {"to": ["create-change-set", "REVERT_DRIFT"], "out": json.dumps({"Id": CHANGE_SET})},
        {"to": ["describe-change-set"], "out": json.dumps({"Status": "CREATE_COMPLETE", "Changes": [change]})},
        *({"to": ["cloudformation", verb]} for verb in ("wait", "execute-change-set", "delete-change-set")),
    ]


def reverted(tools):
    """What is called, and in which order."""
    drifted = drift_that_is_played()
    tools.answer(*drifted)
    yield from said(tools.deploy("--revert-drift"), "us-west-2: Modify Healer", "us-west-2: put back", "the code is what was deployed", code=0)
    calls = tools.calls()
    yield from of_an_unnamed_owner(calls)
    for region in ("us-east-1", "us-west-2"):
        verbs = [word.split()[0] for call in calls if f"--region {region} " in call for word in [call.partition("cloudformation ")[2]] if word]
        if verbs != ["describe-stacks"] * 2 + ["create-change-set", "wait", "describe-change-set", "execute-change-set", "wait"] * 2:
            yield f"{region} was put back by {verbs}"
    created = next(call for call in calls if "create-change-set" in call and "--stack-name drift-healer " in call)
    names = [one["ParameterKey"] for one in tools.emulator.client("cloudformation", "us-east-1").describe_stacks(StackName="drift-healer")["Stacks"][0]["Parameters"]]
    for part in ["--use-previous-template", "--deployment-mode REVERT_DRIFT", *(f"ParameterKey={name},UsePreviousValue=true" for name in names)]:
        if part not in created:
            yield f"the change set is made without {part}: {created}"
    tools.answer(*drifted)
    yield from said(tools.deploy("--revert-drift", "--change-sets"), f"execute-change-set --change-set-name {CHANGE_SET} --region us-east-1", code=0)
    if any("execute-change-set" in call or "update-function-code" in call for call in tools.calls()):
        yield f"--change-sets did not stop at them: {tools.calls()}"
    yield from what_is_not_reverted(tools, drifted)
    yield from reverted_code(tools, drifted)


def what_is_not_reverted(tools, drifted):
    empty = {"Status": "FAILED", "StatusReason": "The submitted information didn't contain changes. Submit different information to create a change set."}
    tools.answer({"to": ["describe-change-set"], "out": json.dumps(empty)}, *drifted)
    yield from said(tools.deploy("--revert-drift"), "us-west-2: nothing differs from what was deployed", code=0)
    if any("execute-change-set" in call for call in tools.calls()) or not any("delete-change-set" in call for call in tools.calls()):
        yield f"a change set without changes was executed, or left: {tools.calls()}"
    failed = {"Status": "FAILED", "StatusReason": "Access denied to read sns"}
    tools.answer({"to": ["describe-change-set"], "out": json.dumps(failed)}, *drifted)
    yield from said(tools.deploy("--revert-drift"), "could not compare", "Access denied to read sns")
    tools.answer({"to": ["create-change-set"], "err": "Unknown options: --deployment-mode, REVERT_DRIFT"})
    yield from said(tools.deploy("--revert-drift"), "bring it up to date")
    tools.answer({"to": ["wait stack-update-complete"], "err": "Waiter StackUpdateComplete failed"}, *drifted)
    yield from said(tools.deploy("--revert-drift"), "was not put back", "describe-stack-events --stack-name drift-healer-watch --region us-east-1")


def reverted_code(tools, drifted):
    tools.answer(*drifted)
    function, s3 = (tools.emulator.client(service, "us-east-1") for service in ("lambda", "s3"))
    before = function.get_function_configuration(FunctionName="drift-healer")["CodeSha256"]
    other = foreign_zip(tools)
    function.update_function_code(FunctionName="drift-healer", ZipFile=other.read_bytes())
    yield from said(tools.deploy("--revert-drift"), "the code was another; put back s3://", code=0)
    if function.get_function_configuration(FunctionName="drift-healer")["CodeSha256"] != before:
        yield "the code is not what was deployed"
    stack = tools.emulator.client("cloudformation", "us-east-1").describe_stacks(StackName="drift-healer")["Stacks"][0]
    deployed = {one["ParameterKey"]: one["ParameterValue"] for one in stack["Parameters"]}
    place, version = {"Bucket": f"{deployed['CodeBucketPrefix']}-us-east-1", "Key": deployed["CodeKey"]}, deployed["CodeVersion"]
    # Whoever writes under the key, or deletes it, does not reach the version that was deployed.
    s3.put_object(**place, Body=other.read_bytes())
    yield from said(tools.deploy("--revert-drift"), "the code is what was deployed", code=0)
    # A deployment takes the newest, and looks at it first.
    yield from said(tools.deploy("--zip", tools.emulator.zip), "is not what its key says; delete the object", "Who wrote it?")
    s3.delete_object(**place)
    yield from said(tools.deploy("--revert-drift"), "the code is what was deployed", code=0)
    s3.delete_object(**place, VersionId=version)
    yield from said(tools.deploy("--revert-drift"), "which was deployed, is gone")
    s3.put_object(**place, Body=tools.emulator.zip.read_bytes())
