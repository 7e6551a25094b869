"""What infra/deploy refuses and says: before any call, by what the emulator holds, and by what an `aws` was told to answer."""

import json
import re
import shlex
import signal
import subprocess
import time
import zipfile

from checks.emulator import ACCOUNT, SPEC, program
from deploying.code import code_key

LEFT_BEHIND, FOREIGN = "444444444444", "555555555555"
NO_CALL = {"to": [], "err": "infra/deploy called AWS"}


def parameter(text):
    return ["--parameter", text]


def said(result, *texts, code=1):
    """What is wrong with how the script ended: it should say all of these, and never show its inside."""
    ended, text = result
    if ended != code or any(one not in text for one in texts) or "Traceback" in text:
        yield f"ended with {ended} and not with {code}, or without {texts}:\n{text}"


def template_is_read():
    """The script reads the templates' parameters without a library for YAML."""
    import yaml

    from deploying.templates import TEMPLATES, declared_in

    for template in TEMPLATES:
        section = "Parameters:" + template.path.read_text().partition("\nParameters:")[2].partition("\nConditions:")[0]
        wanted, found = yaml.load(section, yaml.BaseLoader)["Parameters"], declared_in(template)
        if found != wanted:
            yield "\n".join(f"{name}: {found.get(name)} and not {says}" for name, says in wanted.items() if found.get(name) != says)


def plan(tools):
    """From any folder, without AWS and without a build."""
    tools.answer(NO_CALL)
    result = tools.deploy("--plan", account=None, cwd=tools.folder)
    yield from said(result, "AWS was not called", "all others keep the values", "the one that is deployed", "tags      stay", code=0)
    yield from said(tools.deploy("--plan", "--zip", tools.emulator.zip, account=None), "upload    s3://drift-healer-code-ACCOUNT-us-east-1/drift-healer/", code=0)
    ended, text = tools.deploy("--help", account=None)
    yield from said((ended, text), "Parameters stick", "--revert-drift", code=0)
    yield from as_documented(tools, text)
    broken = tools.deploy("--plan", account=None, DESIRED_SPEC="tests/core/specs/broken.toml")
    yield from said(broken, "checks the spec in full, which this plan does not; `cargo run -- spec tests/core/specs/broken.toml`", code=0)
    topic, key = parameter("CentralTopicArn=arn:aws:sns:us-east-1:111111111111:reports"), parameter("CentralTopicKeyArn=arn:aws:kms:us-east-1:111111111111:key/1")
    hint = "note: CentralTopicArn is given without CentralTopicKeyArn"
    yield from said(tools.deploy("--plan", *topic, account=None), hint, code=0)
    for quiet in ([], [*topic, *key]):
        if hint in tools.deploy("--plan", *quiet, account=None)[1]:
            yield f"a plan with {quiet} warns of a topic's key"
    if any("sts get-caller-identity" not in call for call in tools.calls()) or tools.built.exists():
        yield f"a plan called {tools.calls()}, or built"
    yield from said(tools.deploy("--plan", "--mode", "repair", "--bootstrap", "once", account=None), "mode      repair, as --mode asks", "for one run", code=0)
    yield from said(tools.deploy("--plan", "--mode", "repair", "--compliance-locks", "start", account=None), "clocks of compliance locks are started", code=0)


READS = ("sts get-caller-identity", "cloudformation describe-stacks", "cloudformation get-template", "backup list-backup-vaults")


