"""One account as boto3 sees it, and the tools that only a sandbox has."""

import itertools
import json
import os
import re
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

PRIMARY, DR = "us-east-1", "us-west-2"
BACKUP_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
FOR_BACKUP = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
FOR_RESTORES = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores"
DAY = 86400
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

# From another number each time, so that the suite can run again against a server that is still up.
_accounts = itertools.count(200_000_000_000 + int(time.time() * 100) % 700_000_000_000)
# One session for all: it keeps the parsed service models, which are most of the cost of a client.
_session = boto3.session.Session()
_clients = {}


def endpoint():
    return os.environ["AWS_ENDPOINT_URL"].rstrip("/")


class Account:
    """An account of its own, so that no test sees another's resources and none has to clean up."""

    def __init__(self, number=None, url=None):
        self.id = number or str(next(_accounts))
        self.url = url or endpoint()

    def client(self, service, region=PRIMARY):
        key = (self.url, self.id, service, region)
        if key not in _clients:
            # Retries would hide both a fault and the number of calls that it took.
            # Nor may botocore refuse what the server is to refuse.
            config = Config(retries={"total_max_attempts": 1}, read_timeout=20, parameter_validation=False)
            _clients[key] = _session.client(
                service,
                region_name=region,
                endpoint_url=self.url,
                aws_access_key_id=self.id,
                aws_secret_access_key="unused",
                config=config,
            )
        return _clients[key]

    def backup(self, region=PRIMARY):
        return self.client("backup", region)

    def kms(self, region=PRIMARY):
        return self.client("kms", region)

    def iam(self):
        return self.client("iam")

    def sns(self, region=PRIMARY):
        return self.client("sns", region)

    def sts(self, region=PRIMARY):
        return self.client("sts", region)

    def environment(self, region=PRIMARY):
        """For a client in another process."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
        return kept | {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": self.id,
            "AWS_SECRET_ACCESS_KEY": "unused",
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_PAGER": "",
            "AWS_MAX_ATTEMPTS": "1",
        }

    def make_key(self, region=PRIMARY, **wishes):
        return self.kms(region).create_key(**wishes)["KeyMetadata"]["Arn"]

    def make_vault(self, name="vault_prod_daily", region=PRIMARY, **wishes):
        return self.backup(region).create_backup_vault(BackupVaultName=name, **wishes)

    def make_role(self, name="aws_backup_role", trust=BACKUP_TRUST, policies=(FOR_BACKUP, FOR_RESTORES)):
        arn = self.iam().create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        for policy in policies:
            self.iam().attach_role_policy(RoleName=name, PolicyArn=policy)
        return arn

    def make_plan(self, name="prod_backups", rules=None, region=PRIMARY, **wishes):
        document = {"BackupPlanName": name, "Rules": rules or [rule()]}
        return self.backup(region).create_backup_plan(BackupPlan=document, **wishes)["BackupPlanId"]

    def vault_policy(self, name, region=PRIMARY, actions=None):
        actions = actions or [
            "backup:DeleteBackupVault",
            "backup:DeleteRecoveryPoint",
            "backup:UpdateRecoveryPointLifecycle",
        ]
        statement = {
            "Sid": "deny_all_delete",
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": actions,
            "Resource": f"arn:aws:backup:{region}:{self.id}:backup-vault:{name}",
        }
        return {"Version": "2012-10-17", "Id": "default", "Statement": [statement]}


def rule(name="daily_backup_rule", vault="vault_prod_daily", **more):
    return {"RuleName": name, "TargetBackupVaultName": vault} | more


@contextmanager
def refused(code, status=None, says=None):
    """The call inside must fail with one of these codes; yields what will be the whole answer afterwards."""
    answer = {}
    try:
        yield answer
    except ClientError as error:
        answer.update(error.response)
        codes = (code,) if isinstance(code, str) else code
        found = error.response["Error"]
        assert found["Code"] in codes, f"{found['Code']}: {found['Message']}, not {code}"
        found_status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        assert status in (None, found_status), f"HTTP {found_status}, not {status}"
        assert says is None or says in found["Message"], f"{found['Message']!r} does not say {says!r}"
        return
    raise AssertionError(f"the call succeeded; {code} was expected")


def tool(method, path, body=None):
    """One of the sandbox's own tools, under /_sandbox/."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{endpoint()}/_sandbox/{path}", data=data, method=method)
    request.add_header("content-type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            text = answer.read()
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{method} /_sandbox/{path}: {error.code} {error.read().decode()}") from error
    return json.loads(text) if text.strip() else None


def advance(days=0, seconds=0):
    tool("POST", "advance", {"seconds": int(days * DAY + seconds)})


def pages(paginator, member, size, **wishes):
    """All items and the number of pages that they came in."""
    found = [page[member] for page in paginator.paginate(PaginationConfig={"PageSize": size}, **wishes)]
    return [item for page in found for item in page], len(found)


@contextmanager
def options(**wishes):
    """AWS behaves so inside, and as before afterwards."""
    before = tool("POST", "options", {})
    tool("POST", "options", wishes)
    try:
        yield
    finally:
        tool("POST", "options", {name: before[name] for name in wishes})


def plant(account, region=PRIMARY, **what):
    """Sets what no call can: plant(account, vault="name", set={"VaultState": "FAILED"})."""
    tool("POST", f"plant?account={account.id}", {"region": region} | what)
