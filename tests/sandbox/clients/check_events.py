#!/usr/bin/env python3
"""Checks that every file of events/ has the shape in which AWS delivers it, and is listed in its README."""

import ipaddress
import json
import re
import sys
from datetime import datetime
from pathlib import Path

EVENTS = Path(__file__).resolve().parents[3] / "events"
ACCOUNT = "123456789012"
REGIONS = {"us-east-1", "us-west-2"}
DOCUMENTATION_NETWORKS = [
    ipaddress.ip_network(n) for n in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
]

ENVELOPE = {"version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"}
API_CALL = "AWS API Call via CloudTrail"
SERVICE_EVENT = "AWS Service Event via CloudTrail"
SCHEDULED = "Scheduled Event"
NATIVE = {
    "Backup Vault State Change",
    "Backup Plan State Change",
    "Backup Job State Change",
    "Region Setting State Change",
}
RECORD = {
    "eventVersion",
    "userIdentity",
    "eventTime",
    "eventSource",
    "eventName",
    "awsRegion",
    "sourceIPAddress",
    "userAgent",
    "requestParameters",
    "responseElements",
    "eventID",
    "readOnly",
    "eventType",
    "managementEvent",
    "recipientAccountId",
    "eventCategory",
}
IDENTITY = {
    "AssumedRole": {"principalId", "arn", "accountId", "accessKeyId", "sessionContext"},
    "IAMUser": {"principalId", "arn", "accountId", "accessKeyId", "userName"},
    "Root": {"principalId", "arn", "accountId"},
}
# The kinds of invocation that the function must know; a lost file is noticed here.
REQUIRED_EVENTS = {
    "PutBackupVaultAccessPolicy",
    "DeleteBackupVaultAccessPolicy",
    "PutBackupVaultLockConfiguration",
    "DeleteBackupVaultLockConfiguration",
    "DeleteBackupVault",
    "CreateBackupVault",
    "UpdateBackupPlan",
    "CreateBackupPlan",
    "DeleteBackupPlan",
    "CreateBackupSelection",
    "DeleteBackupSelection",
    "TagResource",
    "UntagResource",
    "ScheduleKeyDeletion",
    "DisableKey",
    "DisableKeyRotation",
    "PutKeyPolicy",
    "UpdateAlias",
    "DeleteAlias",
    "DetachRolePolicy",
    "AttachRolePolicy",
    "UpdateAssumeRolePolicy",
    "PutRolePolicy",
    "PutRolePermissionsBoundary",
    "DeleteRole",
    "BackupSelectionDeletedDueToSLRDeletion",
    "ProcessBackupPlanSelection",
    "DeleteRecoveryPoint",
    "UpdateRecoveryPointLifecycle",
    "DisassociateRecoveryPoint",
}
# What is delivered in an envelope; what is inside is another file's.
ENVELOPED = {"delivered-by-sns", "delivered-by-sqs", "delivered-by-own-topic"}
MANUAL = {"manual-empty": {}, "manual-report": {"mode": "report"}, "manual-repair": {"mode": "repair"}}
SCHEDULE_DETAIL = {"schedule-default": "{}", "schedule-rule": {}}


def kebab(name):
    """PutBackupVaultAccessPolicy, or a detail-type in words, as a file name."""
    parts = re.sub(r"([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])", r"\1\3 \2\4", name).split()
    return "-".join(parts).lower()


def is_time(text):
    try:
        datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    except (TypeError, ValueError):
        return False
    return text.startswith("2026-11-")