def plan_that_looks(tools):
    """With credentials it says what is there and which clocks would start, and calls nothing that writes."""
    tools.answer()
    fresh, locked = "777777777777", "888888888888"
    yield from said(
        tools.deploy("--plan", account=fresh),
        f"account   {fresh}, where nothing of it is deployed",
        "mode      report, as nothing is deployed yet; --mode repair would repair",
        "vault_prod_daily in us-east-1 is not there",
        "immutable 3 days later",
        code=0,
    )
    vaults = {"us-east-1": ["vault_prod_hourly", "vault_prod_daily", "vault_prod_monthly"], "us-west-2": ["vault_disaster_recovery"]}
    date = {"Locked": True, "LockDate": "2026-12-01T00:00:00Z"}
    is_there = lambda states: [
        {"to": [region, "list-backup-vaults"], "out": json.dumps({"BackupVaultList": [{"BackupVaultName": name, **states.get(name, date)} for name in names]})}
        for region, names in vaults.items()
    ]
    tools.answer(*is_there({"vault_prod_daily": {"Locked": False}, "vault_disaster_recovery": {"Locked": True}}))
    result = tools.deploy("--plan", account=locked)
    yield from said(result, "vault_prod_daily in us-east-1 has no lock", "vault_disaster_recovery in us-west-2 has a lock in governance mode", code=0)
    if "vault_prod_hourly in" in result[1]:
        yield f"a lock that runs is told as one that would be started: {result[1]}"
    tools.answer(*is_there({}))
    yield from said(tools.deploy("--plan", account=locked), "would start none", code=0)
    tools.answer()
    result = tools.deploy("--plan", *parameter("MaxCalls=31"))
    yield from said(result, f"account   {ACCOUNT}, where it is deployed", "drift-healer.yaml: as deployed", "MaxCalls: 30 becomes 31", code=0)
    if written := [call for call in tools.calls() if not any(read in call for read in READS)]:
        yield f"a plan called {written}"


def bootstrap_once(tools):
    """The consent is there for one run, and gone whatever becomes of the run."""
    tools.answer()
    answer = json.dumps({"verdict": "drifted", "calls": [1], "findings": [{"outcome": "blocked", "code": "missing", "reason": "needs-consent", "resource": {"kind": "vault-lock", "name": "vault_prod_daily"}}]})
    for invoke, ends, says in [
        ({"write": answer}, 0, "left: vault-lock vault_prod_daily: missing (needs-consent)"),
        ({"write": '{"errorType": "SetupInvalid"}', "out": '{"FunctionError": "Unhandled"}'}, 1, "SetupInvalid"),
        ({"err": "An error occurred (AccessDeniedException) when calling the Invoke operation"}, 1, "AccessDeniedException"),
    ]:
        tools.answer({"to": ["lambda invoke"], **invoke})
        result = tools.deploy("--zip", tools.emulator.zip, "--mode", "repair", "--bootstrap", "once")
        yield from said(result, says, "the consent to bootstrap ends", code=ends)
        consents = [word for call in tools.calls() if "cloudformation deploy" in call for word in call.split() if word.startswith("Bootstrap=")]
        if consents[:2] != ["Bootstrap=true", "Bootstrap=false"] or "Bootstrap=true" in consents[1:]:
            yield f"the consent was deployed as {consents}"
    tools.answer({"to": ["lambda invoke"], "sleep": 60})
    running = tools.start("--zip", tools.emulator.zip, "--mode", "repair", "--bootstrap", "once")
    while not any("lambda invoke" in call for call in tools.calls()) and running.poll() is None:
        time.sleep(0.05)
    running.send_signal(signal.SIGTERM)
    text = "".join(running.communicate(timeout=120))
    deployed = [call for call in tools.calls() if "cloudformation deploy" in call]
    if running.returncode != 130 or "Bootstrap=false" not in deployed[-1]:
        yield f"an interrupted bootstrap ends with {running.returncode}, and deployed {deployed[-1]}: {text}"
    function = tools.emulator.client("lambda", "us-east-1").get_function_configuration(FunctionName="drift-healer")
    if function["Environment"]["Variables"]["BOOTSTRAP"] != "false":
        yield "the function may still bootstrap"
    yield from said(tools.deploy("--zip", tools.emulator.zip, "--mode", "report"), "mode report, as --mode asks", code=0)
    for option in (["--bootstrap", "once"], ["--compliance-locks", "start"]):
        yield from said(tools.deploy("--zip", tools.emulator.zip, *option), "this one only reports; add --mode repair")


