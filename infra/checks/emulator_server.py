"""Starts the emulator with one gap closed: its conditions do not know AWS::Region, by which this template tells what it is."""

from ministack import app
from ministack.core.responses import get_account_id, get_region
from ministack.services.cloudformation import changesets, engine, handlers, provisioners, stacks

evaluate_conditions = engine._evaluate_conditions


def with_pseudo_parameters(template, parameters):
    pseudo = {"AWS::Region": get_region(), "AWS::AccountId": get_account_id(), "AWS::Partition": "aws"}
    return evaluate_conditions(template, {**parameters, **{name: {"Value": value} for name, value in pseudo.items()}})


# Most modules hold the function under its name.
for module in (engine, changesets, handlers, provisioners, stacks):
    module._evaluate_conditions = with_pseudo_parameters

app.main()
