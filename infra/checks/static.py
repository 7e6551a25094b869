"""What can be said of the files without running anything: sizes, linters, and whether defaults and spec agree."""

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

INFRA = Path(__file__).resolve().parent.parent
TEMPLATES = [INFRA / "drift-healer.yaml", INFRA / "central-topic.yaml"]
LARGEST_TEMPLATE = 51_200


def tool(name, override):
    """A tool beside this Python, else on the PATH; None if it is nowhere."""
    beside = Path(sys.executable).parent / name
    return os.environ.get(override) or (str(beside) if beside.exists() else shutil.which(name))


def deploy_script():
    loader = SourceFileLoader("deploy", str(INFRA / "deploy"))
    module = module_from_spec(spec_from_loader("deploy", loader))
    loader.exec_module(module)
    return module


def sizes():
    for template in TEMPLATES:
        text = template.read_text()
        if len(text.encode()) > LARGEST_TEMPLATE:
            yield f"{template.name} has {len(text.encode())} bytes; a template body has at most {LARGEST_TEMPLATE}"
        for banned in ("Transform:", "Fn::Transform", "Fn::ForEach", "AWS::CloudFormation::Stack", "AWS::Serverless"):
            if banned in text:
                yield f"{template.name} holds {banned}, which service-managed StackSets do not take"


def linters():
    programs = {
        "cfn-lint": [tool("cfn-lint", "CFN_LINT"), "--", *map(str, TEMPLATES)],
        "checkov": [tool("checkov", "CHECKOV"), "--framework", "cloudformation", "--quiet", "--compact", "--skip-download"]
        + [part for template in TEMPLATES for part in ("-f", str(template))],
    }
    for name, command in programs.items():
        if command[0] is None:
            yield f"{name} is not installed; see infra/requirements*.txt"
            continue
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            yield f"{name}:\n{done.stdout}{done.stderr}"


def terraform_format():
    terraform = shutil.which("terraform")
    if terraform is None:
        print("     terraform is not installed: the module's format was not checked")
        return
    done = subprocess.run([terraform, "fmt", "-check", "-recursive", str(INFRA / "terraform")], capture_output=True, text=True)
    if done.returncode != 0:
        yield f"{done.stdout}{done.stderr}"


def suppressions_have_reasons():
    for template in TEMPLATES:
        lines = template.read_text().splitlines()
        for line, following in zip(lines, lines[1:]):
            if "- id: CKV_" in line and not re.match(r"\s+comment: \S.{20,}", following):
                yield f"{template.name}: {line.strip()} is suppressed without a reason"


def defaults_are_the_specs():
    """Whoever deploys the template by hand gets the rights that the embedded spec needs."""
    import tomllib

    deploy = deploy_script()
    spec = tomllib.loads((INFRA.parent / "functions" / "drift-healer" / "desired.toml").read_text())
    text = (INFRA / "drift-healer.yaml").read_text().split("\nConditions:\n")[0]
    for name, wanted in deploy.parameters_of(spec, {}).items():
        section = re.search(rf"^  {name}:\n((?:    .*\n)+)", text, re.MULTILINE)
        default = section and re.search(r"^    Default: (?:>-\n\s+)?(.*)$", section[1], re.MULTILINE)
        if not default or default[1].strip('"') != wanted:
            yield f"the default of {name} is {default and default[1]!r}; the spec says {wanted!r}"
    variables = (INFRA / "terraform" / "variables.tf").read_text()
    for name in re.findall(r"^  ([A-Z][A-Za-z]+):$", text.split("\nParameters:\n")[1], re.MULTILINE):
        snake = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        if f'variable "{snake}"' not in variables:
            yield f"the Terraform module has no variable {snake} for the parameter {name}"


def alarms_fit_the_metrics():
    """An alarm on a metric that the function does not write is a quiet one."""
    source = INFRA.parent / "functions" / "drift-healer" / "src"
    metrics, log = (source / "metrics.rs").read_text(), (source / "log.rs").read_text()
    text = (INFRA / "drift-healer.yaml").read_text()
    if 'NAMESPACE: &str = "DriftHealer"' not in metrics or '[["account", "region"]]' not in metrics:
        yield "metrics.rs writes another namespace or other dimensions than the template reads"
    named = re.findall(r"Namespace: DriftHealer\n\s+MetricName: (\w+)", text)
    if sorted(named) != ["Contested", "Drifted", "RunCompleted"]:
        yield f"alarms look at {sorted(named)}; heartbeat, drifted and contested are expected"
    for name in {*named, *shown_on_dashboard(text)}:
        if f'"{name}"' not in metrics:
            yield f"the template looks at the metric {name}, which metrics.rs does not write"
    for message in re.search(r"filter message in \[([^]]+)\]", text)[1].split(", "):
        if message.replace("'", '"') not in log:
            yield f"the dashboard shows lines {message}, which log.rs does not write"


def shown_on_dashboard(text):
    """Our metrics on the dashboard; a dot stands for what the line above says."""
    body = text.split("DashboardBody: !Sub |\n")[1].split("\n\nOutputs:")[0]
    for widget in json.loads(body)["widgets"]:
        namespace = None
        for metric in widget["properties"].get("metrics", []):
            namespace = namespace if metric[0] == "." else metric[0]
            if namespace == "DriftHealer":
                yield metric[1]


def eventbridge_gets_no_conditions():
    """What AWS documents, and no emulator and no linter shows: with these EventBridge reaches nobody."""
    text = (INFRA / "drift-healer.yaml").read_text()
    permission = text.split("  HealerPermission:\n")[1].split("\n\n")[0]
    if re.search(r"^\s+SourceAccount:", permission, re.MULTILINE):
        yield 'HealerPermission has SourceAccount; see "Troubleshooting Amazon EventBridge"'
    for resource in ("TopicPolicy", "TamperTopicPolicy", "TopicKey"):
        body = text.split(f"\n  {resource}:\n")[1].split("\n\n")[0]
        statements = [one for one in re.split(r"\n\s+- ", body) if "events.amazonaws.com" in one]
        if len(statements) != 1 or "Condition" in statements[0]:
            yield f"{resource} should let events.amazonaws.com in by one statement without a condition, has {statements}"
