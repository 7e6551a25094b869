//! Terraform: what `terraform show -json` prints of a state or a plan, as a spec.
//!
//! A state tells everything. A plan does not tell what AWS will make up, such as ARNs; where the configuration says what they are of, they
//! are worked out, and what is left stands as a comment.

mod keys;
mod plans;
mod reading;
mod roles;
mod state;
mod vaults;

use reconcile::desired::{DesiredRegionSettings, OptIn};

use crate::imported::NOT_HERE;
use crate::json::switched_on;
use crate::{ImportError, Imported, UNKNOWN_ACCOUNT};
use keys::Keys;
use reading::Reading;
use state::State;

/// Resources of AWS Backup that a spec has no words for.
const UNSAID: [(&str, &str); 7] = [
    (
        "aws_backup_logically_air_gapped_vault",
        "a rule can name it as air_gapped_vault, and a copy by vault_arn",
    ),
    ("aws_backup_global_settings", "a spec is of one account"),
    ("aws_backup_framework", "a spec has no words for AWS Backup Audit Manager"),
    ("aws_backup_report_plan", "a spec has no words for AWS Backup Audit Manager"),
    ("aws_backup_restore_testing_plan", "a spec has no words for tests of restores"),
    ("aws_backup_restore_testing_selection", "a spec has no words for tests of restores"),
    ("aws_backup_tiering_configuration", "a spec has no words for tiering"),
];

/// Reads a state or a plan. `region` is where things are that do not say where they are.
///
/// # Errors
///
/// [`ImportError`] if it is neither, or has nothing of AWS Backup.
pub fn read(text: &str, origin: &str, region: &str) -> Result<Imported, ImportError> {
    let state = State::parse(text)?;
    let reading = Reading::new(&state, region);
    let account = reading.account.as_deref().unwrap_or(UNKNOWN_ACCOUNT);
    let mut imported = Imported::new(origin, "terraform", &reading.partition, account, &reading.primary);
    for (kind, why) in UNSAID {
        for one in state.managed(kind) {
            imported.leave_out(&one.address, why);
        }
    }
    let keys = Keys::of(&reading);
    keys.read(&reading, &mut imported);
    vaults::read(&reading, &keys, &mut imported);
    plans::read(&reading, &mut imported);
    roles::read(&reading, &mut imported);
    for one in state.managed("aws_backup_region_settings") {
        let opt_in = switched_on(&one.values, "resource_type_opt_in_preference");
        imported.desired.region_settings.push(DesiredRegionSettings {
            region: reading.region(one),
            opt_in: if opt_in.is_empty() { OptIn::Unsaid } else { OptIn::Types(opt_in) },
            management: switched_on(&one.values, "resource_type_management_preference"),
        });
    }
    if imported.desired.vaults.is_empty() && imported.desired.plans.is_empty() {
        return Err(ImportError::Empty);
    }
    imported.list_destinations(|_| NOT_HERE);
    Ok(imported)
}
