"""Vault access policies at work: on which resource each action is judged, and who is meant."""

import json

import pytest

from cloud import BACKUP_TRUST, DR, PRIMARY, options, refused, tool

NAME = "vault_prod_daily"
DENIED = ("AccessDeniedException", 403, "Insufficient privileges to perform this action.")
LOCKED = "RecoveryPoint cannot be deleted or updated (Backup vault configured with Lock)"

ON_POINTS = {
    "DeleteRecoveryPoint": lambda backup, arn: backup.delete_recovery_point(
        BackupVaultName=NAME, RecoveryPointArn=arn
    ),
    "DescribeRecoveryPoint": lambda backup, arn: backup.describe_recovery_point(
        BackupVaultName=NAME, RecoveryPointArn=arn
    ),
    "DisassociateRecoveryPoint": lambda backup, arn: backup.disassociate_recovery_point(
        BackupVaultName=NAME, RecoveryPointArn=arn
    ),
    "GetRecoveryPointRestoreMetadata": lambda backup, arn: backup.get_recovery_point_restore_metadata(
        BackupVaultName=NAME, RecoveryPointArn=arn
    ),
    "StartRestoreJob": lambda backup, arn: backup.start_restore_job(RecoveryPointArn=arn, Metadata={}),
    "UpdateRecoveryPointLifecycle": lambda backup, arn: backup.update_recovery_point_lifecycle(
        BackupVaultName=NAME, RecoveryPointArn=arn, Lifecycle={"DeleteAfterDays": 1}
    ),
}

ON_VAULTS = {
    "DeleteBackupVault": lambda backup: backup.delete_backup_vault(BackupVaultName=NAME),
    "DescribeBackupVault": lambda backup: backup.describe_backup_vault(BackupVaultName=NAME),
    "DeleteBackupVaultLockConfiguration": lambda backup: backup.delete_backup_vault_lock_configuration(
        BackupVaultName=NAME
    ),
    "GetBackupVaultAccessPolicy": lambda backup: backup.get_backup_vault_access_policy(BackupVaultName=NAME),
    "GetBackupVaultNotifications": lambda backup: backup.get_backup_vault_notifications(BackupVaultName=NAME),
    "ListRecoveryPointsByBackupVault": lambda backup: backup.list_recovery_points_by_backup_vault(
        BackupVaultName=NAME
    ),
    "PutBackupVaultLockConfiguration": lambda backup: backup.put_backup_vault_lock_configuration(
        BackupVaultName=NAME
    ),
    "StartBackupJob": lambda backup: backup.start_backup_job(
        BackupVaultName=NAME, ResourceArn="arn:aws:s3:::bucket", IamRoleArn="arn:aws:iam::1:role/r"
    ),
}


def deny(action, resource="*", principal="*", **more):
    statement = {"Effect": "Deny", "Principal": principal, "Action": action, "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement | more]}


def put(backup, policy):
    backup.put_backup_vault_access_policy(BackupVaultName=NAME, Policy=json.dumps(policy))


def add_point(account, kind="EFS", continuous=False):
    wishes = {"region": PRIMARY, "vault": NAME, "type": kind, "continuous": continuous}
    return tool("POST", f"recovery-points?account={account.id}", wishes)["arn"]


def vault_arn(account):
    return f"arn:aws:backup:{PRIMARY}:{account.id}:backup-vault:{NAME}"


@pytest.fixture(autouse=True)
def vault(account):
    account.make_vault(NAME)


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("EBS", "arn:aws:ec2:*::snapshot/*"),
        ("EC2", "arn:aws:ec2:*::image/ami-*"),
        ("RDS", "arn:aws:rds:*:*:snapshot:awsbackup:*"),
        ("Aurora", "arn:aws:rds:*:*:cluster-snapshot:awsbackup:*"),
        ("FSx", "arn:aws:fsx:*:*:backup/backup-*"),
        ("EFS", "arn:aws:backup:*:*:recovery-point:*"),
    ],
)
def test_a_recovery_point_is_judged_by_the_arn_of_its_type(account, backup, kind, form):
    arn, other = add_point(account, kind), add_point(account, "EC2" if kind != "EC2" else "EBS")
    put(backup, deny("backup:DeleteRecoveryPoint", form))
    with refused(*DENIED):
        backup.delete_recovery_point(BackupVaultName=NAME, RecoveryPointArn=arn)
    backup.delete_recovery_point(BackupVaultName=NAME, RecoveryPointArn=other)
    (left,) = backup.list_recovery_points_by_backup_vault(BackupVaultName=NAME)["RecoveryPoints"]
    assert (left["RecoveryPointArn"], left["ResourceType"]) == (arn, kind)


