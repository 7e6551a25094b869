"""Which rule hears which event: every file of events/, and what somebody would do to the healer itself.

The patterns are those of the deployed rules, and the emulator matches them. An event that arises where a forwarder is must
match there, and once more at home.
"""

import json
from pathlib import Path

EVENTS = Path(__file__).resolve().parents[2] / "events"

CHANGES, ROLE, ATTEMPTS, GRANTS, BACKUP = "changes", "role-changes", "attempts", "grants", "told-by-backup"
NOBODY = None

# The rule that hears each file, by the file's name; a new file has to be written down here.
HEARD_BY = {
    **dict.fromkeys(
        [
            "put-backup-vault-access-policy",
            "delete-backup-vault-access-policy",
            "delete-backup-vault-access-policy-from-dr",
            "delete-backup-vault-access-policy-by-impostor",
            "put-backup-vault-lock-configuration",
            "delete-backup-vault-lock-configuration",
            "delete-backup-vault",
            "create-backup-vault",
            "update-backup-plan",
            "create-backup-plan",
            "delete-backup-plan",
            "create-backup-selection",
            "delete-backup-selection",
            "tag-resource",
            "untag-resource",
            "schedule-key-deletion",
            "disable-key",
            "disable-key-rotation",
            "put-key-policy",
            "update-alias",
            "delete-alias",
            # Another deployment, whose role has a path; this one's function ends it.
            "enable-key-rotation-by-drift-healer-with-path",
        ],
        CHANGES,
    ),
    **dict.fromkeys(
        [
            "detach-role-policy",
            "attach-role-policy",
            "update-assume-role-policy",
            "put-role-policy",
            "put-role-permissions-boundary",
            "delete-role",
        ],
        ROLE,
    ),
    **dict.fromkeys(["delete-backup-vault-denied", "delete-backup-vault-lock-configuration-refused"], ATTEMPTS),
    **dict.fromkeys(
        [
            "backup-selection-deleted-due-to-slr-deletion",
            "backup-vault-state-change-modified",
            "backup-vault-state-change-deleted",
            "backup-plan-state-change-modified",
            "backup-plan-state-change-deleted",
            "region-setting-state-change-modified",
        ],
        BACKUP,
    ),
    **dict.fromkeys(
        [
            "put-backup-vault-access-policy-by-drift-healer",
            "backup-job-state-change-completed",
            # These come by the schedule and by hand, not by a rule.
            "schedule-explicit",
            "schedule-default",
            "schedule-rule",
            "manual-empty",
            "manual-report",
            "manual-repair",
        ],
        NOBODY,
    ),
}

