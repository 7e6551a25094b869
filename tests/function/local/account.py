"""The account in the sandbox as boto3 shows it, and the sandbox's own tools."""

import functools
import json
import threading
import urllib.parse
import urllib.request
from datetime import datetime, timezone

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

PRIMARY, DR = "us-east-1", "us-west-2"
REGIONS = (PRIMARY, DR)
ID = "123456789012"
ROLE = "aws_backup_role"
ALIAS = "alias/aws_backup_key"
VAULTS = {
    "vault_prod_hourly": PRIMARY,
    "vault_prod_daily": PRIMARY,
    "vault_prod_monthly": PRIMARY,
    "vault_disaster_recovery": DR,
}

TAGS = {
    "terraform": "true",
    "created_by": "ThinkStack",
    "environment": "prod",
    "priority": "critical",
    "aws_backup": "true",
}

# One session for all: it keeps the parsed service models, and making clients with it takes turns.
_session = boto3.session.Session()
_turn = threading.Lock()


class Account:
    """One sandbox's account."""

    def __init__(self, url):
        self.url = url.rstrip("/")
        self._clients = {}

    def client(self, service, region=PRIMARY):
        if (service, region) not in self._clients:
            with _turn:
                self._clients[service, region] = _session.client(
                    service,
                    region_name=region,
                    endpoint_url=self.url,
                    aws_access_key_id=ID,
                    aws_secret_access_key="unused",
                    config=Config(retries={"total_max_attempts": 1}),
                )
        return self._clients[service, region]

    def backup(self, region=PRIMARY):
        return self.client("backup", region)

    def kms(self, region=PRIMARY):
        return self.client("kms", region)

    @property
    def iam(self):
        return self.client("iam")

    # The sandbox's tools.

    def tool(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_sandbox/{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read())

    def deploy(self):
        self.tool("POST", "reset")
        self.tool("POST", "deploy")

    def drift(self, name):
        self.tool("POST", "drift/" + urllib.parse.quote(name))

    def advance(self, days):
        self.tool("POST", "advance", {"seconds": days * 86400})

    def now(self):
        return datetime.fromisoformat(self.tool("GET", "health")["now"].replace("Z", "+00:00"))

    def messages(self):
        return self.tool("GET", "messages")

    def writes(self):
        return [f"{call['service']}:{call['operation']}" for call in self.tool("GET", "calls?writes=true")]

    def forget(self):
        self.tool("DELETE", "calls")
        self.tool("DELETE", "messages")

    # What is where.

    def key(self, region):
        """The ARN of the key behind the alias."""
        return self.kms(region).describe_key(KeyId=ALIAS)["KeyMetadata"]["Arn"]

    def vault_arn(self, vault):
        return f"arn:aws:backup:{VAULTS[vault]}:{ID}:backup-vault:{vault}"

    def plan_id(self, name):
        (found,) = [plan for plan in self._plans(PRIMARY) if plan["BackupPlanName"] == name]
        return found["BackupPlanId"]

    def selection_ids(self, plan, name):
        listed = self.backup().list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"]
        return [one["SelectionId"] for one in listed if one["SelectionName"] == name]

    def _plans(self, region):
        return self.backup(region).list_backup_plans()["BackupPlansList"]

    # Everything that can drift, without what differs by nature: ids of plans and selections, versions, dates.

    def view(self):
        now = self.now()
        seen = {"role": self._role()}
        for region in REGIONS:
            seen[region] = {
                "keys": self._keys(region),
                "vaults": self._vaults(region, now),
                "plans": self._plan_documents(region),
            }
        return seen

    def _role(self):
        try:
            role = self.iam.get_role(RoleName=ROLE)["Role"]
        except ClientError as error:
            assert error.response["Error"]["Code"] == "NoSuchEntity", error
            return None
        attached = self.iam.list_attached_role_policies(RoleName=ROLE)["AttachedPolicies"]
        return {
            "arn": role["Arn"],
            "trust": canonical(role["AssumeRolePolicyDocument"]),
            "boundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
            "tags": pairs(role.get("Tags", []), "Key", "Value"),
            "attached": sorted(one["PolicyArn"] for one in attached),
            "inline": self.iam.list_role_policies(RoleName=ROLE)["PolicyNames"],
        }

    def _keys(self, region):
        kms = self.kms(region)
        aliases = {one["AliasName"]: one.get("TargetKeyId") for one in kms.list_aliases()["Aliases"]}
        seen = {"alias": aliases.get(ALIAS)}
        for key in kms.list_keys()["Keys"]:
            metadata = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
            rotation = kms.get_key_rotation_status(KeyId=key["KeyId"])
            tags = kms.list_resource_tags(KeyId=key["KeyId"])["Tags"]
            seen[key["KeyArn"]] = {
                "state": metadata["KeyState"],
                "description": metadata["Description"],
                "rotation": (rotation["KeyRotationEnabled"], rotation.get("RotationPeriodInDays")),
                "tags": pairs(tags, "TagKey", "TagValue"),
                "policy": canonical(kms.get_key_policy(KeyId=key["KeyId"])["Policy"]),
            }
        return seen

    def _vaults(self, region, now):
        backup = self.backup(region)
        seen = {}
        for vault in backup.list_backup_vaults()["BackupVaultList"]:
            try:
                policy = backup.get_backup_vault_access_policy(BackupVaultName=vault["BackupVaultName"])["Policy"]
            except ClientError as error:
                assert error.response["Error"]["Code"] == "ResourceNotFoundException", error
                policy = None
            date = vault.get("LockDate")
            left = date and round((date.astimezone(timezone.utc) - now).total_seconds() / 86400, 1)
            seen[vault["BackupVaultName"]] = {
                "type": vault["VaultType"],
                "key": vault["EncryptionKeyArn"],
                "tags": backup.list_tags(ResourceArn=vault["BackupVaultArn"])["Tags"],
                "policy": policy and canonical(policy),
                "lock": (vault["Locked"], vault.get("MinRetentionDays"), vault.get("MaxRetentionDays"), left),
            }
        return seen

    def _plan_documents(self, region):
        backup = self.backup(region)
        seen = []
        for listed in self._plans(region):
            plan = backup.get_backup_plan(BackupPlanId=listed["BackupPlanId"])
            rules = [{k: v for k, v in rule.items() if k != "RuleId"} for rule in plan["BackupPlan"]["Rules"]]
            ids = backup.list_backup_selections(BackupPlanId=plan["BackupPlanId"])["BackupSelectionsList"]
            selections = [
                backup.get_backup_selection(BackupPlanId=plan["BackupPlanId"], SelectionId=one["SelectionId"])
                for one in ids
            ]
            seen.append(
                {
                    "name": plan["BackupPlan"]["BackupPlanName"],
                    "rules": sorted(map(canonical, rules)),
                    "settings": canonical(plan.get("AdvancedBackupSettings", [])),
                    "tags": backup.list_tags(ResourceArn=listed["BackupPlanArn"])["Tags"],
                    "selections": sorted(canonical(one["BackupSelection"]) for one in selections),
                }
            )
        return sorted(seen, key=canonical)


def pairs(tags, key, value):
    return {tag[key]: tag[value] for tag in tags}


def canonical(value):
    """As text in which the order of members and lists does not show."""
    if isinstance(value, str) and value.startswith("{"):
        value = json.loads(value)
    return json.dumps(_sorted(value), sort_keys=True)


def _sorted(value):
    if isinstance(value, dict):
        return {key: _sorted(one) for key, one in value.items()}
    if isinstance(value, list):
        return sorted(map(_sorted, value), key=functools.partial(json.dumps, sort_keys=True))
    return value
