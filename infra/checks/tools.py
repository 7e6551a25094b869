"""Programs that stand before the real ones on the PATH: an `aws` that answers what it is told to, and a `cargo` that builds at once."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from checks.emulator import ACCOUNT, INFRA, SPEC

AWS = """#!{python}
import json, os, sys, time
said = " ".join(sys.argv[1:])
with open({log!r}, "a") as log:
    log.write(said + "\\n")
for answer in json.load(open({answers!r})):
    if all(word in said for word in answer["to"]):
        time.sleep(answer.get("sleep", 0))
        if "write" in answer:
            open(sys.argv[-1], "w").write(answer["write"])
        print(answer.get("out", ""))
        print(answer.get("err", ""), file=sys.stderr)
        sys.exit(255 if "err" in answer else 0)
os.execv({real!r}, [{real!r}, *sys.argv[1:]])
"""

CARGO = """#!{python}
import json, os, sys, zipfile
sys.dont_write_bytecode = True
sys.path.insert(0, {infra!r})
from checks.emulator import program
target = os.path.join(os.environ["CARGO_TARGET_DIR"], "lambda", "drift-healer")
os.makedirs(target, exist_ok=True)
architecture = "x86_64" if "--x86-64" in sys.argv else "arm64"
with zipfile.ZipFile(os.path.join(target, "bootstrap.zip"), "w") as packed:
    packed.writestr("bootstrap", program(architecture, open(os.environ.get("DESIRED_SPEC") or {spec!r}, "rb").read() + b"built"))
json.dump({{"arguments": sys.argv[1:], "environment": dict(os.environ)}}, open({log!r}, "w"))
"""


class Tools:
    """A folder of such programs, and infra/deploy run with them."""

    def __init__(self, emulator):
        self.emulator = emulator
        self.folder = Path(emulator.folder.name) / "tools"
        self.folder.mkdir(exist_ok=True)
        self.aws_log, self.answers, self.built = (self.folder / name for name in ("aws.log", "answers.json", "built.json"))
        beside = Path(sys.executable).parent / "aws"
        real = str(beside) if beside.exists() else shutil.which("aws")
        known = {"python": sys.executable, "log": str(self.aws_log), "answers": str(self.answers), "real": real}
        self.install("aws", AWS.format(**known))
        self.install_cargo(CARGO)
        self.answer()

    def install_cargo(self, text):
        self.install("cargo", text.format(python=sys.executable, log=str(self.built), spec=str(SPEC), infra=str(INFRA)))

    def install(self, name, text):
        (self.folder / name).write_text(text)
        (self.folder / name).chmod(0o755)

    def answer(self, *answers):
        """What `aws` says from now on, by the words of the command; anything else goes to the emulator."""
        self.answers.write_text(json.dumps(answers))
        self.aws_log.write_text("")

    def calls(self):
        return self.aws_log.read_text().splitlines()

    def environment(self, account):
        variables = self.emulator.environment(account)
        # What is built here must not lie where a real build does.
        target = str(self.folder / "target")
        return {**variables, "CARGO_TARGET_DIR": target, "PATH": f"{self.folder}{os.pathsep}{variables['PATH']}"}

    def start(self, *arguments, account=ACCOUNT):
        """The same without waiting for its end."""
        options = {"env": self.environment(account), "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen([sys.executable, str(INFRA / "deploy"), *map(str, arguments)], **options)

    def deploy(self, *arguments, account=ACCOUNT, cwd=None, path=None, **variables):
        """infra/deploy without any option that was not given; its exit code and everything that it said."""
        environment = {**self.environment(account), **variables, **({"PATH": path} if path else {})}
        command = [sys.executable, str(INFRA / "deploy"), *map(str, arguments)]
        done = subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr
