//! The rule of losses and attempts lets through what the function knows as such, and nothing else.

use std::collections::BTreeSet;

use drift_healer::incident::{IncidentKind, operations};

use crate::template::{Template, strings};

#[test]
fn the_rule_of_losses_and_attempts_is_that_of_the_function() {
    let rule = Template::with(&[]).resource("AttemptRule");
    let alternatives = rule["EventPattern"]["detail"]["$or"].as_array().unwrap().clone();
    let [losses, attempts] = alternatives.as_slice() else { panic!("{alternatives:#?}") };
    let of = |kind| operations(kind).map(|(_, operation)| operation.to_owned()).collect::<BTreeSet<_>>();
    let heard = |one| strings(one, "eventName").into_iter().collect::<BTreeSet<_>>();
    // A loss is heard whether it was refused or not.
    assert_eq!(heard(losses), of(IncidentKind::Loss));
    assert!(losses["errorCode"].is_null());
    assert_eq!(&heard(losses) | &heard(attempts), of(IncidentKind::Attempt));
    assert_eq!(attempts["errorCode"][0]["exists"], true, "whatever the error");
    let services: BTreeSet<String> =
        operations(IncidentKind::Attempt).map(|(service, _)| format!("aws.{service}")).collect();
    assert_eq!(strings(&rule["EventPattern"], "source").into_iter().collect::<BTreeSet<_>>(), services);
}
