//! The page: what its template is filled with.

mod findings;
pub(crate) mod words;

use minijinja::Environment;
use minijinja::value::Serde;
use reconcile::desired::{Desired, DesiredVault};
use reconcile::words::{clean, moment};
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, Attribution, Call, Severity, State};
use crate::map::{Map, Mark, Marks, draw};
use crate::{HtmlError, NextRuns, Source};

const STYLE: &str = include_str!("report.css");

/// A name that ends in `.html` makes the engine escape whatever is put in.
const TEMPLATES: [(&str, &str); 3] = [
    ("report.html", include_str!("report.html")),
    ("map.html", include_str!("map.html")),
    ("finding.html", include_str!("finding.html")),
];

pub(crate) fn render(source: &Source<'_>) -> Result<String, HtmlError> {
    let Source { desired, next_runs, .. } = source;
    let answer = Answer::deserialize(source.answer)?.sorted();
    let marks = Marks(&answer.findings);
    let mut environment = Environment::new();
    for (name, text) in TEMPLATES {
        environment.add_template(name, text)?;
    }
    let filled = Filled {
        style: STYLE,
        title: format!("{} · {}", clean(&answer.spec.name), verdict(&answer)),
        class: &answer.verdict,
        decision: &answer.decision,
        facts: facts(source, &answer),
        counts: counts(&answer),
        map: draw(desired, marks, next_runs),
        rules: rules(desired, marks, next_runs),
        vaults: vaults(desired, marks),
        findings: findings::all(&answer.findings),
        calls: &answer.calls,
        notes: &answer.notes,
        gap: answer.attribution_gap.as_deref(),
        events: findings::events(&answer.findings),
    };
    Ok(environment.get_template("report.html")?.render(Serde(&filled))?)
}

/// What the template names.
#[derive(Serialize)]
struct Filled<'a> {
    style: &'static str,
    title: String,
    class: &'a str,
    decision: &'a str,
    facts: Vec<Fact>,
    counts: Vec<(&'static str, [usize; 3])>,
    map: Map,
    rules: Vec<RuleRow>,
    vaults: Vec<VaultRow>,
    findings: Vec<findings::Row<'a>>,
    calls: &'a [Call],
    notes: &'a [String],
    gap: Option<&'a str>,
    events: Vec<&'a Attribution>,
}

fn verdict(answer: &Answer) -> &'static str {
    match answer.verdict.as_str() {
        _ if answer.is_only_unread() => "not read in full",
        "in_sync" => "in sync",
        "healed" => "healed",
        _ => "drifted",
    }
}

/// Label and value.
type Fact = (&'static str, String);

fn facts(source: &Source<'_>, answer: &Answer) -> Vec<Fact> {
    let trigger = &answer.trigger;
    let started =
        [Some(&trigger.kind), trigger.event.as_ref(), trigger.actor.as_ref(), trigger.time.as_ref()];
    let started = started.into_iter().flatten().cloned().collect::<Vec<_>>().join(", ");
    let regions = source.desired.regions().into_iter().map(clean).collect::<Vec<_>>().join(", ");
    let mut facts = vec![
        ("Account", answer.account.clone().unwrap_or_else(|| "unknown".to_owned())),
        ("Looked at", source.at.map_or_else(|| "at an unknown time".to_owned(), moment)),
        ("Spec", answer.spec.name.clone()),
        ("SHA-256 of the spec", answer.spec.sha256.clone()),
        ("Regions", regions),
        ("Mode", answer.mode.clone()),
        ("Started by", started),
        ("Passes", answer.passes.to_string()),
    ];
    facts.extend(source.facts.iter().map(|(label, value)| (*label, clean(value))));
    facts
}

/// Severity, and how many findings of it are open, repaired and excepted.
fn counts(answer: &Answer) -> Vec<(&'static str, [usize; 3])> {
    let count = |severity, state| {
        answer.findings.iter().filter(|one| one.severity == severity && one.state() == state).count()
    };
    [Severity::Critical, Severity::High, Severity::Medium, Severity::Low]
        .map(|severity| {
            let states = [State::Open, State::Repaired, State::Excepted];
            (severity.as_str(), states.map(|state| count(severity, state)))
        })
        .to_vec()
}

/// A rule in words, for who does not see the map.
#[derive(Debug, Serialize)]
struct RuleRow {
    plan: String,
    name: String,
    schedule: String,
    next: String,
    vault: String,
    kept: String,
    copies: Vec<String>,
    mark: Mark,
}

fn rules(desired: &Desired, marks: Marks<'_>, next_runs: &NextRuns) -> Vec<RuleRow> {
    let mut rows = Vec::new();
    for plan in &desired.plans {
        let names: Vec<&str> = plan.document.rules.iter().map(|rule| rule.name.as_str()).collect();
        for rule in &plan.document.rules {
            let next = next_runs.of_rule(&plan.region, &plan.document.name, &rule.name);
            rows.push(RuleRow {
                plan: clean(&format!("{}/{}", plan.region, plan.document.name)),
                name: clean(&rule.name),
                schedule: words::schedule(rule),
                next: next.map_or_else(|| "not known".to_owned(), moment),
                vault: clean(&rule.target_vault),
                kept: words::kept(rule),
                copies: words::copies(rule),
                mark: marks.of(|one| {
                    one.resource.is("plan", &plan.region, &plan.document.name)
                        && match words::rule_of(one.attribute.as_deref(), &names) {
                            Some(name) => name == rule.name,
                            // What is about the whole plan is about each of its rules.
                            None => one.attribute.is_none(),
                        }
                }),
            });
        }
    }
    rows
}

/// A vault in words.
#[derive(Debug, Serialize)]
struct VaultRow {
    name: String,
    key: String,
    lock: String,
    policy: String,
    mark: Mark,
}

fn vaults(desired: &Desired, marks: Marks<'_>) -> Vec<VaultRow> {
    let row = |vault: &DesiredVault| VaultRow {
        name: clean(&format!("{}/{}", vault.region, vault.name)),
        key: words::key_of(vault),
        lock: words::lock(vault),
        policy: words::policy(vault),
        mark: marks.of(|one| {
            let kinds = ["vault", "vault-policy", "vault-lock"];
            kinds.iter().any(|kind| one.resource.is(kind, &vault.region, &vault.name))
        }),
    };
    desired.vaults.iter().map(row).collect()
}
