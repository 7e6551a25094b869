//! `drift repair`: shows the plan, asks, repairs, and keeps a record of every call.

use std::io::{IsTerminal, Write, stderr, stdin};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use drift_cli::look::{Look, plural};
use drift_cli::text;
use drift_healer::{Listener, Moment, Settings};
use reconcile::repair::Only;
use reconcile::report::{Outcome, Reported};
use reconcile::words::{Called, Reader, clean};
use serde_json::json;
use tokio::sync::watch::{Receiver, channel};

use crate::account::{Account, Topic, settings, told};
use crate::arguments::{Global, Repair};
use crate::failure::{INTERRUPTED, Interrupted, Usage};
use crate::journal::Journal;
use crate::tell::page;
use crate::which_spec;

pub(crate) async fn run(global: &Global, repair: &Repair) -> anyhow::Result<ExitCode> {
    if std::env::var("MODE").is_ok_and(|mode| mode == "report") {
        return Err(Usage(
            "MODE=report is set, and a repair writes. Unset MODE, or use drift check".to_owned(),
        )
        .into());
    }
    let spec = which_spec::read(global)?;
    let mut inputs = spec.inputs();
    inputs.extend(repair.journal.clone().map(|journal| ("the journal", journal)));
    let outputs = repair.telling.outputs(&inputs)?;
    let called = Called { repair: repair.options(), ..global.called() };
    let stop = Arc::new(AtomicBool::new(false));
    let journal = Arc::new(Journal::beside(repair.journal.as_deref(), &outputs, Arc::clone(&stop)));
    let written = Arc::clone(&journal);
    let hearing: Listener = Arc::new(move |moment: &Moment<'_>| written.hear(moment));
    let reader = Reader::Caller(called.clone());
    let stopping_it = Arc::clone(&stop);
    let account = Account::open(global, reader, spec, consent(repair)?, Some(hearing), stopping_it).await?;

    let mut interrupts = interrupts();
    let plan = tokio::select! {
        plan = account.look(json!({ "mode": "report" })) => plan?,
        Ok(()) = interrupts.changed() => return Err(Interrupted("nothing was written").into()),
    };
    let findings = &plan.answer.report.findings;
    let holds_none = |only: &&Only| !findings.iter().any(|one| only.holds(&one.finding));
    if let Some(only) = repair.only.iter().find(holds_none) {
        return Err(Usage(format!(
            "--only {only} fits no finding, so nothing was written\n  look:  {}",
            called.drift("check")
        ))
        .into());
    }
    if plan.answer.report.calls.is_empty() {
        repair.telling.tell(&plan)?;
        return Ok(ExitCode::from(plan.exit_code(None)));
    }
    show(&plan, &called);
    agree(repair, &plan, &mut interrupts).await?;

    let path = journal.open(&plan)?;
    // Also where no progress is wanted: whoever loses the report has to know.
    let _ = writeln!(anstream::stderr(), "every call is recorded in {}", clean(&path.display().to_string()));
    let interrupts = tokio::spawn(stopping(interrupts, Arc::clone(&stop)));
    let look = account.look(json!({})).await;
    interrupts.abort();
    let look = look.with_context(|| format!("what was called is in {}", path.display()))?;
    journal.close(&look);
    repair.telling.tell(&look).with_context(|| format!("the report is in {} as well", path.display()))?;
    account.healer.send(&look.answer).await.map_err(|error| told(&error))?;
    if let Some(error) = journal.failed() {
        anyhow::bail!("the journal {} could not be written, so the run was stopped: {error}", path.display());
    }
    if stop.load(Ordering::Relaxed) {
        return Ok(ExitCode::from(INTERRUPTED));
    }
    Ok(ExitCode::from(look.exit_code(None)))
}

/// What the command line agrees to. Nothing of it comes from the environment.
fn consent(repair: &Repair) -> anyhow::Result<Settings> {
    let given = |name: &str| match name {
        "MODE" => Some("repair".to_owned()),
        "MAX_CALLS" => Some(repair.max_calls.to_string()),
        "BOOTSTRAP" => Some(repair.bootstrap.to_string()),
        "COMPLIANCE_LOCKS" => Some(if repair.allow_compliance_locks { "start" } else { "hold" }.to_owned()),
        _ => None,
    };
    let mut settings = settings(given, if repair.publish { Topic::SentTo } else { Topic::Unused })?;
    settings.limits.only.clone_from(&repair.only);
    Ok(settings)
}

/// The plan, on standard error: standard output is for the report.
fn show(plan: &Look, called: &Called) {
    let page = page();
    let mut lines: Vec<String> = plan.head().iter().flat_map(|line| page.wrap(line, 0)).collect();
    let report = &plan.answer.report;
    let planned = report.findings.iter().filter(|one| one.outcome == Outcome::Planned).count();
    lines.push(format!(
        "The plan: {} would be repaired with {}.",
        plural(planned, "finding"),
        plural(report.calls.len(), "call")
    ));
    let (shown, left_out) = planned_findings(plan);
    lines.extend(shown.iter().flat_map(|line| page.wrap(line, 2)));
    if left_out > 0 {
        lines.push(format!("  and {}; all of them:", plural(left_out, "more finding")));
        lines.push(format!("    {}", called.drift("check").having("full")));
    }
    lines.push("The calls, in their order:".to_owned());
    lines.extend(text::calls(plan).iter().flat_map(|line| page.wrap(line, 2)));
    let lasting = text::irreversible(plan).into_iter().chain(text::replaced(plan));
    lines.extend(lasting.flat_map(|line| page.wrap(&line, 2)));
    let left = report.findings.len() - planned;
    if left > 0 {
        let stay = if left == 1 { "stays as it is" } else { "stay as they are" };
        lines.push(format!("{} {stay}; the report says why.", plural(left, "finding")));
    }
    let mut err = anstream::stderr().lock();
    // A person who cannot see the plan is asked all the same, and can say no.
    let _ = lines.iter().try_for_each(|line| writeln!(err, "{line}"));
}

/// What would be repaired, a line each, and how many lines are left out.
fn planned_findings(plan: &Look) -> (Vec<String>, usize) {
    const SHOWN: usize = 20;
    let planned: Vec<_> =
        plan.by_need(None).into_iter().filter(|one| one.outcome == Outcome::Planned).collect();
    let line =
        |one: &&Reported| format!("{} {}. {}", plan.severity(one).as_str(), one.title(), one.summary());
    let lines = planned.iter().take(SHOWN).map(|one| clean(&line(one))).collect();
    (lines, planned.len().saturating_sub(SHOWN))
}

/// The account's id, typed or given: whoever knows which account it is has looked.
async fn agree(repair: &Repair, plan: &Look, interrupts: &mut Receiver<usize>) -> anyhow::Result<()> {
    let account = plan.answer.account.as_deref().unwrap_or_default();
    match &repair.yes {
        Some(given) if given == account => return Ok(()),
        Some(given) => {
            return Err(Usage(format!(
                "nothing was written: --yes is {given:?}, and this is account {account}"
            ))
            .into());
        }
        None if !stdin().is_terminal() => {
            return Err(Usage(format!(
                "nothing was written: there is no terminal to ask at. --yes {account} agrees to the plan"
            ))
            .into());
        }
        None => {}
    }
    write!(stderr(), "Type the account's id ({account}) to make these calls: ")?;
    let typing = tokio::task::spawn_blocking(|| {
        let mut typed = String::new();
        stdin().read_line(&mut typed).map(|_| typed)
    });
    let typed = tokio::select! {
        typed = typing => typed??,
        Ok(()) = interrupts.changed() => {
            let _ = writeln!(stderr(), "\ninterrupted: nothing was written");
            // Whoever waits for a line cannot be stopped otherwise.
            std::process::exit(INTERRUPTED.into());
        }
    };
    anyhow::ensure!(typed.trim() == account, "nothing was written: that is not the account's id");
    Ok(())
}

/// Counts each Ctrl-C from now on, so that none is lost between two phases.
fn interrupts() -> Receiver<usize> {
    let (count, interrupts) = channel(0);
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            count.send_modify(|count| *count += 1);
        }
    });
    interrupts
}

/// The first Ctrl-C stops the run after the call that is under way, the second ends it.
async fn stopping(mut interrupts: Receiver<usize>, stop: Arc<AtomicBool>) {
    if interrupts.changed().await.is_err() {
        return;
    }
    stop.store(true, Ordering::Relaxed);
    let _ = writeln!(
        stderr(),
        "\nStopping: drift lets the current call end, looks at the account again and reports. Ctrl-C again ends at once."
    );
    if interrupts.changed().await.is_ok() {
        std::process::exit(INTERRUPTED.into());
    }
}