@pytest.mark.parametrize("operation", ON_POINTS)
def test_the_vaults_arn_does_not_reach_what_is_asked_of_recovery_points(account, backup, operation):
    arn = add_point(account, continuous=operation == "DisassociateRecoveryPoint")
    put(backup, deny(f"backup:{operation}", "*"))
    with refused(*DENIED):
        ON_POINTS[operation](backup, arn)
    put(backup, deny(f"backup:{operation}", vault_arn(account)))
    with options(vault_arn_covers_recovery_points=True), refused(*DENIED):
        ON_POINTS[operation](backup, arn)
    ON_POINTS[operation](backup, arn)


@pytest.mark.parametrize("operation", ON_VAULTS)
def test_what_is_asked_of_the_vault_is_judged_by_its_arn(account, backup, operation):
    put(backup, deny(f"backup:{operation}", vault_arn(account)))
    with refused(*DENIED):
        ON_VAULTS[operation](backup)
    put(backup, deny(f"backup:{operation}", f"arn:aws:backup:{PRIMARY}:{account.id}:recovery-point:*"))
    try:
        ON_VAULTS[operation](backup)
    except backup.exceptions.ResourceNotFoundException:
        pass


def role(account, name="breakglass", path="/ops/"):
    trust = json.dumps(BACKUP_TRUST)
    return account.iam().create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=trust)["Role"]


def act_as(account, arn):
    tool("POST", "actor", {"access_key": account.id, "arn": arn})


@pytest.fixture
def admin(account):
    """A role with a path, a session of which calls from now on."""
    made = role(account)
    act_as(account, f"arn:aws:sts::{account.id}:assumed-role/breakglass/ada")
    return made


# ACCOUNT is the account, and ROLE the unique id of the role.
MEANT = [
    {"principal": "*"},
    {"principal": {"AWS": "*"}},
    {"principal": {"AWS": "ACCOUNT"}},
    {"principal": {"AWS": ["arn:aws:iam::ACCOUNT:root"]}},
    {"principal": {"AWS": "arn:aws:iam::ACCOUNT:role/ops/breakglass"}},
    {"principal": {"AWS": "arn:aws:sts::ACCOUNT:assumed-role/breakglass/ada"}},
    {"Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/ops/*"}}},
    {"Condition": {"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::ACCOUNT:role/ops/breakglass"}}},
    {"Condition": {"StringLike": {"aws:userid": "ROLE:*"}}},
    {"Condition": {"StringEquals": {"aws:PrincipalAccount": "ACCOUNT"}}},
    {"Condition": {"StringNotEquals": {"aws:PrincipalAccount": "000000000000"}}},
    {"Condition": {"Null": {"aws:username": "true"}}},
    {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
    {
        "Condition": {
            "StringEquals": {"aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:role/ops/breakglass"}
        }
    },
]
SPARED = [
    {"principal": {"AWS": "arn:aws:iam::000000000000:root"}},
    {"principal": {"Service": "backup.amazonaws.com"}},
    {"Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/ops/*"}}},
    {"Condition": {"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::ACCOUNT:role/ops/breakglass"}}},
    {"Condition": {"StringNotLike": {"aws:userid": "ROLE:*"}}},
    {"Condition": {"StringNotEquals": {"aws:PrincipalAccount": "ACCOUNT"}}},
    {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-example"}}},
    {"Condition": {"Bool": {"aws:SecureTransport": "false"}}},
]


def filled(value, account, made):
    return json.loads(json.dumps(value).replace("ACCOUNT", account.id).replace("ROLE", made["RoleId"]))


@pytest.mark.parametrize(("statement", "denied"), [(s, True) for s in MEANT] + [(s, False) for s in SPARED])
def test_a_denial_holds_for_whom_it_means(account, backup, admin, statement, denied):
    put(backup, deny("backup:DescribeBackupVault", **filled(statement, account, admin)))
    if denied:
        with refused(*DENIED):
            backup.describe_backup_vault(BackupVaultName=NAME)
    else:
        backup.describe_backup_vault(BackupVaultName=NAME)


def test_a_role_with_a_path_is_not_meant_without_it(account, backup, admin):
    role(account, "without", "/")
    put(
        backup,
        deny("backup:DescribeBackupVault", principal={"AWS": f"arn:aws:iam::{account.id}:role/without"}),
    )
    backup.describe_backup_vault(BackupVaultName=NAME)


