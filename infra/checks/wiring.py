"""Reads a deployment back: who wakes whom, where failures go, and what each region holds."""

import json
from pathlib import Path

EVENTS = Path(__file__).resolve().parents[2] / "events"
WAKING = ["changes", "role-changes", "attempts", "grants", "told-by-backup"]
TELLING = ["tampered", "deployment-tampered", "support-tampered"]
PAST_THE_REPORTS = ("tampered", "deployment-tampered", "key-tampered")
HOME_ALARMS = {"errors", "throttles", "waiting", "heartbeat", "drifted", "contested", "failed-runs", "undelivered-events"}


def names(found, key, prefix):
    return {one[key].removeprefix(prefix) for one in found if one[key].startswith(prefix)}


def rules(emulator, account, home, region, expected, name):
    """Every rule is on, leads where it should, and a failure of it ends in the queue beside it."""
    client = emulator.client("events", region, account)
    found = client.list_rules(NamePrefix=f"{name}-")["Rules"]
    if names(found, "Name", f"{name}-") != set(expected):
        yield f"{region} has the rules {sorted(names(found, 'Name', f'{name}-'))}; it should have {sorted(expected)}"
    for rule in found:
        short = rule["Name"].removeprefix(f"{name}-")
        targets = client.list_targets_by_rule(Rule=rule["Name"])["Targets"]
        leads = {one["Arn"]: one.get("RoleArn") for one in targets}
        wanted = leading(short, account, home, region, name)
        if leads != wanted:
            yield f"{rule['Name']} in {region} leads to {leads}, not to {wanted}"
        queue = f"arn:aws:sqs:{region}:{account}:{name}-undelivered-events"
        for one in targets:
            if one.get("DeadLetterConfig", {}).get("Arn") != queue:
                yield f"{rule['Name']} in {region} loses what it cannot deliver"
        if rule["State"] != "ENABLED":
            yield f"{rule['Name']} in {region} is {rule['State']}"


def leading(short, account, home, region, name):
    """Where a rule leads, and as which role."""
    topic = f"arn:aws:sns:{region}:{account}:{name}"
    tampered = {f"{topic}-tampered": None}
    way_home = {f"arn:aws:events:{home}:{account}:event-bus/default": f"arn:aws:iam::{account}:role/{name}-{region}"}
    if short in PAST_THE_REPORTS:
        return tampered
    if region != home:
        return tampered | way_home if short == "support-tampered" else way_home
    return {topic: None} if short == "support-tampered" else {f"arn:aws:lambda:{home}:{account}:function:{name}": None}


def home_of(emulator, account, home, dr, mode, locks, name, path):
    function = emulator.client("lambda", home, account)
    found = function.get_function_configuration(FunctionName=name)
    topic = f"arn:aws:sns:{home}:{account}:{name}"
    wanted = {"MODE": mode, "TOPIC_ARN": topic, "PRIMARY_REGION": home, "DR_REGION": dr, "MAX_CALLS": "30", "BOOTSTRAP": "false"}
    wanted |= {"COMPLIANCE_LOCKS": locks, "HEALER_ROLE_ARN": f"arn:aws:iam::{account}:role{path}{name}"}
    if found["Environment"]["Variables"] != wanted:
        yield f"the function's environment is {found['Environment']['Variables']}"
    for key, value in {"Runtime": "provided.al2023", "Handler": "bootstrap", "MemorySize": 256, "Architectures": ["arm64"]}.items():
        if found[key] != value:
            yield f"the function's {key} is {found[key]}, not {value}"
    if found["LoggingConfig"] != {"LogFormat": "JSON", "ApplicationLogLevel": "INFO", "SystemLogLevel": "WARN", "LogGroup": f"/aws/lambda/{name}"}:
        yield f"the function logs as {found['LoggingConfig']}"
    retries = function.get_function_event_invoke_config(FunctionName=name, Qualifier="$LATEST")
    if retries["DestinationConfig"]["OnFailure"]["Destination"] != f"arn:aws:sqs:{home}:{account}:{name}-failed-runs":
        yield f"runs that failed go to {retries['DestinationConfig']}"
    group = emulator.client("logs", home, account).describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{name}")["logGroups"]
    if [one.get("retentionInDays") for one in group] != [365]:
        yield f"the log is kept for {[one.get('retentionInDays') for one in group]} days"
    # The emulator forgets which key a topic has; that it has one is checkov's to see.
    keys = emulator.client("kms", home, account)
    key = keys.describe_key(KeyId=f"alias/{name}")["KeyMetadata"]["KeyId"]
    if not keys.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]:
        yield "the topic's key does not rotate"
    for queue in ("failed-runs", "undelivered-events"):
        client = emulator.client("sqs", home, account)
        url = client.get_queue_url(QueueName=f"{name}-{queue}")["QueueUrl"]
        if client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"].get("SqsManagedSseEnabled") != "true":
            yield f"the queue {queue} is not encrypted"
    role = emulator.client("iam", home, account)
    policies = set(role.list_role_policies(RoleName=name)["PolicyNames"])
    if policies != {"observe", "never"} | ({"repair"} if mode == "repair" else set()):
        yield f"in mode {mode} the role has the policies {sorted(policies)}"
    if not dashboards(emulator, account, home, name):
        yield "there is no dashboard"


