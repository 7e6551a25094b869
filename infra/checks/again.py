"""What a second deployment keeps, and what one that was not changed calls."""

import json
import sys
from datetime import datetime, timedelta, timezone

from checks.emulator import ACCOUNT
from checks.script import SPEC, parameter, said


def unchanged(tools):
    """The same again: nothing to do, every call to S3 says whose the bucket is, and the mode is told."""
    tools.answer()
    result = tools.deploy("--zip", tools.emulator.zip, "--change-sets")
    yield from said(result, "unchanged s3://", "mode repair, as deployed; --mode report changes it", code=0)
    if result[1].count("No changes to deploy") != 2:
        yield result[1]
    calls = [call for call in tools.calls() if "s3api" in call]
    if not calls or not all(f"--expected-bucket-owner {ACCOUNT}" in call for call in calls):
        yield f"calls to S3 that do not say whose the bucket is: {calls}"
    tools.answer({"to": ["cloudformation deploy"], "err": "Failed to create/update the stack"})
    yield from said(tools.deploy("--zip", tools.emulator.zip), "aws cloudformation describe-stack-events --stack-name drift-healer --region us-east-1")


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
    second = ["--zip", tools.emulator.zip, *parameter("Name=second")]
    first = [*parameter("Schedule=rate(1 day)"), *parameter("HeartbeatHours=48"), *parameter("Architecture=x86_64")]
    yield from said(tools.deploy(*second, "--mode", "report", *first, "--tag", "team=backup"), "mode report, as --mode asks", code=0)
    result = tools.deploy(*second)
    yield from said(result, "mode report, as deployed; --mode repair changes it", code=0)
    if result[1].count("No changes to deploy") != 2:
        yield f"a plain deployment changed something: {result[1]}"
    yield from said(tools.deploy(*second, *parameter("HeartbeatHours=3")), "rate(1 day) can leave", "would alarm in between")
    built = tools.deploy(*second[2:], "--change-sets")
    yield from said(built, code=0)
    if "--x86-64" not in json.loads(tools.built.read_text())["arguments"]:
        yield f"what is deployed for x86_64 was built for something else: {built[1]}"
    soon = (datetime.now(timezone.utc) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    yield from said(tools.deploy(*second, "--pause-until", soon, "--change-sets"), "as --pause-until asks; it only reported before", code=0)
    paused = {"StackStatus": "UPDATE_COMPLETE", "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in [("Mode", "report"), ("PauseEnds", soon)]]}
    tools.answer({"to": ["us-east-1", "describe-stacks"], "out": json.dumps({"Stacks": [paused]})})
    yield from said(tools.deploy(*second, "--change-sets"), f"mode repair, as this ends the pause until {soon}", code=0)


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
    tools.install("cargo", f"#!{sys.executable}\nimport sys\nsys.exit('error: no such command: `lambda`')\n")
    yield from said(tools.deploy("--change-sets"), "no such command: `lambda`", "pip install cargo-lambda")
