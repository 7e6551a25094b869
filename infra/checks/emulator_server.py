"""Starts the emulator with two gaps closed: its conditions do not know AWS::Region, by which this template tells what it is, and
its alarms know no metric math, by which the heartbeat fills in what is missing."""

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


alarm_record = provisioners._cw_metric_alarm_record


def on_the_metric_itself(name, properties):
    """The alarm as it would be without the expression around its metric."""
    stats = [one["MetricStat"] for one in properties.get("Metrics", []) if "MetricStat" in one]
    if stats:
        metric, plain = stats[0]["Metric"], {key: value for key, value in properties.items() if key != "Metrics"}
        properties = {**plain, **metric, "Period": stats[0]["Period"], "Statistic": stats[0]["Stat"]}
    return alarm_record(name, properties)


provisioners._cw_metric_alarm_record = on_the_metric_itself

app.main()