def dashboards(emulator, account, home, name):
    return emulator.client("cloudwatch", home, account).list_dashboards(DashboardNamePrefix=name)["DashboardEntries"]


def no_dashboard(emulator, account, home, name):
    if dashboards(emulator, account, home, name):
        yield "there is a dashboard that nobody asked for"


def schedule(emulator, account, home, name, paused):
    client = emulator.client("scheduler", home, account)
    found = client.get_schedule(Name=name)
    if found["Target"]["Arn"] != f"arn:aws:lambda:{home}:{account}:function:{name}" or found["State"] != "ENABLED":
        yield f"the schedule is {found['State']} and wakes {found['Target']['Arn']}"
    if found["Target"].get("DeadLetterConfig", {}).get("Arn") != f"arn:aws:sqs:{home}:{account}:{name}-undelivered-events":
        yield "the schedule loses what it cannot deliver"
    # The input, filled in as Scheduler does it, is the event that the function is tested with.
    sample = json.loads((EVENTS / "schedule-explicit.json").read_text())
    text = found["Target"]["Input"]
    for word, value in {
        "execution-id": sample["id"],
        "scheduled-time": sample["time"],
        "schedule-arn": sample["resources"][0],
        "attempt-number": sample["detail"]["attempt"],
    }.items():
        text = text.replace(f"<aws.scheduler.{word}>", value)
    filled = json.loads(text)
    if filled != {**sample, "account": account, "region": home}:
        yield f"the schedule's input is {filled}"
    reminders = [one["Name"] for one in client.list_schedules(NamePrefix=f"{name}-pause")["Schedules"]]
    if bool(reminders) != paused:
        yield f"the reminders of a pause are {reminders}"


def alarms(emulator, account, home, region, name):
    found = emulator.client("cloudwatch", region, account).describe_alarms(AlarmNamePrefix=f"{name}-")["MetricAlarms"]
    expected = HOME_ALARMS if region == home else {"undelivered-events"}
    if names(found, "AlarmName", f"{name}-") != expected:
        yield f"{region} has the alarms {sorted(names(found, 'AlarmName', f'{name}-'))}"
    for alarm in found:
        short = alarm["AlarmName"].removeprefix(f"{name}-")
        # Past the topic with the key goes what may mean that it is mute.
        topics = {"undelivered-events": ["-tampered"], "drifted": [""], "contested": [""]}.get(short, ["", "-tampered"])
        actions = [f"arn:aws:sns:{region}:{account}:{name}{topic}" for topic in topics]
        if alarm["AlarmActions"] != actions:
            yield f"{alarm['AlarmName']} in {region} tells {alarm['AlarmActions']}"
    if region != home:
        return
    by_name = {a["AlarmName"].removeprefix(f"{name}-"): a for a in found}
    beat = by_name["heartbeat"]
    if beat["TreatMissingData"] != "breaching" or beat["EvaluationPeriods"] != 3:
        yield f"the heartbeat alarms after {beat['EvaluationPeriods']} periods, missing data {beat['TreatMissingData']}"
    own = {"account": account, "region": home}
    for short in ("heartbeat", "drifted", "contested"):
        alarm = by_name[short]
        dimensions = {one["Name"]: one["Value"] for one in alarm["Dimensions"]}
        if (alarm["Namespace"], dimensions) != ("DriftHealer", own):
            yield f"the alarm {short} looks at {alarm['Namespace']} {dimensions}"


def topics(emulator, account, home, region, name):
    found = emulator.client("sns", region, account).list_topics()["Topics"]
    wanted = {f"{name}-tampered", *([name] if region == home else [])}
    if (there := {one["TopicArn"].rsplit(":", 1)[1] for one in found} & {name, f"{name}-tampered"}) != wanted:
        yield f"{region} has the topics {sorted(there)}"


def protection(emulator, account, region, name):
    """A stack that can be deleted by one call can be silenced by one call."""
    client = emulator.client("cloudformation", region, account)
    for stack in (name, f"{name}-watch"):
        if not client.describe_stacks(StackName=stack)["Stacks"][0].get("EnableTerminationProtection"):
            yield f"the stack {stack} in {region} can be deleted by one call"


def deployment(emulator, account, home, dr, iam, mode="report", locks="hold", paused=False, name="drift-healer", path="/"):
    """Everything that a deployment in these regions should be."""
    yield from home_of(emulator, account, home, dr, mode, locks, name, path)
    yield from schedule(emulator, account, home, name, paused)
    for region in dict.fromkeys([home, dr, iam]):
        roles = ["role-changes"] if region in (home, iam) else []
        vaults = [rule for rule in WAKING if rule != "role-changes"] if region in (home, dr) else []
        telling = [*TELLING, *(["key-tampered"] if region == home else [])]
        yield from rules(emulator, account, home, region, [*roles, *vaults, *telling], name)
        yield from protection(emulator, account, region, name)
        yield from alarms(emulator, account, home, region, name)
        yield from topics(emulator, account, home, region, name)
