"""An AWS account in an emulator: starts it, and deploys into it with the same script that a person uses."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from pathlib import Path

import boto3

INFRA = Path(__file__).resolve().parent.parent
SPEC = INFRA.parent / "functions" / "drift-healer" / "desired.toml"
ACCOUNT = "123456789012"


def program(architecture, text):
    """As much of a Linux program as can be seen from outside: ELF's first bytes, and the text that it embeds."""
    machine = {"arm64": 183, "x86_64": 62}[architecture]
    return b"\x7fELF\x02\x01\x01" + bytes(9) + (3).to_bytes(2, "little") + machine.to_bytes(2, "little") + bytes(44) + text


class Emulator:
    """A running emulator; its accounts are the access keys of twelve digits."""

    def __enter__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.endpoint = f"http://127.0.0.1:{port}"
        self.folder = tempfile.TemporaryDirectory()
        self.log = open(Path(self.folder.name) / "emulator.log", "w+")
        environment = {**os.environ, "GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1"}
        command = [sys.executable, str(Path(__file__).parent / "emulator_server.py")]
        self.process = subprocess.Popen(command, env=environment, stdout=self.log, stderr=self.log, cwd=self.folder.name)
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{self.endpoint}/_ministack/health", timeout=2)
                break
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.2)
        else:
            self.process.terminate()
        if self.process.poll() is not None:
            self.log.seek(0)
            sys.exit(f"the emulator did not start:\n{self.log.read()}")
        self.zip, self.intel_zip = self.packed("arm64"), self.packed("x86_64")
        return self

    def packed(self, architecture):
        path = Path(self.folder.name) / f"{architecture}.zip"
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("bootstrap", program(architecture, SPEC.read_bytes()))
        return path

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=20)
        self.log.close()
        self.folder.cleanup()

    def environment(self, account):
        """Only what leads into the emulator: a developer's own profile must not reach the script."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        mine = {"AWS_ENDPOINT_URL": self.endpoint, "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
        mine["AWS_EC2_METADATA_DISABLED"] = "true"
        if account:
            mine |= {"AWS_ACCESS_KEY_ID": account, "AWS_SECRET_ACCESS_KEY": "emulated"}
        return {**kept, **mine, "PATH": path}

    def deploy(self, *arguments, account=ACCOUNT, build=False):
        """Runs infra/deploy; its exit code and everything that it said."""
        given = [] if build else ["--zip", str(self.zip)]
        command = [sys.executable, str(INFRA / "deploy"), *given, *arguments]
        done = subprocess.run(command, env=self.environment(account), capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def client(self, service, region, account=ACCOUNT):
        keys = {"aws_access_key_id": account, "aws_secret_access_key": "emulated"}
        return boto3.client(service, region_name=region, endpoint_url=self.endpoint, **keys)
