//! What is deployed without a word only reports, wherever one begins. `infra/check` plays the script's first deployment besides.

use drift_healer::{Mode, Settings};

use crate::template::Template;

const VARIABLES: &str = include_str!("../../infra/terraform/variables.tf");
const EXAMPLE: &str = include_str!("../../infra/terraform/example/main.tf");
const SCRIPT: &str = include_str!("../../infra/deploying/mode.py");

#[test]
fn the_function_reports_and_has_no_consent() {
    let settings = Settings::read(|_| None).unwrap();
    assert_eq!(settings.mode, Mode::Report);
    assert!(!settings.limits.compliance_locks && !settings.limits.bootstrap);
}

#[test]
fn the_template_reports_and_has_no_consent() {
    let template = Template::with(&[]);
    for (parameter, default) in [("Mode", "report"), ("ComplianceLocks", "hold"), ("Bootstrap", "false")] {
        assert_eq!(template.value(parameter), default, "{parameter}");
    }
    let environment = template.environment();
    for (variable, value) in [("MODE", "report"), ("COMPLIANCE_LOCKS", "hold"), ("BOOTSTRAP", "false")] {
        assert_eq!(environment[variable], value, "{variable}");
    }
    // What the template gives is what the function takes, under the same names.
    let read = Settings::read(|name| {
        environment[name].as_str().map(|value| value.replace("arn:of:HealerRole.Arn", ""))
    });
    assert_eq!(read.unwrap().mode, Mode::Report);
}

#[test]
fn terraform_leaves_it_to_the_template() {
    for name in ["mode", "compliance_locks", "bootstrap"] {
        let variable = VARIABLES.split(&format!("variable \"{name}\" {{")).nth(1).unwrap();
        let variable = variable.split("\n}").next().unwrap();
        assert!(variable.contains("default     = null"), "{name}: {variable}");
    }
    assert!(EXAMPLE.contains("mode             = \"report\""), "{EXAMPLE}");
}

#[test]
fn the_script_has_no_default_of_its_own() {
    assert!(SCRIPT.contains("return default, f\"as nothing is deployed yet"), "{SCRIPT}");
}
