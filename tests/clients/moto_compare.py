#!/usr/bin/env python3
"""Makes the same calls to the sandbox and to moto and compares the answers.

Two emulators written apart from each other seldom invent the same mistake, so where they agree the answer is likely that of AWS. Where they
differ, DIFFERENCES says which fact about AWS makes the sandbox differ. A difference that is not listed fails, and so does one that is listed and gone.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import datetime

from botocore.exceptions import ClientError
from cloud import BACKUP_TRUST, FOR_BACKUP, FOR_RESTORES, PRIMARY, Account, rule
from moto_differences import DIFFERENCES

MOTO_ACCOUNT, SANDBOX_ACCOUNT = "123456789012", "300000000001"
VAULT, ROLE, ALIAS = "vault_prod_daily", "aws_backup_role", "alias/aws_backup_key"
NOWHERE = "00000000-0000-4000-8000-000000000000"
BOUNDARY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
DENY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "backup:*", "Resource": "*"}]})
VSS = [{"ResourceType": "EC2", "BackupOptions": {"WindowsVSS": "enabled"}}]


def vault_steps(account):
    backup = account.backup()
    arn = f"arn:aws:backup:{PRIMARY}:{account.id}:backup-vault:{VAULT}"
    key = f"arn:aws:kms:{PRIMARY}:{account.id}:key/{NOWHERE}"

    def put(**wishes):
        return lambda: backup.put_backup_vault_lock_configuration(BackupVaultName=VAULT, **wishes)

    def describe():
        return backup.describe_backup_vault(BackupVaultName=VAULT)

    yield "vault: list none", backup.list_backup_vaults
    yield "vault: describe a missing one", describe
    yield "vault: lock a missing one", put(MinRetentionDays=1)
    yield "vault: create", lambda: backup.create_backup_vault(BackupVaultName=VAULT, EncryptionKeyArn=key, BackupVaultTags={"a": "1"}, CreatorRequestId="r")
    yield "vault: create again", lambda: backup.create_backup_vault(BackupVaultName=VAULT, EncryptionKeyArn=key)
    yield "vault: describe", describe
    yield "vault: list", backup.list_backup_vaults
    yield "vault: tag", lambda: backup.tag_resource(ResourceArn=arn, Tags={"b": "2", "c": "3"})
    yield "vault: untag", lambda: backup.untag_resource(ResourceArn=arn, TagKeyList=["a", "c"])
    yield "vault: tags", lambda: backup.list_tags(ResourceArn=arn)
    yield "lock: min over max", put(MinRetentionDays=9, MaxRetentionDays=8)
    yield "lock: min of none", put(MinRetentionDays=0)
    yield "lock: max over a century", put(MaxRetentionDays=36501)
    yield "lock: two days", put(ChangeableForDays=2)
    yield "lock: too many days", put(ChangeableForDays=36501)
    yield "lock: still none", describe
    yield "lock: governance", put(MinRetentionDays=7, MaxRetentionDays=90)
    yield "lock: describe governance", describe
    yield "lock: replace", put(MinRetentionDays=8)
    yield "lock: describe replaced", describe
    yield "lock: compliance", put(ChangeableForDays=3, MinRetentionDays=7)
    yield "lock: describe compliance", describe
    yield "lock: list compliance", backup.list_backup_vaults
    yield "lock: delete", lambda: backup.delete_backup_vault_lock_configuration(BackupVaultName=VAULT)
    yield "lock: describe deleted", describe
    yield "vault: delete", lambda: backup.delete_backup_vault(BackupVaultName=VAULT)
    yield "vault: list after delete", backup.list_backup_vaults


def plan_steps(account):
    backup = account.backup()
    whole = {"BackupPlanName": "prod_backups", "Rules": [rule(Lifecycle={"DeleteAfterDays": 30})], "AdvancedBackupSettings": VSS}
    made = {}

    def create(document):
        def call():
            answer = backup.create_backup_plan(BackupPlan=json.loads(json.dumps(document)), BackupPlanTags={"a": "1"})
            made.setdefault("id", answer["BackupPlanId"])
            made.setdefault("arn", answer["BackupPlanArn"])
            return answer

        return call

    yield "plan: list none", backup.list_backup_plans
    yield "plan: get a missing one", lambda: backup.get_backup_plan(BackupPlanId=NOWHERE)
    yield "plan: delete a missing one", lambda: backup.delete_backup_plan(BackupPlanId=NOWHERE)
    yield "plan: create", create(whole)
    yield "plan: create the same", create(whole)
    yield "plan: get", lambda: backup.get_backup_plan(BackupPlanId=made["id"])
    yield "plan: tags", lambda: backup.list_tags(ResourceArn=made["arn"])
    yield "plan: list", backup.list_backup_plans
    yield "plan: same name, other rules", create(whole | {"Rules": [rule("other")]})
    yield "plan: a bad start window", create({"BackupPlanName": "bad", "Rules": [rule(StartWindowMinutes=59)]})
    yield "plan: delete", lambda: backup.delete_backup_plan(BackupPlanId=made["id"])
    yield "plan: list with deleted", lambda: backup.list_backup_plans(IncludeDeleted=True)


def key_steps(account):
    kms = account.kms()
    made = {}

    def create(slot, **wishes):
        def call():
            answer = kms.create_key(**wishes)
            made[slot] = answer["KeyMetadata"]["KeyId"]
            return answer

        return call

    def on(operation, **wishes):
        return lambda: operation(KeyId=made["key"], **wishes)

    yield "key: create", create("key", Description="d", Tags=[{"TagKey": "a", "TagValue": "1"}])
    yield "key: create another", create("other")
    yield "key: describe", on(kms.describe_key)
    yield "key: describe a missing one", lambda: kms.describe_key(KeyId=NOWHERE)
    yield "key: default policy", on(kms.get_key_policy, PolicyName="default")
    yield "key: put policy", on(kms.put_key_policy, PolicyName="default", Policy=DENY.replace("Deny", "Allow").replace("backup:*", "kms:*"))
    yield "key: put nonsense", on(kms.put_key_policy, PolicyName="default", Policy="nonsense")
    yield "key: tag", on(kms.tag_resource, Tags=[{"TagKey": "b", "TagValue": "2"}])
    yield "key: untag", on(kms.untag_resource, TagKeys=["a"])
    yield "key: tags", on(kms.list_resource_tags)
    yield "key: describe with new words", on(kms.update_key_description, Description="other")
    yield "rotation: none", on(kms.get_key_rotation_status)
    yield "rotation: enable", on(kms.enable_key_rotation, RotationPeriodInDays=180)
    yield "rotation: status", on(kms.get_key_rotation_status)
    yield "alias: create", lambda: kms.create_alias(AliasName=ALIAS, TargetKeyId=made["key"])
    yield "alias: create again", lambda: kms.create_alias(AliasName=ALIAS, TargetKeyId=made["other"])
    yield "alias: create on a missing key", lambda: kms.create_alias(AliasName="alias/x", TargetKeyId=NOWHERE)
    yield "alias: create a reserved one", lambda: kms.create_alias(AliasName="alias/aws/x", TargetKeyId=made["key"])
    yield "alias: describe by it", lambda: kms.describe_key(KeyId=ALIAS)
    yield "alias: list of the key", on(kms.list_aliases)
    yield "alias: update", lambda: kms.update_alias(AliasName=ALIAS, TargetKeyId=made["other"])
    yield "alias: list after update", on(kms.list_aliases)
    yield "alias: delete", lambda: kms.delete_alias(AliasName=ALIAS)
    yield "alias: delete again", lambda: kms.delete_alias(AliasName=ALIAS)
    yield "alias: update a missing one", lambda: kms.update_alias(AliasName=ALIAS, TargetKeyId=made["other"])
    yield "alias: describe by a missing one", lambda: kms.describe_key(KeyId=ALIAS)
    yield "key: disable", on(kms.disable_key)
    yield "disabled: describe", on(kms.describe_key)
    yield "disabled: enable rotation", on(kms.enable_key_rotation)
    yield "disabled: cancel deletion", on(kms.cancel_key_deletion)
    yield "key: enable", on(kms.enable_key)
    yield "key: schedule deletion too soon", on(kms.schedule_key_deletion, PendingWindowInDays=6)
    yield "key: schedule deletion", on(kms.schedule_key_deletion, PendingWindowInDays=7)
    yield "pending: describe", on(kms.describe_key)
    yield "pending: enable", on(kms.enable_key)
    yield "pending: enable rotation", on(kms.enable_key_rotation)
    yield "pending: rotation status", on(kms.get_key_rotation_status)
    yield "pending: tag", on(kms.tag_resource, Tags=[{"TagKey": "b", "TagValue": "3"}])
    yield "pending: create alias", lambda: kms.create_alias(AliasName="alias/y", TargetKeyId=made["key"])
    yield "pending: cancel", on(kms.cancel_key_deletion)
    yield "rescued: describe", on(kms.describe_key)
    yield "rescued: rotation status", on(kms.get_key_rotation_status)
    yield "key: list", kms.list_keys


def role_steps(account):
    iam = account.iam()
    trust = json.dumps(BACKUP_TRUST)

    def on(operation, **wishes):
        return lambda: operation(RoleName=ROLE, **wishes)

    yield "role: get a missing one", on(iam.get_role)
    yield "role: create", on(iam.create_role, AssumeRolePolicyDocument=trust, Description="d", Tags=[{"Key": "a", "Value": "1"}])
    yield "role: create again", on(iam.create_role, AssumeRolePolicyDocument=trust)
    yield "role: create with nonsense", lambda: iam.create_role(RoleName="other", AssumeRolePolicyDocument="nonsense")
    yield "role: get", on(iam.get_role)
    yield "role: get in capitals", lambda: iam.get_role(RoleName=ROLE.upper())
    yield "role: list", iam.list_roles
    yield "role: attach", on(iam.attach_role_policy, PolicyArn=FOR_BACKUP)
    yield "role: attach again", on(iam.attach_role_policy, PolicyArn=FOR_BACKUP)
    yield "role: attach another", on(iam.attach_role_policy, PolicyArn=FOR_RESTORES)
    yield "role: attached", on(iam.list_attached_role_policies)
    yield "role: attach to a missing one", lambda: iam.attach_role_policy(RoleName="nobody", PolicyArn=FOR_BACKUP)
    yield "role: detach", on(iam.detach_role_policy, PolicyArn=FOR_RESTORES)
    yield "role: detach again", on(iam.detach_role_policy, PolicyArn=FOR_RESTORES)
    yield "role: delete with policies", on(iam.delete_role)
    yield "inline: put", on(iam.put_role_policy, PolicyName="p", PolicyDocument=DENY)
    yield "inline: put nonsense", on(iam.put_role_policy, PolicyName="q", PolicyDocument="nonsense")
    yield "inline: list", on(iam.list_role_policies)
    yield "inline: get", on(iam.get_role_policy, PolicyName="p")
    yield "inline: get a missing one", on(iam.get_role_policy, PolicyName="q")
    yield "inline: delete", on(iam.delete_role_policy, PolicyName="p")
    yield "inline: delete again", on(iam.delete_role_policy, PolicyName="p")
    yield "boundary: put", on(iam.put_role_permissions_boundary, PermissionsBoundary=BOUNDARY)
    yield "boundary: get", on(iam.get_role)
    yield "boundary: delete", on(iam.delete_role_permissions_boundary)
    yield "role: tag", on(iam.tag_role, Tags=[{"Key": "b", "Value": "2"}])
    yield "role: untag", on(iam.untag_role, TagKeys=["a"])
    yield "role: tags", on(iam.list_role_tags)
    yield "trust: update", on(iam.update_assume_role_policy, PolicyDocument=trust.replace("backup.", "ec2."))
    yield "trust: update with nonsense", on(iam.update_assume_role_policy, PolicyDocument="nonsense")
    yield "trust: get", on(iam.get_role)
    yield "role: detach the last", on(iam.detach_role_policy, PolicyArn=FOR_BACKUP)
    yield "role: delete", on(iam.delete_role)
    yield "role: delete again", on(iam.delete_role)


def message_steps(account):
    sns = account.sns()
    topic = f"arn:aws:sns:{PRIMARY}:{account.id}:drift-healer"

    def publish(**wishes):
        return lambda: sns.publish(**({"TopicArn": topic} | wishes))

    yield "caller", account.sts().get_caller_identity
    yield "topic: list none", sns.list_topics
    yield "topic: create", lambda: sns.create_topic(Name="drift-healer")
    yield "topic: create again", lambda: sns.create_topic(Name="drift-healer")
    yield "topic: list", sns.list_topics
    yield "publish: text", publish(Message="m", Subject="s", MessageAttributes={"a": {"DataType": "String", "StringValue": "v"}})
    yield "publish: json", publish(Message='{"default":"d","email":"e"}', MessageStructure="json")
    yield "publish: json without default", publish(Message='{"email":"e"}', MessageStructure="json")
    yield "publish: no json", publish(Message="m", MessageStructure="json")
    yield "publish: empty", publish(Message="")
    yield "publish: too long", publish(Message="x" * 262145)
    yield "publish: subject too long", publish(Message="m", Subject="s" * 101)
    yield "publish: subject of two lines", publish(Message="m", Subject="a\nb")
    yield "publish: attribute without value", publish(Message="m", MessageAttributes={"a": {"DataType": "String", "StringValue": ""}})
    yield "publish: missing topic", publish(Message="m", TopicArn=topic + "-2")


SCENARIOS = [vault_steps, plan_steps, key_steps, role_steps, message_steps]
RANDOM = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\bAROA[A-Z0-9]{16,17}\b|\bA[SK]IA[A-Z0-9]{16}\b|\bAIDA[A-Z0-9]{16,17}\b")
OPAQUE = {"VersionId", "MessageId", "UserId"}


class Plain:
    """Answers without what differs from run to run: ids become ordinals by first appearance, times a word."""

    def __init__(self, account):
        self.account, self.ids = account, {}

    def text(self, text):
        text = text.replace(self.account, "ACCOUNT")
        return RANDOM.sub(lambda m: self.ids.setdefault(m.group(), f"id{len(self.ids)}"), text)

    def value(self, value, name=""):
        if isinstance(value, dict):
            return {k: self.value(v, k) for k, v in sorted(value.items())}
        if isinstance(value, list):
            return sorted((self.value(v) for v in value), key=json.dumps)
        if isinstance(value, datetime):
            return "<time>"
        if not isinstance(value, str):
            return value
        if name in OPAQUE:
            return "<opaque>"
        if name in ("Policy", "PolicyDocument") and value[:1] == "{":
            return self.value(json.loads(value))
        return self.text(value)

    def answer(self, call):
        """The answer as path -> leaf. An error is its code and status: nobody promises its words."""
        try:
            found = call()
        except ClientError as error:
            return {"error": error.response["Error"]["Code"], "status": error.response["ResponseMetadata"]["HTTPStatusCode"]}
        found.pop("ResponseMetadata")
        return dict(leaves(self.value(found)))


def leaves(value, path=""):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{n}]")
    elif value is not None:
        yield path, value


def run(account):
    plain = Plain(account.id)
    return {label: plain.answer(call) for scenario in SCENARIOS for label, call in scenario(account)}


def compare(sandbox, moto):
    """(step, path) -> both values, wherever they differ."""
    found = {}
    for step, ours in sandbox.items():
        theirs = moto[step]
        for path in sorted(ours.keys() | theirs.keys()):
            if ours.get(path) != theirs.get(path):
                found[step, path] = (ours.get(path), theirs.get(path))
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_moto():
    port = free_port()
    command = [os.path.join(os.path.dirname(sys.executable), "moto_server"), "-H", "127.0.0.1", "-p", str(port)]
    # Without this moto knows no managed policies, and attaching one fails.
    environment = os.environ | {"MOTO_IAM_LOAD_MANAGED_POLICIES": "true"}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/moto-api/data.json", timeout=5).close()
            return server, f"http://127.0.0.1:{port}"
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.1)
    server.kill()
    sys.exit("moto_server did not start")


def matching(difference, entry):
    (step, path), (listed_step, listed_path) = difference, entry
    return re.fullmatch(listed_step, step) and re.fullmatch(listed_path, path)


def main():
    server, url = start_moto()
    try:
        moto = run(Account(MOTO_ACCOUNT, url))
    finally:
        server.terminate()
        server.wait()
    found = compare(run(Account(SANDBOX_ACCOUNT)), moto)

    used, unlisted = set(), []
    for difference, (ours, theirs) in found.items():
        entries = [entry for entry in DIFFERENCES if matching(difference, entry)]
        used.update(entries)
        if not entries:
            unlisted.append(f"  {difference[0]} | {difference[1]}: sandbox {ours!r}, moto {theirs!r}")
    gone = [f"  {step} | {path}" for step, path in DIFFERENCES if (step, path) not in used]

    if unlisted:
        print("differences that no fact explains:", *unlisted, sep="\n", file=sys.stderr)
    if gone:
        print("listed differences that no longer occur:", *gone, sep="\n", file=sys.stderr)
    print(f"{len(moto)} calls to each, {len(found)} differing values, {len(DIFFERENCES)} explained kinds")
    return 1 if unlisted or gone else 0


if __name__ == "__main__":
    sys.exit(main())
