"""The two templates, in the order in which they are deployed, and the parameters that they declare."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from deploying import Refused
from deploying.spec import ROOT

LARGEST = 51_200


@dataclass(frozen=True)
class Template:
    """A template, and how a stack of it is told from the other one."""

    role: str
    path: Path
    suffix: str
    # What such a stack has in every region, by its physical name, so that a stack of another name is found by it.
    mark: str
    is_for: str

    def stack(self, name):
        return name + self.suffix

    def marked(self, name):
        return f"{name}-{self.mark}"

    def parameters(self, given):
        """Those of the given ones that it declares."""
        known = declared_in(self)
        return {name: value for name, value in given.items() if name in known}


WATCH = Template("watch", ROOT / "infra" / "drift-healer-watch.yaml", "-watch", "undelivered-events", "what watches it, and tells people past it")
HEALER = Template("healer", ROOT / "infra" / "drift-healer.yaml", "", "support-tampered", "the function and what wakes it")
# The second one names what the first one makes. Of what the first one names, CloudWatch does not ask whether it exists.
TEMPLATES = (WATCH, HEALER)


def declared_in(template):
    """A template's parameters, each with what it says of itself, as texts. Reads the YAML that stands there, no other."""
    section = re.split(r"\n(?=\w)", template.path.read_text().split("\nParameters:\n", 1)[1])[0]
    found, name, key = {}, None, None
    for line in section.splitlines():
        if begins := re.fullmatch(r"  (\w+):", line):
            name = begins[1]
            found[name] = {}
        elif says := re.fullmatch(r"    (\w+): *(.*)", line):
            key = says[1]
            found[name][key] = scalars(says[2])
        elif line.strip() and not line.lstrip().startswith("#"):
            found[name][key] = f"{found[name][key]} {line.strip()}".lstrip()
    return found


def declared():
    """The parameters of both."""
    return declared_in(WATCH) | declared_in(HEALER)


def scalars(text):
    if text == ">-":
        return ""
    if text.startswith("["):
        return [scalars(part.strip()) for part in text[1:-1].split(",")]
    if text.startswith('"'):
        return json.loads(text)
    return text[1:-1].replace("''", "'") if text.startswith("'") else text


def with_defaults(*layers):
    """What a deployment of these will have: a template's default counts where none of them says something."""
    known = declared()
    values = {name: says["Default"] for name, says in known.items() if "Default" in says}
    for layer in layers:
        values |= {name: value for name, value in layer.items() if name in known}
    return values


def check_templates_fit():
    for template in TEMPLATES:
        size = template.path.stat().st_size
        if size > LARGEST:
            raise Refused(f"the template {template.path.name} has {size} bytes; CloudFormation takes {LARGEST}")
