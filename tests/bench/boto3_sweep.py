"""The reads of one sweep of the reference deployment, with boto3 and threads: what the function's figures are compared with.

Prints one line of JSON: CPU seconds since the start of the process, peak memory in KiB, wall seconds and calls of each sweep.
"""

import json
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config

PLACES = {"us-east-1": ["vault_prod_hourly", "vault_prod_daily", "vault_prod_monthly"], "us-west-2": ["vault_disaster_recovery"]}
ROLE = "aws_backup_role"
ALIAS = "alias/aws_backup_key"
AT_ONCE = 12


class Sweep:
    """One look at everything, three rounds deep as the function's."""

    def __init__(self, pool, clients):
        self.pool, self.clients, self.calls = pool, clients, 0

    def later(self, function, **parameters):
        self.calls += 1
        return self.pool.submit(function, **parameters)

    def run(self):
        iam = self.clients["iam"]
        rounds = [
            self.later(iam.get_role, RoleName=ROLE),
            self.later(iam.list_attached_role_policies, RoleName=ROLE),
            self.later(iam.list_role_policies, RoleName=ROLE),
            self.later(
                iam.simulate_principal_policy,
                PolicySourceArn=f"arn:aws:iam::123456789012:role/{ROLE}",
                ActionNames=["backup:CopyIntoBackupVault", "ec2:CreateSnapshot"],
            ),
        ]
        first = []
        for region in PLACES:
            backup, kms = self.clients["backup", region], self.clients["kms", region]
            first.append((region, "vaults", self.later(backup.list_backup_vaults)))
            first.append((region, "key", self.later(kms.describe_key, KeyId=ALIAS)))
            for vault in PLACES[region]:
                rounds.append(self.later(backup.get_backup_vault_access_policy, BackupVaultName=vault))
        home = self.clients["backup", "us-east-1"]
        rounds.append(self.later(home.describe_region_settings))
        plans = self.later(home.list_backup_plans)
        second = []
        for region, kind, answer in first:
            backup, kms = self.clients["backup", region], self.clients["kms", region]
            if kind == "vaults":
                for vault in answer.result()["BackupVaultList"]:
                    rounds.append(self.later(backup.list_tags, ResourceArn=vault["BackupVaultArn"]))
            else:
                key = answer.result()["KeyMetadata"]["KeyId"]
                rounds.append(self.later(kms.get_key_policy, KeyId=key, PolicyName="default"))
                rounds.append(self.later(kms.get_key_rotation_status, KeyId=key))
                rounds.append(self.later(kms.list_resource_tags, KeyId=key))
                rounds.append(self.later(kms.list_grants, KeyId=key))
        for plan in plans.result()["BackupPlansList"]:
            rounds.append(self.later(home.get_backup_plan, BackupPlanId=plan["BackupPlanId"]))
            rounds.append(self.later(home.list_tags, ResourceArn=plan["BackupPlanArn"]))
            second.append((plan["BackupPlanId"], self.later(home.list_backup_selections, BackupPlanId=plan["BackupPlanId"])))
        for plan, answer in second:
            for selection in answer.result()["BackupSelectionsList"]:
                rounds.append(self.later(home.get_backup_selection, BackupPlanId=plan, SelectionId=selection["SelectionId"]))
        for answer in rounds:
            answer.result()
        return self.calls


def main():
    endpoint, sweeps = sys.argv[1], int(sys.argv[2])
    session = boto3.Session("123456789012", "emulated", region_name="us-east-1")
    config = Config(max_pool_connections=AT_ONCE)
    clients = {"iam": session.client("iam", endpoint_url=endpoint, config=config)}
    for region in PLACES:
        for service in ("backup", "kms"):
            clients[service, region] = session.client(service, region_name=region, endpoint_url=endpoint, config=config)
    walls, calls = [], 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in range(sweeps):
            start = time.perf_counter()
            calls = Sweep(pool, clients).run()
            walls.append(time.perf_counter() - start)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"cpu_seconds": usage.ru_utime + usage.ru_stime, "peak_kib": usage.ru_maxrss, "walls": walls, "calls": calls}))


main()