# Service, event, what it is about, and the rule that must tell it.
TAMPERING = [
    ("lambda", "UpdateFunctionCode20150331v2", {"functionName": "drift-healer"}, "tampered"),
    ("lambda", "UpdateFunctionConfiguration20150331v2", {"functionName": "arn:aws:lambda:us-east-1:123456789012:function:drift-healer"}, "tampered"),
    ("lambda", "DeleteFunction20150331", {"functionName": "drift-healer"}, "tampered"),
    ("lambda", "PutFunctionConcurrency20171031", {"functionName": "drift-healer"}, "tampered"),
    ("lambda", "DeleteFunctionEventInvokeConfig", {"functionName": "drift-healer:$LATEST"}, "tampered"),
    ("lambda", "AddPermission20150331v2", {"functionName": "drift-healer"}, "tampered"),
    ("lambda", "PutFunctionConcurrency20171031", {"functionName": "arn:aws:lambda:us-east-1:123456789012:function:drift-healer:$LATEST"}, "tampered"),
    ("lambda", "UpdateFunctionCode20150331v2", {"functionName": "123456789012:drift-healer"}, "tampered"),
    ("lambda", "UpdateFunctionCode20150331v2", {"functionName": "function:drift-healer"}, "tampered"),
    ("lambda", "UpdateFunctionCode20150331v2", {"functionName": "somebody-elses"}, NOBODY),
    ("lambda", "CreateFunctionUrlConfig", {"functionName": "drift-healer"}, "tampered"),
    ("lambda", "CreateEventSourceMapping20150331", {"functionName": "drift-healer"}, "tampered"),
    ("lambda", "PutRuntimeManagementConfig", {"functionName": "drift-healer"}, "tampered"),
    # A trail may have the events of data: what wakes the function is no tampering.
    ("lambda", "Invoke", {"functionName": "drift-healer"}, NOBODY),
    ("cloudformation", "DeleteStack", {"stackName": "drift-healer"}, "deployment-tampered"),
    ("cloudformation", "DeleteStack", {"stackName": "arn:aws:cloudformation:us-east-1:123456789012:stack/drift-healer/5f7d"}, "deployment-tampered"),
    ("cloudformation", "UpdateTerminationProtection", {"stackName": "drift-healer"}, "deployment-tampered"),
    ("cloudformation", "ExecuteChangeSet", {"changeSetName": "arn:aws:cloudformation:us-east-1:123456789012:changeSet/x/5f7d"}, "deployment-tampered"),
    ("cloudformation", "UpdateStack", {"stackName": "arn:aws:cloudformation:us-east-1:123456789012:stack/StackSet-drift-healer-5f7d/5f7d"}, "deployment-tampered"),
    # Who deletes what watches is told by the other stack.
    ("cloudformation", "DeleteStack", {"stackName": "drift-healer-watch"}, "support-tampered"),
    ("cloudformation", "DeleteStack", {"stackName": "arn:aws:cloudformation:us-east-1:123456789012:stack/drift-healer-watch/5f7d"}, "support-tampered"),
    ("cloudformation", "DeleteStack", {"stackName": "somebody-elses"}, NOBODY),
    ("s3", "PutBucketPolicy", {"bucketName": "drift-healer-code-123456789012-us-east-1"}, "deployment-tampered"),
    ("s3", "DeleteBucketPolicy", {"bucketName": "drift-healer-code-123456789012-us-east-1"}, "deployment-tampered"),
    ("s3", "PutBucketVersioning", {"bucketName": "drift-healer-code-123456789012-us-east-1"}, "deployment-tampered"),
    ("s3", "PutBucketPolicy", {"bucketName": "somebody-elses"}, NOBODY),
    ("scheduler", "UpdateSchedule", {"name": "drift-healer"}, "tampered"),
    ("scheduler", "DeleteSchedule", {"name": "drift-healer"}, "tampered"),
    ("events", "DisableRule", {"name": "drift-healer-changes"}, "tampered"),
    ("events", "DeleteRule", {"name": "drift-healer-role-changes"}, "tampered"),
    ("events", "RemoveTargets", {"rule": "drift-healer-changes"}, "tampered"),
    ("events", "PutRule", {"name": "somebody-elses"}, NOBODY),
    # Those two do not hear what mutes them, and each hears what mutes the other.
    ("events", "PutRule", {"name": "drift-healer-tampered", "state": "DISABLED"}, {"tampered", "support-tampered"}),
    ("events", "PutTargets", {"rule": "drift-healer-tampered"}, {"tampered", "support-tampered"}),
    ("events", "PutRule", {"name": "drift-healer-support-tampered", "state": "DISABLED"}, "tampered"),
    ("events", "PutPermission", {"action": "events:PutEvents"}, "tampered"),
    ("events", "UpdateEventBus", {"name": "default"}, "tampered"),
    ("sns", "DeleteTopic", {"topicArn": "arn:aws:sns:us-east-1:123456789012:drift-healer"}, "tampered"),
    ("sns", "SetTopicAttributes", {"topicArn": "arn:aws:sns:us-east-1:123456789012:drift-healer"}, "tampered"),
    ("sns", "Unsubscribe", {"subscriptionArn": "arn:aws:sns:us-east-1:123456789012:drift-healer:5f7d"}, "tampered"),
    # Who mutes one topic is told by the other.
    ("sns", "DeleteTopic", {"topicArn": "arn:aws:sns:us-east-1:123456789012:drift-healer-tampered"}, "support-tampered"),
    ("sns", "Unsubscribe", {"subscriptionArn": "arn:aws:sns:us-east-1:123456789012:drift-healer-tampered:5f7d"}, "support-tampered"),
    ("sns", "DeleteTopic", {"topicArn": "arn:aws:sns:us-east-1:123456789012:another"}, NOBODY),
    ("cloudtrail", "StopLogging", {"name": "arn:aws:cloudtrail:us-east-1:123456789012:trail/organization"}, "deployment-tampered"),
    ("cloudtrail", "PutEventSelectors", {"trailName": "organization"}, "deployment-tampered"),
    ("iam", "PutRolePolicy", {"roleName": "Drift-Healer"}, "support-tampered"),
    ("iam", "DetachRolePolicy", {"roleName": "drift-healer-scheduler"}, "support-tampered"),
    ("iam", "PutRolePermissionsBoundary", {"roleName": "drift-healer"}, "support-tampered"),
    ("iam", "PutRolePolicy", {"roleName": "somebody-elses"}, NOBODY),
    ("monitoring", "DeleteAlarms", {"alarmNames": ["other", "drift-healer-heartbeat"]}, "support-tampered"),
    ("monitoring", "DisableAlarmActions", {"alarmNames": ["drift-healer-errors"]}, "support-tampered"),
    ("monitoring", "SetAlarmState", {"alarmName": "drift-healer-heartbeat"}, "support-tampered"),
    ("logs", "DeleteLogGroup", {"logGroupName": "/aws/lambda/drift-healer"}, "deployment-tampered"),
    ("logs", "DeleteLogStream", {"logGroupName": "/aws/lambda/drift-healer"}, "deployment-tampered"),
    ("logs", "AssociateKmsKey", {"logGroupName": "/aws/lambda/drift-healer"}, "deployment-tampered"),
    ("logs", "PutSubscriptionFilter", {"logGroupName": "/aws/lambda/drift-healer"}, "deployment-tampered"),
    ("logs", "PutDataProtectionPolicy", {"logGroupIdentifier": "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/drift-healer"}, "deployment-tampered"),
    ("logs", "CreateLogStream", {"logGroupName": "/aws/lambda/drift-healer"}, NOBODY),
    # A hold is set and lifted by these.
    ("iam", "TagRole", {"roleName": "drift-healer"}, "support-tampered"),
    ("iam", "UntagRole", {"roleName": "drift-healer"}, "support-tampered"),
    ("monitoring", "PutAlarmMuteRule", {"name": "quiet"}, "support-tampered"),
    ("sqs", "PurgeQueue", {"queueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/drift-healer-failed-runs"}, "support-tampered"),
]


