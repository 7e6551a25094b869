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
ACCOUNT = "123456789012"


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
        self.zip = Path(self.folder.name) / "bootstrap.zip"
        with zipfile.ZipFile(self.zip, "w") as packed:
            spec = (INFRA.parent / "functions" / "drift-healer" / "desired.toml").read_text()
            packed.writestr("bootstrap", f"#!/bin/sh\nexit 1\n{spec}")
        return self

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