@pytest.mark.parametrize(
    ("spared", "denied"),
    [
        (["arn:aws:iam::{0}:root"], True),
        (["arn:aws:iam::{0}:root", "arn:aws:iam::{0}:role/ops/breakglass"], True),
        (
            [
                "arn:aws:iam::{0}:root",
                "arn:aws:iam::{0}:role/ops/breakglass",
                "arn:aws:sts::{0}:assumed-role/breakglass/ada",
            ],
            False,
        ),
    ],
)
def test_not_principal_spares_only_who_is_named_in_full(account, backup, admin, spared, denied):
    policy = deny("backup:DescribeBackupVault", NotPrincipal={"AWS": [s.format(account.id) for s in spared]})
    del policy["Statement"][0]["Principal"]
    put(backup, policy)
    if denied:
        with refused(*DENIED):
            backup.describe_backup_vault(BackupVaultName=NAME)
    else:
        backup.describe_backup_vault(BackupVaultName=NAME)


def test_the_organization_of_the_caller_can_be_set(backup):
    outsiders = {"StringNotEquals": {"aws:PrincipalOrgID": "o-example"}}
    put(backup, deny("backup:DescribeBackupVault", Condition=outsiders))
    with refused(*DENIED):
        backup.describe_backup_vault(BackupVaultName=NAME)
    with options(organization="o-example"):
        backup.describe_backup_vault(BackupVaultName=NAME)


def test_a_policy_can_lock_out_everybody_but_one(account, backup, admin):
    calls = ["backup:PutBackupVaultAccessPolicy", "backup:DeleteBackupVaultAccessPolicy"]
    others = {"ArnNotEquals": {"aws:PrincipalArn": f"arn:aws:iam::{account.id}:role/ops/breakglass"}}
    put(backup, deny(calls, Condition=others))
    act_as(account, f"arn:aws:sts::{account.id}:assumed-role/drift-healer/drift-healer")
    for attempt in (
        lambda: put(backup, deny(calls)),
        lambda: backup.delete_backup_vault_access_policy(BackupVaultName=NAME),
    ):
        with refused(*DENIED):
            attempt()
    act_as(account, f"arn:aws:sts::{account.id}:assumed-role/breakglass/ada")
    backup.delete_backup_vault_access_policy(BackupVaultName=NAME)


def test_the_caller_of_a_role_that_is_there_has_its_id(account, admin):
    caller = account.sts().get_caller_identity()
    assert caller["UserId"] == f"{admin['RoleId']}:ada"
    assert caller["Arn"].endswith(":assumed-role/breakglass/ada")


@pytest.mark.parametrize("lock", [{"MinRetentionDays": 1}, {"ChangeableForDays": 3}])
@pytest.mark.parametrize(
    "operation", ["DeleteRecoveryPoint", "UpdateRecoveryPointLifecycle", "DisassociateRecoveryPoint"]
)
def test_a_lock_refuses_in_its_own_words(account, backup, operation, lock):
    arn = add_point(account, continuous=operation == "DisassociateRecoveryPoint")
    backup.put_backup_vault_lock_configuration(BackupVaultName=NAME, **lock)
    with refused("InvalidRequestException", 400, LOCKED):
        ON_POINTS[operation](backup, arn)
    backup.describe_recovery_point(BackupVaultName=NAME, RecoveryPointArn=arn)


def test_a_lifecycle_comes_back_with_its_dates(account, backup):
    arn = add_point(account)
    wish = {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 120}
    answer = backup.update_recovery_point_lifecycle(
        BackupVaultName=NAME, RecoveryPointArn=arn, Lifecycle=wish
    )
    assert (answer["BackupVaultArn"], answer["RecoveryPointArn"]) == (vault_arn(account), arn)
    found = backup.describe_recovery_point(BackupVaultName=NAME, RecoveryPointArn=arn)
    dates = found["CalculatedLifecycle"]
    assert (found["Lifecycle"], dates) == (wish, answer["CalculatedLifecycle"])
    assert (dates["DeleteAt"] - found["CreationDate"]).days == 120
    with refused("InvalidParameterValueException", 400):
        wish = {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 100}
        backup.update_recovery_point_lifecycle(BackupVaultName=NAME, RecoveryPointArn=arn, Lifecycle=wish)


def test_only_continuous_backups_are_disassociated_and_none_of_them_gets_a_lifecycle(account, backup):
    once, always = add_point(account), add_point(account, continuous=True)
    with refused("InvalidRequestException", 400):
        ON_POINTS["DisassociateRecoveryPoint"](backup, once)
    with refused("InvalidRequestException", 400):
        ON_POINTS["UpdateRecoveryPointLifecycle"](backup, always)
    ON_POINTS["DisassociateRecoveryPoint"](backup, always)
    points = backup.list_recovery_points_by_backup_vault(BackupVaultName=NAME)["RecoveryPoints"]
    assert [p["RecoveryPointArn"] for p in points] == [once]