def rules_of(emulator, region, name="drift-healer"):
    """Pattern by the rule's name without the prefix."""
    rules = emulator.client("events", region).list_rules(NamePrefix=f"{name}-")["Rules"]
    return {rule["Name"].removeprefix(f"{name}-"): rule["EventPattern"] for rule in rules}


def hearing(emulator, rules, event):
    """The rules that hear an event. What comes by hand has no envelope, and no rule could see it."""
    if "detail-type" not in event:
        return set()
    client = emulator.client("events", "us-east-1")
    matches = lambda pattern: client.test_event_pattern(EventPattern=pattern, Event=json.dumps(event))["Result"]
    return {name for name, pattern in rules.items() if matches(pattern)}


def every_event(emulator, home, forwarder):
    at_home, elsewhere = rules_of(emulator, home), rules_of(emulator, forwarder)
    for name in sorted({path.stem for path in EVENTS.glob("*.json")} ^ HEARD_BY.keys()):
        yield f"events/{name}.json is in events/ or in infra/checks/patterns.py, not in both"
    for name, rule in HEARD_BY.items():
        event = json.loads((EVENTS / f"{name}.json").read_text())
        wanted = {rule} - {NOBODY}
        heard = hearing(emulator, at_home, event)
        if heard != wanted:
            yield f"events/{name}.json is heard at home by {sorted(heard)}; it should be by {sorted(wanted)}"
        # A forwarder hears what arises beside it and nothing that was forwarded to it.
        there = hearing(emulator, elsewhere, event)
        if there != (wanted if event.get("region") == forwarder else set()):
            yield f"events/{name}.json of {event.get('region')} is heard by the forwarder's {sorted(there)}"