def as_documented(tools, text):
    """Each command that the help shows and that calls nothing, as it stands there."""
    (tools.folder / "code.zip").write_bytes(tools.emulator.zip.read_bytes())
    shown = [re.split(r"  +", line.strip())[0] for line in text.splitlines() if line.startswith("  infra/deploy ")]
    offline = [command for command in shown if "--plan" in command or "--print-parameters" in command]
    if len(offline) != 2:
        yield f"the help shows {offline}"
    for command in offline:
        for problem in said(tools.deploy(*shlex.split(command)[1:], account=None, cwd=tools.folder), code=0):
            yield f"`{command}`, as the help has it, {problem}"


def printed(tools):
    """As infra/organization.md has it: a StackSet's code has a key and a bucket that somebody chose."""
    mine = [*parameter("CodeBucketPrefix=example"), *parameter("CodeKey=drift-healer/1.0.0.zip")]
    code, text = tools.deploy("--print-parameters", "--mode", "report", *mine, account=None)
    if code != 0 or {"ParameterKey": "CodeKey", "ParameterValue": "drift-healer/1.0.0.zip"} not in json.loads(text):
        yield text
    yield from said(tools.deploy("--print-parameters", account=None), "does not know the mode")
    yield from said(tools.deploy("--print-parameters", "--mode", "report", account=None), "does not know CodeBucketPrefix and CodeKey")
    code, text = tools.deploy("--print-parameters", "--mode", "report", "--zip", tools.emulator.zip, *mine[:2], account=None)
    keys = [one["ParameterValue"] for one in json.loads(text) if one["ParameterKey"] == "CodeKey"] if code == 0 else text
    if keys != [code_key(tools.emulator.zip)]:
        yield f"the code's key is {keys}"


def refused_at_once(tools):
    """Everything that can be known without a call is refused without one."""
    tools.answer(NO_CALL)
    for text, arguments in AT_ONCE:
        for problem in said(tools.deploy(*arguments, account=None), text):
            yield f"{arguments} {problem}"
    for name, zipped in zips(tools.folder).items():
        for problem in said(tools.deploy("--zip", zipped, "--plan", account=None), name):
            yield f"--zip {zipped.name} {problem}"
    for name, (text, content) in SPECS.items():
        spec = tools.folder / f"{name}.toml"
        spec.write_bytes(content)
        for problem in said(tools.deploy("--plan", account=None, DESIRED_SPEC=str(spec)), text):
            yield f"a spec that is {name} {problem}"
    yield from said(tools.deploy("--plan", account=None, DESIRED_SPEC="no/such.toml"), "no/such.toml cannot be read", "from the workspace's root")
    # The rule of shared/reconcile/src/spec/named.rs.
    yield from said(tools.deploy("--plan", account=None, DRIFT_SPEC="no/such.toml"), "no/such.toml cannot be read")
    yield from said(tools.deploy("--plan", account=None, DRIFT_SPEC="a.toml", DESIRED_SPEC="b.toml"), "unset one of them")
    yield from said(tools.deploy("--plan", account=None, DRIFT_SPEC="reference"), "functions/drift-healer/desired.toml")
    yield from refused_together(tools)
    alone = tools.folder / "alone"
    alone.mkdir(exist_ok=True)
    (alone / "aws").symlink_to(tools.folder / "aws")
    yield from said(tools.deploy(account=None, path=str(alone)), "cargo is not installed", "pip install cargo-lambda")
    yield from said(tools.deploy(account=None, path=str(tools.folder / "nothing")), "the AWS CLI is not installed")
    if any("sts get-caller-identity" not in call for call in tools.calls()) or tools.built.exists():
        yield f"what should be refused at once called {tools.calls()}, or built"