@pytest.mark.parametrize("operation", [o for o in ON_POINTS])
def test_a_recovery_point_that_is_not_there_is_not_found(account, backup, operation):
    with refused("ResourceNotFoundException", 400):
        ON_POINTS[operation](backup, f"arn:aws:backup:{PRIMARY}:{account.id}:recovery-point:nobody")


def test_the_trail_tells_of_what_is_done_to_recovery_points(account, backup):
    arn = add_point(account)
    for operation in ("UpdateRecoveryPointLifecycle", "StartRestoreJob", "DeleteRecoveryPoint"):
        ON_POINTS[operation](backup, arn)
    told = [
        json.loads(e["CloudTrailEvent"]) for e in account.client("cloudtrail").lookup_events()["Events"][:3]
    ]
    assert [t["eventName"] for t in told] == [
        "DeleteRecoveryPoint",
        "StartRestoreJob",
        "UpdateRecoveryPointLifecycle",
    ]
    assert told[0]["requestParameters"] == {"backupVaultName": NAME, "recoveryPointArn": arn}
    assert told[1]["requestParameters"]["metadata"] == "HIDDEN_DUE_TO_SECURITY_REASONS"
    assert told[2]["requestParameters"]["lifecycle"] == {"deleteAfterDays": 1}


def points(backup, name=NAME):
    return backup.list_recovery_points_by_backup_vault(BackupVaultName=name)["RecoveryPoints"]


def test_a_backup_on_demand_arrives_if_the_lock_lets_it(account, backup):
    backup.put_backup_vault_lock_configuration(BackupVaultName=NAME, MinRetentionDays=7, MaxRetentionDays=30)
    service = account.make_role()
    job = {"BackupVaultName": NAME, "IamRoleArn": service}
    volume = f"arn:aws:ec2:{PRIMARY}:{account.id}:volume/vol-1"
    for days in (6, 31, None):
        lifecycle = {"Lifecycle": {"DeleteAfterDays": days}} if days else {}
        assert backup.start_backup_job(ResourceArn=volume, **job, **lifecycle)["BackupJobId"]
    assert points(backup) == []
    answer = backup.start_backup_job(ResourceArn=volume, Lifecycle={"DeleteAfterDays": 7}, **job)
    (point,) = points(backup)
    assert "RecoveryPointArn" not in answer and ":snapshot/snap-" in point["RecoveryPointArn"]
    files = f"arn:aws:elasticfilesystem:{PRIMARY}:{account.id}:file-system/fs-1"
    answer = backup.start_backup_job(ResourceArn=files, Lifecycle={"DeleteAfterDays": 7}, **job)
    assert answer["RecoveryPointArn"] in {p["RecoveryPointArn"] for p in points(backup)}


@pytest.mark.parametrize("denied", [False, True])
def test_a_copy_arrives_if_the_policy_of_its_destination_lets_the_role(account, backup, denied):
    arn, copier = add_point(account), account.make_role()
    copy = account.make_vault("vault_dr", DR)["BackupVaultArn"]
    if denied:
        policy = deny("backup:CopyIntoBackupVault", copy, {"AWS": copier})
        account.backup(DR).put_backup_vault_access_policy(
            BackupVaultName="vault_dr", Policy=json.dumps(policy)
        )
    job = {"RecoveryPointArn": arn, "SourceBackupVaultName": NAME, "DestinationBackupVaultArn": copy}
    assert backup.start_copy_job(IamRoleArn=copier, **job)["CopyJobId"]
    assert len(points(account.backup(DR), "vault_dr")) == (not denied)


def allow(action, resource="*"):
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource}],
    }


def test_iam_judges_a_recovery_point_by_its_own_arn_too(account, backup):
    arn = add_point(account, "EBS")
    key = {"access_key": account.id}
    try:
        tool("POST", "enforce", key | {"documents": [allow("backup:*", vault_arn(account))]})
        with refused("AccessDeniedException", 403, f"backup:DeleteRecoveryPoint on resource: {arn}"):
            ON_POINTS["DeleteRecoveryPoint"](backup, arn)
        tool("POST", "enforce", key | {"documents": [allow("backup:*", "arn:aws:ec2:*::snapshot/*")]})
        ON_POINTS["DeleteRecoveryPoint"](backup, arn)
    finally:
        tool("POST", "enforce", key | {"documents": None})


def test_a_service_control_policy_binds_whoever_calls(account, backup):
    arn = add_point(account)
    text = "with an explicit deny in a service control policy"
    with options(denied_by_organization=["backup:Delete*"]):
        with refused("AccessDeniedException", 403, text):
            ON_POINTS["DeleteRecoveryPoint"](backup, arn)
        ON_POINTS["DescribeRecoveryPoint"](backup, arn)
    ON_POINTS["DeleteRecoveryPoint"](backup, arn)