def identity_problems(identity):
    kind = identity.get("type")
    if kind is None:
        if set(identity) != {"accountId", "invokedBy"}:
            yield "an identity without a type is an AWS service: accountId and invokedBy, nothing else"
        return
    if kind not in IDENTITY:
        yield f"unknown userIdentity.type {kind}"
        return
    missing = IDENTITY[kind] - identity.keys()
    if missing:
        yield f"userIdentity lacks {sorted(missing)}"
        return
    if identity["accountId"] != ACCOUNT:
        yield "userIdentity.accountId is another account's"
    if kind == "AssumedRole":
        issuer = identity["sessionContext"].get("sessionIssuer", {})
        role, session = identity["arn"].split(":assumed-role/")[-1].split("/")
        if identity["principalId"] != f"{issuer.get('principalId')}:{session}":
            yield "principalId is not the issuer's id and the session's name"
        if issuer.get("userName") != role or not issuer.get("arn", "").endswith(f"/{role}"):
            yield "sessionIssuer is not the role of the assumed-role ARN"
        if "attributes" not in identity["sessionContext"]:
            yield "sessionContext lacks attributes"


def record_problems(name, event):
    record = event["detail"]
    missing = RECORD - record.keys()
    if missing:
        yield f"detail lacks {sorted(missing)}"
        return
    service = record["eventSource"].removesuffix(".amazonaws.com")
    if event["source"] != f"aws.{service}":
        yield f"source {event['source']} does not go with {record['eventSource']}"
    stem = kebab(record["eventName"])
    if name != stem and not name.startswith(f"{stem}-"):
        yield f"the file of a {record['eventName']} is named {stem}[-…]"
    if record["awsRegion"] != event["region"]:
        yield "awsRegion is not the envelope's region"
    if service == "iam" and event["region"] != "us-east-1":
        yield "IAM events come from us-east-1"
    if record["eventTime"] != event["time"]:
        yield "eventTime is not the envelope's time"
    if record["recipientAccountId"] != event["account"]:
        yield "recipientAccountId is not the envelope's account"
    if (
        record["readOnly"] is not False
        or record["managementEvent"] is not True
        or record["eventCategory"] != "Management"
    ):
        yield "only management events that write are delivered"
    if not re.fullmatch(r"1\.\d+", record["eventVersion"]):
        yield "eventVersion is 1.x"
    yield from identity_problems(record["userIdentity"])

    if event["detail-type"] == SERVICE_EVENT:
        if record["eventType"] != "AwsServiceEvent" or record["requestParameters"] is not None:
            yield "a service event is of eventType AwsServiceEvent and has no requestParameters"
        if "serviceEventDetails" not in record:
            yield "a service event has serviceEventDetails"
        return
    if record["eventType"] != "AwsApiCall":
        yield "eventType is AwsApiCall"
    if "requestID" not in record:
        yield "detail lacks requestID"
    if not record["requestParameters"]:
        yield "each of these calls has parameters"
    for parameters in (record["requestParameters"], record["responseElements"]):
        if any(key[0].isupper() for key in parameters or {}):
            yield "CloudTrail lowers the first letter of an API member"
    if "errorCode" in record and ("errorMessage" not in record or record["responseElements"] is not None):
        yield "a failed call has an errorMessage and no responseElements"
    if service == "kms":
        resources = record.get("resources", [])
        if not resources or any(set(r) != {"accountId", "type", "ARN"} for r in resources):
            yield "KMS records have resources of accountId, type and ARN"
        if any(r["ARN"].split(":")[3] != event["region"] for r in resources):
            yield "a KMS resource is of another region"
    elif "resources" in record:
        yield "only KMS records have resources"
    address = record["sourceIPAddress"]
    if address.endswith(".amazonaws.com"):
        if record["userIdentity"].get("invokedBy") != address or "tlsDetails" in record:
            yield "a service that calls for somebody is invokedBy, address and agent, without tlsDetails"
    else:
        if not any(ipaddress.ip_address(address) in network for network in DOCUMENTATION_NETWORKS):
            yield f"{address} is not an address for documentation"
        if set(record.get("tlsDetails", {})) != {"tlsVersion", "cipherSuite", "clientProvidedHostHeader"}:
            yield "tlsDetails has tlsVersion, cipherSuite and clientProvidedHostHeader"