def refused_together(tools):
    """What the values say about each other is looked at however they are used."""
    together = [
        ("would alarm in between", parameter("HeartbeatHours=2")),
        ("CentralTopicArn names none", parameter("CentralTopicKeyArn=arn:aws:kms:us-east-1:111111111111:key/1")),
        ("is for x86_64, and the function is for arm64", ["--zip", tools.emulator.intel_zip]),
    ]
    for how in (["--plan"], ["--print-parameters", "--mode", "report", *parameter("CodeBucketPrefix=example")]):
        for text, arguments in together:
            for problem in said(tools.deploy(*how, *arguments, account=None), text):
                yield f"{how} {arguments} {problem}"


AT_ONCE = [
    ("use --mode", parameter("Mode=report")),
    ("use --pause-until", parameter("PauseEnds=2099-12-01T08:00:00Z")),
    ("it follows from the code", parameter("CodeKey=x.zip")),
    ("are the same thing", ["--email", "a@example.com", *parameter("Email=b@example.com")]),
    ("is not KEY=VALUE", parameter("=x")),
    ("is not KEY=VALUE", ["--tag", "x"]),
    ("is not KEY=VALUE", ["--tag", "=x"]),
    ("gives MaxCalls twice", [*parameter("MaxCalls=3"), *parameter("MaxCalls=4")]),
    ("gives team twice", ["--tag", "team=a", "--tag", "team=a"]),
    ("have no parameter Vault;", parameter("Vault=x")),
    ("disagree with", parameter("Vaults=vault_prod_daily")),
    ("disagree with", parameter("LocksInCompliance=false")),
    ("use --compliance-locks", parameter("ComplianceLocks=start")),
    ("use --bootstrap once", parameter("Bootstrap=true")),
    ("follows from the upload", parameter("CodeVersion=1")),
    ("--mode report writes nothing; give one of them", ["--mode", "report", "--compliance-locks", "start"]),
    ("--mode report writes nothing; give one of them", ["--mode", "report", "--bootstrap", "once"]),
    ("--mode report writes nothing; give one of them", ["--pause-until", "2099-12-01T08:00:00Z", "--bootstrap", "once"]),
    ("only prints", ["--print-parameters", "--mode", "repair", "--bootstrap", "once"]),
    ("HeartbeatHours is 'abc'; allowed is a whole number from 2 to 168", parameter("HeartbeatHours=abc")),
    ("HeartbeatHours is '1'; allowed is a whole number from 2 to 168", parameter("HeartbeatHours=1")),
    ("HeartbeatHours is '169'", parameter("HeartbeatHours=169")),
    ("ScheduleWindowMinutes is '1.5'", parameter("ScheduleWindowMinutes=1.5")),
    ("LogRetentionDays is '31'; allowed is 30, 60,", parameter("LogRetentionDays=31")),
    ("Architecture is 'riscv'; allowed is arm64, x86_64", parameter("Architecture=riscv")),
    ("Name is 'Healer'; allowed is what matches ^[a-z]", parameter("Name=Healer")),
    ("Schedule is 'rate(0 hours)'; allowed is rate(1 hour), cron(", parameter("Schedule=rate(0 hours)")),
    ("Schedule is 'hourly'", parameter("Schedule=hourly")),
    ("Schedule is 'cron(0 * * *)'", parameter("Schedule=cron(0 * * *)")),
    ("give both", parameter("Schedule=cron(0 7 * * ? *)")),
    ("Email is 'team'; allowed is one address", ["--email", "team"]),
    ("us-esat-1: no region has such a name", parameter("PrimaryRegion=us-esat-1")),
    ("PrimaryRegion is ''", parameter("PrimaryRegion=")),
    ("PrimaryRegion and DrRegion are both us-west-2", parameter("PrimaryRegion=us-west-2")),
    ("are not in one partition", parameter("PrimaryRegion=cn-north-1")),
    ("which has passed", ["--pause-until", "2020-01-01T00:00:00Z"]),
    ("a pause ends at a time such as", ["--pause-until", "tomorrow"]),
    ("leave out --mode, MaxCalls", ["--revert-drift", "--mode", "report", *parameter("MaxCalls=3")]),
    ("has to look at what is there", ["--revert-drift", "--plan"]),
    ("would alarm in between", ["--plan", *parameter("Schedule=rate(1 day)")]),
    ("CodeBucketPrefix is 'Code'", parameter("CodeBucketPrefix=Code")),
    ("PermissionsBoundaryArn is 'boundary'", parameter("PermissionsBoundaryArn=boundary")),
    ("CostTagKey is 'aws:cost'", parameter("CostTagKey=aws:cost")),
    ("keys that begin with aws: are AWS's", ["--tag", "aws:cost=1"]),
]