IMMUTABLE, DENIED = "InvalidRequestException", "AccessDeniedException"
PERSON, SERVICE = {"type": "AssumedRole"}, {"type": "AWSService", "invokedBy": "backup.amazonaws.com"}
ON_BEHALF = {"type": "AssumedRole", "invokedBy": "backup.amazonaws.com"}
# Service, event, error, who, and the rules that hear it.
THREATS = [
    ("backup", "DeleteRecoveryPoint", None, PERSON, {ATTEMPTS}),
    ("backup", "UpdateRecoveryPointLifecycle", None, PERSON, {ATTEMPTS}),
    ("backup", "DisassociateRecoveryPoint", None, PERSON, {ATTEMPTS}),
    ("backup", "DeleteRecoveryPoint", IMMUTABLE, PERSON, {ATTEMPTS}),
    ("backup", "DeleteBackupVaultLockConfiguration", IMMUTABLE, PERSON, {ATTEMPTS}),
    ("backup", "DeleteBackupVaultLockConfiguration", None, PERSON, {CHANGES}),
    ("backup", "PutBackupVaultAccessPolicy", DENIED, PERSON, {ATTEMPTS}),
    ("kms", "ScheduleKeyDeletion", "AccessDenied", PERSON, {ATTEMPTS}),
    ("kms", "PutKeyPolicy", DENIED, PERSON, {ATTEMPTS}),
    ("kms", "DescribeKey", DENIED, PERSON, set()),
    ("kms", "CreateGrant", None, PERSON, {GRANTS}),
    ("kms", "RevokeGrant", None, PERSON, {GRANTS}),
    # Services make and retire grants all day, in their own name and in somebody's.
    ("kms", "CreateGrant", None, SERVICE, set()),
    ("kms", "RetireGrant", None, ON_BEHALF, set()),
    ("kms", "CreateGrant", DENIED, PERSON, set()),
]


def threats(emulator, home):
    rules = rules_of(emulator, home)
    base = json.loads((EVENTS / "disable-key-rotation.json").read_text())
    for service, action, error, who, wanted in THREATS:
        identity = {**base["detail"]["userIdentity"], **who}
        detail = {**base["detail"], "eventSource": f"{service}.amazonaws.com", "eventName": action, "userIdentity": identity}
        event = {**base, "source": f"aws.{service}", "detail": {**detail, **({"errorCode": error} if error else {})}}
        if (heard := hearing(emulator, rules, event)) != wanted:
            yield f"{service}:{action} ({error}) by {who} is heard by {sorted(heard)}; it should be by {sorted(wanted)}"


def every_tampering(emulator, home):
    rules = rules_of(emulator, home)
    base = json.loads((EVENTS / "disable-key-rotation.json").read_text())
    for service, action, about, rule in TAMPERING:
        detail = {**base["detail"], "eventSource": f"{service}.amazonaws.com", "eventName": action, "requestParameters": about}
        detail.pop("resources", None)
        event = {**base, "source": f"aws.{service}", "detail": detail}
        heard = hearing(emulator, rules, event)
        wanted = rule if isinstance(rule, set) else {rule} - {NOBODY}
        if heard != wanted:
            yield f"{service}:{action} on {about} is told by {sorted(heard)}; it should be by {rule}"
        forged = {**event, "source": "com.example"}
        if hearing(emulator, rules, forged):
            yield f"{service}:{action} is told although somebody forged it"
        refused = {**event, "detail": {**detail, "errorCode": "AccessDenied"}}
        if hearing(emulator, rules, refused):
            yield f"{service}:{action} on {about} is told although it was refused"


def the_topics_key(emulator, account, home, name="drift-healer"):
    """Told past the topic that it encrypts."""
    key = emulator.client("kms", home).describe_key(KeyId=f"alias/{name}")["KeyMetadata"]["Arn"]
    event = json.loads((EVENTS / "disable-key.json").read_text())
    event["region"] = home
    event["detail"]["resources"][0]["ARN"] = key
    if (heard := hearing(emulator, rules_of(emulator, home), event)) != {CHANGES, "key-tampered"}:
        yield f"that the topic's key is disabled is heard by {sorted(heard)}"


def own_calls_with_a_path(emulator, home, name):
    """The same role with a path is ours where the stack was deployed with that path."""
    event = json.loads((EVENTS / "enable-key-rotation-by-drift-healer-with-path.json").read_text())
    text = json.dumps(event).replace("role/automation/drift-healer", f"role/automation/{name}")
    if heard := hearing(emulator, rules_of(emulator, home, name), json.loads(text)):
        yield f"an own call of a role with a path is heard by {sorted(heard)}"


def sizes(emulator, name, *regions):
    # Names of regions and partitions that are longer than these need the rest.
    most = 2048 - 30
    for region in regions:
        for name, pattern in rules_of(emulator, region, name).items():
            compact = json.dumps(json.loads(pattern), separators=(",", ":"))
            if len(compact) > most:
                yield f"the pattern of {name} in {region} has {len(compact)} characters; EventBridge takes 2048"