def schedule_problems(name, event):
    if event["source"] not in ("aws.scheduler", "aws.events"):
        yield "a schedule comes from aws.scheduler or aws.events"
    if len(event["resources"]) != 1 or not re.search(r":(schedule|rule)/", event["resources"][0]):
        yield "resources names the schedule or the rule"
    if name in SCHEDULE_DETAIL and event["detail"] != SCHEDULE_DETAIL[name]:
        yield f"detail is {SCHEDULE_DETAIL[name]!r}"


def native_problems(name, event):
    stem = kebab(event["detail-type"])
    if not name.startswith(f"{stem}-"):
        yield f"the file of a {event['detail-type']} is named {stem}-…"
    if event["source"] != "aws.backup":
        yield "source is aws.backup"
    state = event["detail"].get("state", "")
    if not name.endswith(state.lower()) or not state.isupper():
        yield "the file's name ends in its state"
    if "isLocked" in event["detail"] and not isinstance(event["detail"]["isLocked"], str):
        yield "isLocked is a string"


def problems(name, event):
    if name.startswith("manual-"):
        if name not in MANUAL or event != MANUAL[name]:
            yield "not one of the known manual payloads"
        return
    if name in ENVELOPED:
        if set(event) != {"Records"} or len(event["Records"]) != 1:
            yield "a delivery is one of Records"
        return
    if set(event) != ENVELOPE:
        yield f"the envelope has {sorted(ENVELOPE ^ set(event))} too many or too few"
        return
    if event["version"] != "0" or event["account"] != ACCOUNT or event["region"] not in REGIONS:
        yield "version 0, our account, one of our regions"
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", event["id"]):
        yield "id is a UUID"
    if not is_time(event["time"]):
        yield "time is RFC 3339 in UTC, in November 2026"
    kind = event["detail-type"]
    if kind == SCHEDULED:
        yield from schedule_problems(name, event)
    elif kind in (API_CALL, SERVICE_EVENT):
        yield from record_problems(name, event)
    elif kind in NATIVE:
        yield from native_problems(name, event)
    else:
        yield f"unknown detail-type {kind}"


def main():
    found, events = [], {}
    for path in sorted(EVENTS.glob("*.json")):
        text = path.read_text()
        events[path.stem] = json.loads(text)
        if not text.endswith("}\n"):
            found.append((path.name, "ends in one newline"))
        found += [(path.name, problem) for problem in problems(path.stem, events[path.stem])]

    details = {name: e["detail"] for name, e in events.items() if isinstance(e.get("detail"), dict)}
    missing = REQUIRED_EVENTS - {d.get("eventName") for d in details.values()}
    missing |= NATIVE - {e.get("detail-type") for e in events.values()}
    missing |= (MANUAL.keys() | ENVELOPED | SCHEDULE_DETAIL.keys() | {"schedule-explicit"}) - events.keys()
    found += [("events", f"no file for {what}") for what in sorted(missing)]
    if not any(d.get("errorCode") == "AccessDenied" for d in details.values()):
        found.append(("events", "no file for a denied call"))
    if not any(e.get("region") == "us-west-2" and e["source"] != "aws.kms" for e in events.values()):
        found.append(("events", "no file for an event of the DR region"))
    ids = [e["id"] for e in events.values() if "id" in e] + [
        d["eventID"] for d in details.values() if "eventID" in d
    ]
    if len(ids) != len(set(ids)):
        found.append(("events", "two events share an id"))

    listed = re.findall(r"^\| `([a-z-]+)\.json` \|", (EVENTS / "README.md").read_text(), re.MULTILINE)
    for name in sorted(set(listed) ^ events.keys()):
        found.append((f"{name}.json", "is in events/README.md or in events/, not in both"))
    if len(listed) != len(set(listed)):
        found.append(("README.md", "lists a file twice"))

    for where, what in found:
        print(f"events/{where}: {what}", file=sys.stderr)
    print(f"{len(events)} events, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