NOT_VALID = "`cargo run -- spec "
TEXT = SPEC.read_bytes()
SPECS = {
    "not-utf-8": (NOT_VALID, TEXT.replace(b"thinkstack-prod", b"thinkst\xe4ck-prod")),
    "not-toml": (NOT_VALID, TEXT + b"\n[role\n"),
    "without-a-role": (NOT_VALID, TEXT.replace(b"[role]", b"[rule]")),
    "without-a-name": (NOT_VALID, TEXT.replace(b'name = "thinkstack-prod"', b"")),
    "without-a-vault's-name": (NOT_VALID, TEXT.replace(b'name = "vault_prod_daily"', b"")),
    "of-a-role-without-a-name": (NOT_VALID, TEXT.replace(b'name = "aws_backup_role"', b"")),
    "of-regions-that-are-numbers": (NOT_VALID, TEXT.replace(b'"us-west-2" ', b"2 ")),
    "of-regions-that-are-a-list": (NOT_VALID, b'regions = ["us-east-1"]\n' + TEXT.replace(b"[regions]", b"[rest]")),
    "of-one-region-twice": ("are both us-east-1", TEXT.replace(b'dr = "us-west-2"', b'dr = "us-east-1"')),
}


def zips(folder):
    """By what is said of them."""
    other, empty, text, script = (folder / f"{name}.zip" for name in ("other", "empty", "text", "script"))
    with zipfile.ZipFile(other, "w") as packed:
        packed.writestr("bootstrap", program("arm64", TEXT.replace(b"delete_after_days = 365", b"delete_after_days = 1")))
    with zipfile.ZipFile(script, "w") as packed:
        packed.writestr("bootstrap", b"#!/bin/sh\n" + TEXT)
    with zipfile.ZipFile(empty, "w") as packed:
        packed.writestr("main", TEXT)
    text.write_bytes(TEXT)
    return {
        "embeds another spec than functions/drift-healer/desired.toml": other,
        "is no Linux program": script,
        "holds no file `bootstrap`": empty,
        "is no zip that Lambda would take": text,
        "cannot be read: No such file": folder / "missing.zip",
        "cannot be read: Is a directory": folder,
    }


