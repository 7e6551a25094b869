"""What can be said of the files without running anything: sizes, linters, and whether defaults and spec agree."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

from deploying.templates import HEALER as TEMPLATE_OF_HEALER
from deploying.templates import WATCH as TEMPLATE_OF_WATCH
from deploying.templates import declared, declared_in

INFRA = Path(__file__).resolve().parent.parent
HEALER, WATCH = INFRA / "drift-healer.yaml", INFRA / "drift-healer-watch.yaml"
TEMPLATES = [HEALER, WATCH, INFRA / "central-topic.yaml"]
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
    deploy = deploy_script()
    known = declared()
    for name, wanted in deploy.parameters_of(spec_of("functions/drift-healer/desired.toml"), {}).items():
        if known[name].get("Default") != wanted:
            yield f"the default of {name} is {known[name].get('Default')!r}; the spec says {wanted!r}"
    for name, says in declared_in(TEMPLATE_OF_WATCH).items():
        of_healer = declared_in(TEMPLATE_OF_HEALER).get(name, says)
        if of_healer.get("Default") != says.get("Default"):
            yield f"the default of {name} is {of_healer.get('Default')!r} in one template and {says.get('Default')!r} in the other"
    variables = (INFRA / "terraform" / "variables.tf").read_text()
    for name in known:
        snake = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        if f'variable "{snake}"' not in variables:
            yield f"the Terraform module has no variable {snake} for the parameter {name}"
    yield from the_rights_of_another_spec(deploy)


def spec_of(path):
    return tomllib.loads((INFRA.parent / path).read_text())


def the_rights_of_another_spec(deploy):
    """With these the sandbox enforces the template's policies on that spec (tests/deployment)."""
    wanted = json.loads((INFRA.parent / "tests" / "deployment" / "acme-parameters.json").read_text())
    found = deploy.parameters_of(spec_of("tests/core/specs/acme.toml"), {})
    if found != wanted:
        yield f"tests/deployment/acme-parameters.json should be {json.dumps(found, indent=2)}"


def reports_by_default():
    """Of five places the three that are here; the function and the terminal are held by tests/deployment."""
    deploy = deploy_script()
    for name, value in {"Mode": "report", "ComplianceLocks": "hold", "Bootstrap": "false"}.items():
        if declared()[name]["Default"] != value:
            yield f"the default of {name} is {declared()[name]['Default']}, and should be {value}"
        snake = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        variable = (INFRA / "terraform" / "variables.tf").read_text().split(f'variable "{snake}" {{')[1].split("\n}")[0]
        if "default     = null" not in variable:
            yield f"the Terraform module's {snake} does not leave the default to the template: {variable}"
    settled = deploy.settled_mode({}, {}, deploy.with_defaults()["Mode"])
    if settled[0] != "report":
        yield f"a first deployment without a mode would {settled}"


def alarms_fit_the_metrics():
    """An alarm on a metric that the function does not write is a quiet one."""
    source = INFRA.parent / "functions" / "drift-healer" / "src"
    metrics, log = (source / "metrics.rs").read_text(), (source / "log.rs").read_text()
    text = WATCH.read_text()
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
    text = HEALER.read_text() + WATCH.read_text()
    permission = text.split("  HealerPermission:\n")[1].split("\n\n")[0]
    if re.search(r"^\s+SourceAccount:", permission, re.MULTILINE):
        yield 'HealerPermission has SourceAccount; see "Troubleshooting Amazon EventBridge"'
    for resource in ("TopicPolicy", "TamperTopicPolicy", "TopicKey"):
        body = text.split(f"\n  {resource}:\n")[1].split("\n\n")[0]
        statements = [one for one in re.split(r"\n\s+- ", body) if "events.amazonaws.com" in one]
        if len(statements) != 1 or "Condition" in statements[0]:
            yield f"{resource} should let events.amazonaws.com in by one statement without a condition, has {statements}"


def topics_refuse_other_accounts():
    """EventBridge says for nobody that it publishes, and must not be asked; whoever says it says this account."""
    wanted = 'Condition: {"Null": {"aws:SourceAccount": "false"}, StringNotEquals: {"aws:SourceAccount": !Ref AWS::AccountId}}'
    for path, resource in ((HEALER, "TopicPolicy"), (WATCH, "TamperTopicPolicy")):
        body = path.read_text().split(f"\n  {resource}:\n")[1].split("\n\n")[0]
        if wanted not in body or body.count("Effect: Deny") < 1:
            yield f"{resource} takes what says that it is for another account"
