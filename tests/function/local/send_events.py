"""Sends every file of events/ with `cargo lambda invoke` to a function under `cargo lambda watch`.

    send_events.py SANDBOX_URL INVOKE_PORT

The sandbox's account has one drift each time; afterwards the answer, the message and the account are looked at.
"""

import json
import pathlib
import subprocess
import sys
import time

from botocore.exceptions import ClientError

from account import Account
from contract import check_answer, check_message

EVENTS = pathlib.Path(__file__).resolve().parents[3] / "events"
# Told by themselves although nothing is looked at: all files are sent within minutes to one process, which looked just before.
TOLD = {"failed-call", "recovery-point"}
DRIFT, VAULT = "vault-policy-deleted", "vault_prod_daily"
ENDS_AT_ONCE = {
    "delete-backup-vault-denied": "failed-call",
    "delete-backup-vault-lock-configuration-refused": "failed-call",
    "delete-recovery-point": "recovery-point",
    "update-recovery-point-lifecycle": "recovery-point",
    "disassociate-recovery-point": "recovery-point",
    "delivered-by-own-topic": "own-message",
    "put-backup-vault-access-policy-by-drift-healer": "own-call",
    "enable-key-rotation-by-drift-healer-with-path": "own-call",
    "backup-job-state-change-completed": "job-event",
}


def invoked(port, path):
    command = ["cargo", "lambda", "invoke", "drift-healer", "--invoke-address", "127.0.0.1", "--invoke-port", port]
    command += ["--data-file", str(path), "--output-format", "json"]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, f"cargo lambda invoke ended with {run.returncode}: {run.stdout}{run.stderr}"
    return json.loads(run.stdout)


def has_policy(account):
    try:
        return bool(account.backup().get_backup_vault_access_policy(BackupVaultName=VAULT)["Policy"])
    except ClientError:
        return False


def check(name, answer, account):
    check_answer(answer)
    written, messages = account.writes(), account.messages()
    if name in ENDS_AT_ONCE:
        assert (answer["skipped"], answer["verdict"]) == (ENDS_AT_ONCE[name], "in_sync"), answer
        assert (written, has_policy(account)) == ([], False), written
        # No configuration changed, and somebody tried to destroy something, or did.
        assert len(messages) == (1 if answer["skipped"] in TOLD else 0), messages
        for message in messages:
            check_message(message, answer)
        return
    (finding,) = answer["findings"]
    assert (finding["resource"]["name"], finding["code"]) == (VAULT, "missing"), finding
    (message,) = messages
    check_message(message, answer)
    if name == "manual-report":
        assert (answer["mode"], answer["verdict"]) == ("report", "drifted"), answer
        assert (written, has_policy(account)) == ([], False), written
    else:
        assert (answer["mode"], answer["verdict"]) == ("repair", "healed"), answer
        assert (written, has_policy(account)) == (["backup:PutBackupVaultAccessPolicy"], True), written


def main(sandbox, port):
    account = Account(sandbox)
    files = sorted(EVENTS.glob("*.json"))
    gone = ENDS_AT_ONCE.keys() - {path.stem for path in files}
    assert not gone, f"events/ has no {gone}"
    failed = 0
    for index, path in enumerate(files):
        # The first one finds the account as `drift sandbox --drift` made it.
        if index:
            account.deploy()
            account.drift(DRIFT)
        account.forget()
        start = time.monotonic()
        try:
            answer = invoked(port, path)
            check(path.stem, answer, account)
            told = answer.get("skipped") or answer["verdict"]
        except (AssertionError, ValueError, KeyError) as error:
            failed += 1
            told = f"FAILED {error}"
        print(f"  {time.monotonic() - start:4.1f} s  {path.stem:52}  {told}", flush=True)
    print(f"{len(files)} events sent, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