def refused_by_what_is_there(tools):
    emulator = tools.emulator
    with_zip = ["--zip", emulator.zip]
    emulator.client("s3", "eu-west-1").create_bucket(
        Bucket="misplaced-us-east-1", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    emulator.client("s3", "us-east-1", FOREIGN).create_bucket(Bucket="guessed-us-east-1")
    # Its function does not exist, so that its creation fails and is rolled back.
    broken = {"Type": "AWS::Lambda::EventInvokeConfig", "Properties": {"FunctionName": "nobody", "Qualifier": "$LATEST"}}
    stacks = emulator.client("cloudformation", "us-east-1")
    stacks.create_stack(StackName="broken", TemplateBody=json.dumps({"Resources": {"Broken": broken}}))
    while stacks.describe_stacks(StackName="broken")["Stacks"][0]["StackStatus"].endswith("_IN_PROGRESS"):
        time.sleep(0.2)
    tools.answer()
    for text, arguments in [
        ("it can only be deleted", parameter("Name=broken")),
        ("Lambda takes code only from its own region", parameter("CodeBucketPrefix=misplaced")),
        ("belongs to somebody else", parameter("CodeBucketPrefix=guessed")),
        ("would alarm in between", parameter("Schedule=rate(1 day)")),
        ("nothing is deployed of drift-healer-watch in us-east-1, drift-healer in us-east-1, drift-healer-watch in us-west-2", None),
    ]:
        given = [*with_zip, *arguments] if arguments else ["--revert-drift"]
        for problem in said(tools.deploy(*given), text):
            yield f"{given} {problem}"
    yield from said(tools.deploy(*with_zip, account=None), "no valid AWS credentials")
    yield from said(tools.deploy("--zip", emulator.intel_zip), "is for x86_64, and the function is for arm64")

    for status, text in [("CREATE_FAILED", "it can only be deleted"), ("UPDATE_FAILED", "rollback-stack"), ("UPDATE_IN_PROGRESS", "wait until")]:
        tools.answer({"to": ["describe-stacks"], "out": json.dumps({"Stacks": [{"StackStatus": status}]})})
        yield from said(tools.deploy(*with_zip), f"is in {status}", text)

    invalid = "An error occurred (InvalidClientTokenId) when calling the DescribeStacks operation: The security token included in the request is invalid"
    tools.answer({"to": ["af-south-1"], "err": invalid})
    result = tools.deploy(*with_zip, *parameter("DrRegion=af-south-1"))
    yield from said(result, "the region is not enabled in this account", "enable-region --region-name af-south-1")
    if "no valid AWS credentials" in result[1]:
        yield f"a region that is not enabled is told as missing credentials: {result[1]}"
    tools.answer({"to": ["us-west-9"], "err": 'Could not connect to the endpoint URL: "https://sts.us-west-9.amazonaws.com/"'})
    yield from said(tools.deploy(*with_zip, *parameter("DrRegion=us-west-9")), "us-west-9 does not answer; is there such a region")

    tools.answer({"to": ["cloudformation deploy"], "err": "An error occurred (AccessDenied) when calling the CreateChangeSet operation"})
    result = tools.deploy(*with_zip)
    yield from said(result, "could not be deployed in us-east-1", "AccessDenied")
    if "describe-stack-events" in result[1]:
        yield f"there is no stack, and its events are advised: {result[1]}"


def log_that_was_left(tools):
    """A stack that was deleted left its log. What the refusal says to do works."""
    tools.answer()
    tools.emulator.client("logs", "us-east-1", LEFT_BEHIND).create_log_group(logGroupName="/aws/lambda/drift-healer")
    code, text = tools.deploy("--zip", tools.emulator.zip, account=LEFT_BEHIND)
    yield from said((code, text), "an earlier one left", "aws logs delete-log-group --log-group-name /aws/lambda/drift-healer --region us-east-1")
    commands = text.partition("or keep it")[2].partition("\n")[2].partition("Then deploy again")[0]
    environment = tools.emulator.environment(LEFT_BEHIND)
    done = subprocess.run(["bash", "-e", "-c", commands], env=environment, capture_output=True, text=True)
    if done.returncode != 0 or not commands.strip():
        yield f"the commands that keep the log fail: {done.stdout}{done.stderr}"
    yield from said(tools.deploy("--zip", tools.emulator.zip, account=LEFT_BEHIND), "mode report, as nothing is deployed yet", code=0)


def ends(tools):
    """As a program in a shell does: a reader who has enough is no error, and Ctrl-C is answered in words."""
    tools.answer({"to": [], "sleep": 60})
    for option in ("--print-parameters", "--help"):
        piped = tools.start(option)
        piped.stdout.close()
        complaint = piped.stderr.read()
        if piped.wait(timeout=20) not in (0, 1, 141) or "Traceback" in complaint or "Broken" in complaint:
            yield f"{option} | head ends with {piped.returncode}: {complaint}"
    running = tools.start("--zip", tools.emulator.zip)
    while not tools.calls() and running.poll() is None:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    text = "".join(running.communicate(timeout=20))
    if running.returncode != 130 or "goes on by itself" not in text or "Traceback" in text:
        yield f"Ctrl-C ends with {running.returncode}: {text}"
