//! A run that is asked to repair a part of the findings repairs that part, and says so of the rest.

use reconcile::call::Call;
use reconcile::repair::Only;

use super::memory::{apply, drifted, outcomes};
use super::*;

const CUT: &str = "plan/retention-differs (rules.*.delete_after_days)";
const WINDOW: &str = "plan/start-window-differs (rules.*.start_window_minutes)";
const TAGS: &str = "vault/tags-differ (tags)";

fn asked(desired: &Desired, part: &str) -> Report {
    let mut observed = drifted(desired, CUT);
    for code in [WINDOW, TAGS, "selection/unmanaged"] {
        apply(&mut observed, desired, code);
    }
    let only: Only = part.parse().unwrap_or_else(|error| panic!("{error}"));
    let limits = Limits { only: vec![only], ..NO_LIMITS };
    now(run(&Preview::new(desired, observed), desired, &limits))
}

#[test]
fn what_is_not_asked_for_is_left_and_keeps_every_other_reason() {
    let desired = desired();
    let (vault, plan) = ("vault_prod_daily", "prod_backups");
    for (part, repaired) in [
        ("retention-differs", vec![CUT]),
        ("tags-differ", vec![TAGS]),
        ("plan", vec![CUT, WINDOW]),
        ("plan/start-window-differs", vec![WINDOW]),
        ("plan/tags-differ", vec![]),
        ("vault-lock", vec![]),
        (&format!("plan us-east-1/{plan}"), vec![CUT, WINDOW]),
        (&format!("plan {plan}"), vec![CUT, WINDOW]),
        (&format!("plan us-west-2/{plan}"), vec![]),
        (&format!("vault us-east-1/{vault}"), vec![TAGS]),
        (&format!("vault {vault}"), vec![TAGS]),
        ("vault vault_prod_hourly", vec![]),
        (&format!("vault-policy {vault}"), vec![]),
        (&format!("selection {plan}/extra"), vec![]),
    ] {
        let report = asked(&desired, part);
        for code in [CUT, WINDOW, TAGS] {
            let expected = if repaired.contains(&code) {
                Outcome::Repaired
            } else {
                Outcome::Blocked(BlockReason::NotAsked)
            };
            assert_eq!(outcomes(&report, code), [expected], "{part}: {code}");
        }
        // A call would not have been made for it in any case.
        let [Outcome::Blocked(BlockReason::NeedsReview(_))] = &outcomes(&report, "selection/unmanaged")[..]
        else {
            panic!("{part}: {:#?}", report.findings)
        };
        // An update of the plan says nothing of what is not asked for.
        let updates = report.calls.iter().filter(|made| matches!(made.call, Call::UpdateBackupPlan { .. }));
        assert_eq!(updates.count(), usize::from(repaired.contains(&CUT) || repaired.contains(&WINDOW)));
    }
}
