//! Plays a case: the function under fire, then in peace, and what has to hold.

use std::collections::BTreeSet;
use std::time::Duration;

use drift_healer::Healer;
use reconcile::call::CallError;
use reconcile::repair::BlockReason;
use serde_json::Value;
use tokio::runtime::Builder;

use super::case::{Case, Start};
use super::stage::{Stage, Told};
use super::tally::Tally;
use super::{faults, truth};
use crate::contract;

/// Why a finding may stay open when nothing goes wrong any more: a person has to decide, or agreed.
const FOR_A_PERSON: [&str; 7] =
    ["ambiguous", "empty-account", "excepted", "immutable", "needs-consent", "needs-review", "waiting-on"];

/// Plays a case in a time of its own. What it comes to is shown to whoever wants to see it.
pub fn play(case: &Case, show: &dyn Fn(&str)) -> Tally {
    // What the SDK leaves to chance follows from the seed as well.
    fastrand::seed(case.seed);
    let runtime = Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let (mut tally, last) = runtime.block_on(under_fire(case, show));
    // Whether it would have come to that anyway.
    let left: Vec<String> = last.iter().filter(|one| !is_for_a_person(one)).cloned().collect();
    let others = case.start == Start::Deployed && !last.is_empty();
    if others && (!case.faults.is_empty() || case.second.is_some()) {
        let runtime = Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        let (_, anyway) = runtime.block_on(under_fire(&case.undisturbed(), &|_| ()));
        let meddled = !case.meddling.is_empty();
        for open in last.difference(&anyway).filter(|one| !meddled || !is_for_a_person(one)) {
            tally
                .violations
                .push((case.clone(), format!("it stays open, and would not have without faults: {open}")));
        }
    } else {
        let found = left.into_iter().map(|open| (case.clone(), format!("it stays open: {open}")));
        tally.violations.extend(found);
    }
    tally
}

fn is_for_a_person(open: &str) -> bool {
    FOR_A_PERSON.iter().any(|reason| open.ends_with(&format!(" {reason}")))
}

/// The figures, and what stays open in the end.
async fn under_fire(case: &Case, show: &dyn Fn(&str)) -> (Tally, BTreeSet<String>) {
    let mut round = Round::of(case, show).await;
    round.fire().await;
    let struck = round.stage.sandbox.struck();
    let mut tally = Tally { runs: 1, ..Tally::default() };
    struck.iter().for_each(|kind| tally.struck(&faults::name(kind), 1));
    tally.struck("somebody else's write", round.stage.meddled());
    tally.struck("wrong clock", usize::from(case.clock_ahead.abs() > 60));
    tally.struck("second function", usize::from(case.second.is_some()));
    tally.struck("short time", usize::from(case.time < Duration::from_secs(60)));
    tally.struck("second delivery", usize::from(case.deliveries > 1));
    let last = round.peace().await;
    let watch = round.stage.watch.lock().unwrap();
    tally.invocations = round.invocations;
    tally.requests = round.stage.sandbox.calls().len();
    tally.writes = watch.effective;
    let all = round.violations.iter().chain(&watch.violations);
    tally.violations = all.map(|what| (case.clone(), what.clone())).collect();
    drop(watch);
    (tally, last)
}

struct Round<'a> {
    case: &'a Case,
    show: &'a dyn Fn(&str),
    stage: Stage,
    /// One after the other, if the process ends each time.
    functions: Vec<Healer>,
    invocations: usize,
    /// Calls that somebody has to hear of.
    to_tell: Vec<Value>,
    violations: Vec<String>,
}

const KEYS: [&str; 2] = ["function", "second"];

