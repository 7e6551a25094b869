//! The pages that are looked at: in sync, drifted, repaired, another company's, and one with a hundred vaults.

use std::fmt::Write;

use drift_healer::Mode;
use drift_healer::answer::Answer;
use drift_healer::hold::Hold;
use drift_healer::trigger::classify;
use drift_tests::company::Company;
use drift_tests::mail::last_answer;
use drift_tests::model::{DRIFTS, NO_LIMITS, NOW, SPEC, in_sync, now, resolve};
use html_report::{NextRuns, Source, html};
use reconcile::desired::Desired;
use reconcile::history::Stories;
use reconcile::liveness::Liveness;
use reconcile::run::run;
use reconcile::simulate::Preview;
use reconcile::state::Observed;
use reconcile::words::Reader;
use serde_json::{Value, json};
use time::Duration;

/// A page, and what it is made of.
pub(crate) struct Page {
    pub(crate) name: &'static str,
    pub(crate) answer: Value,
    pub(crate) html: String,
}

const IN_SYNC: &str = "> invoke manual-empty";
const DRIFTED: &str = "\
> mode report
> as maria
> drift vault-lock-deleted, vault-policy-deleted:vault_prod_monthly, rule-removed, copy-dropped:ec2_prod_backups/daily_backup_rule
> drift rule-retention-cut:prod_backups/hourly_backup_rule, key-rotation-off, vault-untagged:vault_disaster_recovery, rule-added
> as terraform
> drift role-inline-policy-added, selection-added
> spec exceptions = [{ resource = \"vault us-west-2/vault_disaster_recovery\", code = \"tags-differ\", owner = \"ana@example.com\", reason = \"migration\", until = 2027-01-31 }]
> advance 10 minutes
> invoke schedule-default";
const REPAIRED: &str = "\
> as maria
> drift vault-policy-deleted, key-disabled, rule-retention-cut, copy-dropped, alias-repointed:us-west-2
> advance 10 minutes
> invoke schedule-default";

pub(crate) async fn all() -> Vec<Page> {
    let mut pages = vec![hundred_vaults()];
    for (name, script, company) in [
        ("in-sync", IN_SYNC, Company::Reference),
        ("drifted", DRIFTED, Company::Reference),
        ("repaired", REPAIRED, Company::Reference),
        ("another-company", REPAIRED, Company::Acme),
    ] {
        let (answer, desired, observed) = last_answer(script, company).await;
        let html = page(&answer, &desired, &observed);
        pages.push(Page { name, answer, html });
    }
    pages
}

fn page(answer: &Value, desired: &Desired, observed: &Observed) -> String {
    let next_runs = NextRuns::of(&Liveness::of(desired, observed));
    let facts = [("Identity", "arn:aws:sts::123456789012:assumed-role/Admin/ana".to_owned())];
    html(&Source { answer, desired, next_runs: &next_runs, at: Some(observed.at), facts: &facts }).unwrap()
}

/// A spec with a hundred vaults and forty plans, of which some have drifted.
fn hundred_vaults() -> Page {
    let mut text = SPEC.split("[[vaults]]").next().unwrap().replace("thinkstack-prod", "hundred-vaults");
    let policies = SPEC.find("[vault_policies]").map(|at| SPEC[at..].split("[[plans]]").next().unwrap());
    for vault in 0..100 {
        let region = if vault % 5 == 4 { "dr" } else { "primary" };
        write!(text, "[[vaults]]\nname = \"team-{vault:02}-backups\"\nregion = \"{region}\"\nkey = \"alias/aws_backup_key\"\npolicy = \"deny_all_delete\"\nlock = {{ mode = \"governance\", min_retention_days = 7 }}\n\n").unwrap();
    }
    for plan in 0..20 {
        write!(text, "[[plans]]\nname = \"team-{plan:02}\"\n").unwrap();
        for rule in 0..4 {
            let (vault, copy) = (plan * 5 + rule, plan * 5 + 4);
            write!(text, "[[plans.rules]]\nname = \"rule-{rule}\"\nvault = \"team-{vault:02}-backups\"\nschedule = \"cron(0 {rule} * * ? *)\"\ndelete_after_days = 30\ncopies = [{{ vault = \"team-{copy:02}-backups\", region = \"dr\", delete_after_days = 30 }}]\n\n").unwrap();
        }
        write!(text, "[[plans.selections]]\nname = \"all\"\nresources = [\"arn:aws:dynamodb:*:*:table/team-{plan:02}-*\"]\n\n").unwrap();
    }
    let text = if text.contains("[vault_policies]") { text } else { text + policies.unwrap_or_default() };
    let desired = resolve(&text);
    let mut observed = in_sync(&desired);
    for drift in DRIFTS.iter().step_by(4) {
        (drift.apply)(&mut observed, &desired);
    }
    for plan in observed.plans.values_mut().filter_map(|seen| seen.present_mut()).flatten() {
        if let Some(plan) = plan.plan.present_mut() {
            plan.next_runs = vec![(NOW + Duration::hours(3), "rule-0".to_owned())];
        }
    }
    let answer = previewed(&desired, &observed);
    let html = page(&answer, &desired, &observed);
    Page { name: "hundred-vaults", answer, html }
}

/// What a look at an account of the model answers.
fn previewed(desired: &Desired, observed: &Observed) -> Value {
    let report = now(run(&Preview::new(desired, observed.clone()), desired, &NO_LIMITS)).into_preview();
    let answer = Answer {
        report,
        stories: Stories::default(),
        mode: Mode::Report,
        account: Some(desired.account.clone()),
        iam_region: desired.iam_region.clone(),
        spec_name: desired.name.clone(),
        spec_sha256: desired.sha256.clone(),
        trigger: classify(json!({})).remove(0),
        skipped: None,
        incidents: Vec::new(),
        total: None,
        sent_before: None,
        gap: None,
        log: None,
        hold: Hold::None,
        notes: Vec::new(),
        reader: Reader::Deployer,
    };
    answer.to_json()
}

/// A page in whose every text somebody has written this.
pub(crate) fn hostile(text: &str) -> String {
    let mut desired = resolve(SPEC);
    let observed = in_sync(&desired);
    let evil = |name: &mut String| name.push_str(text);
    desired.name = text.to_owned();
    desired.vaults.iter_mut().for_each(|vault| evil(&mut vault.name));
    for plan in &mut desired.plans {
        evil(&mut plan.document.name);
        for rule in &mut plan.document.rules {
            [&mut rule.name, &mut rule.schedule, &mut rule.target_vault].into_iter().for_each(evil);
            rule.copies.iter_mut().for_each(|copy| evil(&mut copy.destination));
        }
    }
    let mut answer = previewed(&desired, &observed);
    everywhere(&mut answer, text);
    let facts = [("Identity", text.to_owned())];
    let next_runs = NextRuns::default();
    html(&Source { answer: &answer, desired: &desired, next_runs: &next_runs, at: None, facts: &facts })
        .unwrap()
}

/// In every text but those that are one of a few words.
fn everywhere(value: &mut Value, text: &str) {
    match value {
        Value::String(own) => *own = reconcile::words::clean(text),
        Value::Array(items) => items.iter_mut().for_each(|item| everywhere(item, text)),
        Value::Object(members) => {
            let words = ["severity", "outcome"];
            members
                .iter_mut()
                .filter(|(name, _)| !words.contains(&name.as_str()))
                .for_each(|(_, member)| everywhere(member, text));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
