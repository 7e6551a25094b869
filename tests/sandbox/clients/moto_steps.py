"""The calls that moto_compare.py makes to both; generators, as one may need what an earlier one answered."""

import json

from cloud import BACKUP_TRUST, FOR_BACKUP, FOR_RESTORES, PRIMARY, rule

VAULT, ROLE, ALIAS = "vault_prod_daily", "aws_backup_role", "alias/aws_backup_key"
NOWHERE = "00000000-0000-4000-8000-000000000000"
BOUNDARY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
DENY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "backup:*", "Resource": "*"}]}
)
VSS = [{"ResourceType": "EC2", "BackupOptions": {"WindowsVSS": "enabled"}}]


# A step that moto answers with another outcome stands where nothing after it sees what it left behind.


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
    yield (
        "vault: create",
        lambda: backup.create_backup_vault(
            BackupVaultName=VAULT, EncryptionKeyArn=key, BackupVaultTags={"a": "1"}, CreatorRequestId="r"
        ),
    )
    yield (
        "vault: create again",
        lambda: backup.create_backup_vault(BackupVaultName=VAULT, EncryptionKeyArn=key),
    )
    yield "vault: describe", describe
    yield "vault: list", backup.list_backup_vaults
    yield "vault: tag", lambda: backup.tag_resource(ResourceArn=arn, Tags={"b": "2", "c": "3"})
    yield "vault: untag", lambda: backup.untag_resource(ResourceArn=arn, TagKeyList=["a", "c"])
    yield "vault: tags", lambda: backup.list_tags(ResourceArn=arn)
    yield "lock: min over max", put(MinRetentionDays=9, MaxRetentionDays=8)
    yield "lock: min of none", put(MinRetentionDays=0)
    yield "lock: max over a century", put(MaxRetentionDays=36501)
    yield "lock: two days", put(ChangeableForDays=2)
    yield "lock: still none", describe
    yield "lock: governance", put(MinRetentionDays=7, MaxRetentionDays=90)
    yield "lock: describe governance", describe
    yield "lock: replace", put(MinRetentionDays=8)
    yield "lock: describe replaced", describe
    yield "lock: compliance", put(ChangeableForDays=3, MinRetentionDays=7)
    yield "lock: describe compliance", describe
    yield "lock: list compliance", backup.list_backup_vaults
    yield "lock: too many days", put(ChangeableForDays=36501)
    yield "lock: delete", lambda: backup.delete_backup_vault_lock_configuration(BackupVaultName=VAULT)
    yield "lock: describe deleted", describe
    yield "vault: delete", lambda: backup.delete_backup_vault(BackupVaultName=VAULT)
    yield "vault: list after delete", backup.list_backup_vaults


def plan_steps(account):
    backup = account.backup()
    whole = {
        "BackupPlanName": "prod_backups",
        "Rules": [rule(Lifecycle={"DeleteAfterDays": 30})],
        "AdvancedBackupSettings": VSS,
    }
    made = {}

    def create(document):
        def call():
            answer = backup.create_backup_plan(
                BackupPlan=json.loads(json.dumps(document)), BackupPlanTags={"a": "1"}
            )
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
    yield "plan: delete", lambda: backup.delete_backup_plan(BackupPlanId=made["id"])
    yield "plan: list with deleted", lambda: backup.list_backup_plans(IncludeDeleted=True)
    yield "plan: same name, other rules", create(whole | {"Rules": [rule("other")]})
    yield (
        "plan: a bad start window",
        create({"BackupPlanName": "bad", "Rules": [rule(StartWindowMinutes=59)]}),
    )


def key_steps(account):
    kms = account.kms()
    made = {}
    root = {"AWS": f"arn:aws:iam::{account.id}:root"}
    trusting = {"Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"}

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
    yield (
        "key: put policy",
        on(
            kms.put_key_policy,
            PolicyName="default",
            Policy=json.dumps({"Version": "2012-10-17", "Statement": [trusting]}),
        ),
    )
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
    yield "alias: describe by it", lambda: kms.describe_key(KeyId=ALIAS)
    yield "alias: list of the key", on(kms.list_aliases)
    yield "alias: update", lambda: kms.update_alias(AliasName=ALIAS, TargetKeyId=made["other"])
    yield "alias: list after update", on(kms.list_aliases)
    yield "alias: delete", lambda: kms.delete_alias(AliasName=ALIAS)
    yield "alias: delete again", lambda: kms.delete_alias(AliasName=ALIAS)
    yield "alias: update a missing one", lambda: kms.update_alias(AliasName=ALIAS, TargetKeyId=made["other"])
    yield "alias: describe by a missing one", lambda: kms.describe_key(KeyId=ALIAS)
    yield (
        "alias: create a reserved one",
        lambda: kms.create_alias(AliasName="alias/aws/x", TargetKeyId=made["key"]),
    )
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
    yield (
        "role: create",
        on(
            iam.create_role,
            AssumeRolePolicyDocument=trust,
            Description="d",
            Tags=[{"Key": "a", "Value": "1"}],
        ),
    )
    yield "role: create again", on(iam.create_role, AssumeRolePolicyDocument=trust)
    yield "role: get", on(iam.get_role)
    yield "role: get in capitals", lambda: iam.get_role(RoleName=ROLE.upper())
    yield "role: list", iam.list_roles
    yield "role: attach", on(iam.attach_role_policy, PolicyArn=FOR_BACKUP)
    yield "role: attach again", on(iam.attach_role_policy, PolicyArn=FOR_BACKUP)
    yield "role: attach another", on(iam.attach_role_policy, PolicyArn=FOR_RESTORES)
    yield "role: attached", on(iam.list_attached_role_policies)
    yield (
        "role: attach to a missing one",
        lambda: iam.attach_role_policy(RoleName="nobody", PolicyArn=FOR_BACKUP),
    )
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
    yield (
        "role: create with nonsense",
        lambda: iam.create_role(RoleName="other", AssumeRolePolicyDocument="nonsense"),
    )


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
    yield (
        "publish: text",
        publish(
            Message="m", Subject="s", MessageAttributes={"a": {"DataType": "String", "StringValue": "v"}}
        ),
    )
    yield "publish: json", publish(Message='{"default":"d","email":"e"}', MessageStructure="json")
    yield "publish: json without default", publish(Message='{"email":"e"}', MessageStructure="json")
    yield "publish: no json", publish(Message="m", MessageStructure="json")
    yield "publish: empty", publish(Message="")
    yield "publish: too long", publish(Message="x" * 262145)
    yield "publish: subject too long", publish(Message="m", Subject="s" * 101)
    yield "publish: subject of two lines", publish(Message="m", Subject="a\nb")
    yield (
        "publish: attribute without value",
        publish(Message="m", MessageAttributes={"a": {"DataType": "String", "StringValue": ""}}),
    )
    yield "publish: missing topic", publish(Message="m", TopicArn=topic + "-2")


SCENARIOS = [vault_steps, plan_steps, key_steps, role_steps, message_steps]