impl<'a> Round<'a> {
    async fn of(case: &'a Case, show: &'a dyn Fn(&str)) -> Round<'a> {
        let stage = Stage::set(case).await;
        let functions = KEYS.iter().map(|key| stage.function(case, key)).collect();
        Round { case, show, stage, functions, invocations: 0, to_tell: Vec::new(), violations: Vec::new() }
    }

    async fn fire(&mut self) {
        for delivery in 0..self.case.deliveries {
            let second = self.case.second.filter(|_| delivery == 0);
            let Some(later) = second else {
                let told = self.invoke(0).await;
                self.until_told(0, &told, self.case.second.is_none()).await;
                continue;
            };
            let other = async {
                tokio::time::sleep(later).await;
                self.invoke(1).await
            };
            let (first, other) = tokio::join!(self.invoke(0), other);
            self.until_told(0, &first, false).await;
            self.until_told(1, &other, false).await;
        }
    }

    /// As Lambda does it: what failed is tried twice again, a minute and two later.
    async fn until_told(&mut self, which: usize, told: &Told, alone: bool) {
        let mut failed = self.judge(which, told, alone).await;
        for minutes in 1..=2 {
            if failed {
                tokio::time::sleep(Duration::from_secs(60 * minutes)).await;
                let again = self.invoke(which).await;
                failed = self.judge(which, &again, alone).await;
            }
        }
        tokio::time::sleep(Duration::from_secs(5)).await;
    }

    async fn invoke(&self, which: usize) -> Told {
        self.stage.invoke(&self.functions[which], KEYS[which], self.case.time, self.case.clock_ahead).await
    }

    /// What has to hold of an invocation; whether it failed.
    async fn judge(&mut self, which: usize, told: &Told, alone: bool) -> bool {
        self.invocations += 1;
        (self.show)(&told.to_string());
        if !told.in_time {
            self.violations.push(format!("it outlives its {} s", self.case.time.as_secs()));
        }
        self.every_write_is_told(told);
        if let Some(answer) = &told.answer {
            if let Some(why) = contract::misfit(answer) {
                self.violations.push(format!("the answer breaks the contract: {why}"));
            }
            if alone && self.stage.meddled() == 0 {
                self.is_true(answer).await;
            }
            let calls = &answer["calls"];
            let lost = told.error.is_some() && self.case.forgets;
            // What AWS refused changed nothing.
            let written = |call: &Value| call["result"].as_str().is_some_and(may_have_written);
            if calls.as_array().is_some_and(|calls| calls.iter().any(written)) && !lost {
                self.to_tell.push(calls.clone());
            }
        }
        if self.case.forgets {
            self.functions[which] = self.stage.function(self.case, KEYS[which]);
        }
        told.error.is_some() || !told.in_time
    }

    /// Each write that AWS may have carried out is among the calls of the answer.
    fn every_write_is_told(&mut self, told: &Told) {
        let none = Vec::new();
        let calls = told.answer.as_ref().and_then(|answer| answer["calls"].as_array()).unwrap_or(&none);
        let sent: BTreeSet<(String, String)> = told
            .writes
            .iter()
            .filter(|call| call.status == 200 || call.status == 0)
            .map(|call| (format!("{}:{}", call.service, call.operation), call.params.to_string()))
            .collect();
        let names: BTreeSet<&String> = sent.iter().map(|(name, _)| name).collect();
        for name in names {
            let made = sent.iter().filter(|(one, _)| one == name).count();
            let said = calls.iter().filter(|call| call["call"] == name.as_str()).count();
            if made > said {
                self.violations.push(format!("{made} writes {name}, {said} told ({:?})", told.error));
            }
        }
    }

    /// What it calls repaired is gone, and what is there is not passed over.
    async fn is_true(&mut self, answer: &Value) {
        let real: BTreeSet<String> =
            truth::findings(&self.stage.sandbox).await.iter().map(truth::name).collect();
        let findings = answer["findings"].as_array().cloned().unwrap_or_default();
        for one in findings.iter().filter(|one| one["outcome"] == "repaired") {
            let name = name(one);
            if real.contains(&name) {
                self.violations.push(format!("called repaired and still there: {name}"));
            }
        }
        if answer["verdict"] != "drifted" && !real.is_empty() {
            self.violations.push(format!("called {} with {real:?}", answer["verdict"]));
        }
    }

    /// Nothing goes wrong any more. What stays open in the end.
    async fn peace(&mut self) -> BTreeSet<String> {
        let owed: Vec<String> = self.stage.watch.lock().unwrap().owed().cloned().collect();
        self.stage.calm();
        let (mut open, mut settled) = (BTreeSet::new(), false);
        for _ in 0..60 {
            tokio::time::sleep(Duration::from_secs(3_600)).await;
            let told = self.in_peace().await;
            let answer = told.answer.clone().unwrap_or_default();
            open = open_findings(&answer);
            // The run before had done all that it could: this one has nothing to do.
            if settled {
                if !told.writes.is_empty() {
                    let writes: Vec<_> = told.writes.iter().map(|call| &call.operation).collect();
                    self.violations.push(format!("the third run still writes: {writes:?}"));
                }
                break;
            }
            settled = !open.iter().any(|one| one.ends_with(" over-limit"));
        }
        if self.case.second.is_some() {
            // What it could not tell before it tells now.
            let told = self.invoke(1).await;
            self.judge(1, &told, false).await;
        }
        let told: BTreeSet<String> = self.published().iter().map(|one| one["calls"].to_string()).collect();
        for calls in self.to_tell.iter().filter(|calls| !told.contains(&calls.to_string())) {
            self.violations.push(format!("nobody was told of {calls}"));
        }
        for one in owed.into_iter().filter(|one| open.iter().any(|open| open.contains(one.as_str()))) {
            self.violations.push(format!("was deleted and does not come back: {one}"));
        }
        open
    }

    async fn in_peace(&mut self) -> Told {
        let (minutes, ahead) = (Duration::from_secs(300), self.case.clock_ahead);
        let told = self.stage.invoke(&self.functions[0], KEYS[0], minutes, ahead).await;
        self.judge(0, &told, true).await;
        if let Some(error) = told.error {
            self.violations.push(format!("fails without faults: {error}"));
        }
        told
    }

    /// The answers that were published.
    fn published(&self) -> Vec<Value> {
        let body = |message: &str| -> Option<Value> {
            let bodies: Value = serde_json::from_str(message).ok()?;
            serde_json::from_str(bodies["default"].as_str()?).ok()
        };
        self.stage.sandbox.messages().iter().filter_map(|message| body(&message.message)).collect()
    }
}

/// Resource, code and attribute of a finding in an answer.
fn name(finding: &Value) -> String {
    let text = |pointer: &str| finding.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let (kind, region, name) = (text("/resource/kind"), text("/resource/region"), text("/resource/name"));
    let place = if region.is_empty() { name.to_owned() } else { format!("{region}/{name}") };
    format!("{kind} {place} {} {}", text("/code"), text("/attribute"))
}

/// What is open, each with its reason: one of those that have a name, or `failed`.
fn open_findings(answer: &Value) -> BTreeSet<String> {
    let findings = answer["findings"].as_array().cloned().unwrap_or_default();
    let open = findings.iter().filter(|one| one["outcome"] != "repaired");
    open.map(|one| {
        let reason = one["reason"].as_str().unwrap_or_default();
        let known = BlockReason::codes().contains(&reason);
        format!("{} {}", name(one), if known { reason } else { "failed" })
    })
    .collect()
}

/// Whether AWS may have carried out a call, by its result in an answer.
fn may_have_written(result: &str) -> bool {
    let (code, message) = result.split_once(": ").unwrap_or((result, ""));
    !CallError { code: code.to_owned(), message: message.to_owned() }.is_refusal()
}
