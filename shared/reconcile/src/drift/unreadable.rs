//! What is said where something could not be read: every kind of resource can have that, as a whole or in a part.

use serde_json::{Value, json};

use super::attribute::Attribute;
use super::look::{look, look_up};
use super::registry::{Answer, Code};
use super::severity::Severity;
use crate::read::{Read, Refusal};
use crate::report::refusal;
use crate::resource::{Kind, ResourceId};
use crate::say;
use crate::words::{Command, Prose, Scene, Verbatim, Word};

/// A part of a resource that is read by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The resource itself.
    Whole,
    /// The managed policies of the role.
    ManagedPolicies,
    /// The inline policies of the role.
    InlinePolicies,
    /// What the role may do in the end.
    Permissions,
    /// The rotation of a key.
    Rotation,
    /// The policy of a key.
    KeyPolicy,
    /// A key's grants.
    Grants,
    /// Whether a key is shared with other accounts.
    Shared,
    /// The key that a vault is on.
    Key,
    /// The selections of a plan for which the spec names none.
    Selections,
    /// To whom AWS Backup tells what happens in a vault.
    Notifications,
    /// The tags.
    Tags,
}

impl Part {
    /// The members that are not known while it is not read.
    fn members(self) -> &'static [&'static str] {
        match self {
            Part::Whole => &[],
            Part::ManagedPolicies => &["managed_policies"],
            Part::InlinePolicies => &["inline_policies"],
            Part::Permissions => &["permissions"],
            Part::Rotation => &["rotation", "rotation_period_days"],
            Part::KeyPolicy => &["policy"],
            Part::Grants => &["grants"],
            Part::Shared => &["shared"],
            Part::Key => &["encryption_key"],
            Part::Selections => &["selections"],
            Part::Notifications => &["notifications"],
            Part::Tags => &["tags"],
        }
    }
}

impl Part {
    /// What reports name the parts of a kind that are read by themselves.
    pub(crate) fn named_by_reports(kind: Kind) -> Vec<String> {
        let parts: &[Part] = match kind {
            Kind::Role => &[Part::Whole, Part::ManagedPolicies, Part::InlinePolicies, Part::Permissions],
            Kind::Key => {
                &[Part::Whole, Part::Rotation, Part::KeyPolicy, Part::Grants, Part::Shared, Part::Tags]
            }
            Kind::Vault => &[Part::Whole, Part::Key, Part::Notifications, Part::Tags],
            Kind::Plan => &[Part::Whole, Part::Selections, Part::Tags],
            Kind::Alias | Kind::VaultPolicy | Kind::VaultLock | Kind::Selection | Kind::RegionSettings => {
                &[Part::Whole]
            }
        };
        parts.iter().map(|part| part.attribute(kind).to_string()).collect()
    }

    /// Reports name a whole resource by what it is.
    fn attribute(self, kind: Kind) -> Attribute {
        let member = match (self.members().first(), kind) {
            (Some(member), _) => member,
            (None, Kind::VaultPolicy) => "policy",
            (None, Kind::VaultLock) => "lock",
            (None, kind) => kind.as_str(),
        };
        Attribute::whole().member(member)
    }
}

/// Something could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Of this kind of resource.
    pub kind: Kind,
    /// This part.
    pub part: Part,
    /// For this reason.
    pub refusal: Refusal,
}

/// Its declaration.
pub(super) static CODE: Code = Code {
    kind: None,
    code: "unreadable",
    explanation: &[
        "It, or a part of it, could not be read, so nothing is known of it and nothing is written about it.",
        "Denied and failed are never taken for missing.",
    ],
    severities: &[(Severity::Low, "if only tags"), (Severity::High, "otherwise")],
    attribute: &[],
    causes: &[],
    named_by: &[],
    answer: Answer { operation: None, reason: Some("unreadable"), note: "" },
    holds_up: false,
    hides: false,
    beyond_spec: false,
};

impl Unreadable {
    pub(super) fn code(&self) -> &'static Code {
        &CODE
    }

    pub(super) fn severity(&self) -> Severity {
        if self.part == Part::Tags { Severity::Low } else { Severity::High }
    }

    pub(super) fn attribute(&self) -> Attribute {
        self.part.attribute(self.kind)
    }

    pub(super) fn expected(&self) -> Value {
        Value::Null
    }

    pub(super) fn observed(&self) -> Value {
        json!({ "error": self.refusal.to_string() })
    }

    /// Whether nothing can be said of the other attribute while this part is not read.
    pub(super) fn hides(&self, other: &Attribute) -> bool {
        self.part == Part::Whole || other.root().is_some_and(|root| self.part.members().contains(&root))
    }

    /// Whether it is unread because a list of selections may be.
    pub(crate) fn is_of_a_list(&self) -> bool {
        let is_one = self.part == Part::Whole && self.refusal.read == Some(Read::GetBackupSelection);
        matches!(self.kind, Kind::Plan | Kind::Selection) && self.part != Part::Tags && !is_one
    }

    pub(super) fn summary(&self, _scene: &Scene<'_>) -> Prose {
        let what = match self.part {
            Part::Whole => "It",
            Part::ManagedPolicies => "Its managed policies",
            Part::InlinePolicies => "Its inline policies",
            Part::Permissions => "What it may do",
            Part::Rotation => "Its rotation",
            Part::KeyPolicy => "Its key policy",
            Part::Grants => "Its grants",
            Part::Shared => "Whether it is shared",
            Part::Key => "Its key",
            Part::Selections => "Its selections",
            Part::Notifications => "What notifications it has",
            Part::Tags => "Its tags",
        };
        let error = self.refusal.to_string();
        say!("{} could not be read. AWS's words: {}.", Word(what), Verbatim(error.trim_end_matches('.')))
    }

    pub(super) fn impact(&self, _scene: &Scene<'_>) -> Prose {
        if self.part == Part::Tags {
            return Prose::own(
                "We do not know whether its tags are as designed; its protection does not depend on them.",
            );
        }
        Prose::own(match self.kind {
            Kind::Role => "We do not know whether AWS Backup can still use its role.",
            Kind::Key | Kind::Alias => "We do not know whether backups can still be encrypted and restored.",
            Kind::Vault if self.part == Part::Key => {
                "We do not know who holds the key of the vault, and whether backups can still be restored."
            }
            Kind::Vault => "We do not know whether the vault is still there, and as designed.",
            Kind::VaultPolicy | Kind::VaultLock => {
                "We do not know whether recovery points are still protected from deletion."
            }
            Kind::Plan | Kind::Selection | Kind::RegionSettings => {
                "We do not know whether everything is still backed up."
            }
        })
    }

    pub(super) fn next_step(&self, scene: &Scene<'_>) -> Option<Prose> {
        let nothing = Prose::own("Nothing is written about what cannot be read.");
        if let Some(advice) = refusal::advice(&self.refusal.error, scene.reader) {
            return Some(nothing.and(Prose::own(advice)));
        }
        // What is not a refusal passes by itself: throttling, a fault of the service, the network.
        if !self.refusal.is_denied() {
            return Some(nothing.and(Prose::own(scene.reader.choose(
                "The next run looks again; if that fails too, read AWS's words.",
                "Look again; if that fails too, read AWS's words.",
            ))));
        }
        let whose = Word(scene.reader.choose("the function's", "your"));
        let check = match self.kind {
            Kind::VaultPolicy => say!(
                "Check {} rights, service control policies, and whether the vault's own policy now denies reading it.",
                whose
            ),
            Kind::Key | Kind::Alias => {
                let whom = Word(scene.reader.choose("the function", "you"));
                say!(
                    "Check {} rights, service control policies, and whether the key's own policy leaves {} out.",
                    whose,
                    whom
                )
            }
            Kind::Role
            | Kind::Vault
            | Kind::VaultLock
            | Kind::Plan
            | Kind::Selection
            | Kind::RegionSettings => say!("Check {} rights and service control policies.", whose),
        };
        Some(nothing.and(check))
    }

    /// The read that was refused, where it can be repeated by name: whoever may run it and sees the answer knows that only the function
    /// may not. Where it needs an id, what CloudTrail has of it.
    pub(super) fn command(&self, scene: &Scene<'_>, region: &str) -> Option<Command> {
        let named = |words, option| Command::aws(words).with(option, scene.name());
        let regional = |words| Command::aws(words).with("region", region);
        let Some(read) = self.refusal.read else { return Some(look(scene.resource, region)) };
        Some(match read {
            Read::GetRole => named("iam get-role", "role-name"),
            Read::ListAttachedRolePolicies => named("iam list-attached-role-policies", "role-name"),
            Read::ListRolePolicies => named("iam list-role-policies", "role-name"),
            // The key of a vault has no name.
            Read::DescribeKey => look(scene.resource, region),
            Read::ListAliases => regional("kms list-aliases"),
            Read::ListKeys => regional("kms list-keys"),
            Read::ListBackupVaults => regional("backup list-backup-vaults"),
            Read::GetBackupVaultAccessPolicy => {
                regional("backup get-backup-vault-access-policy").with("backup-vault-name", scene.name())
            }
            Read::ListBackupPlans | Read::ListBackupPlanVersions => regional("backup list-backup-plans"),
            Read::DescribeRegionSettings => regional("backup describe-region-settings"),
            Read::GetBackupVaultNotifications => {
                regional("backup get-backup-vault-notifications").with("backup-vault-name", scene.name())
            }
            Read::GetRolePolicy => named("iam list-role-policies", "role-name"),
            Read::SimulatePrincipalPolicy
            | Read::GetKeyPolicy
            | Read::ListGrants
            | Read::GetKeyRotationStatus
            | Read::ListResourceTags
            | Read::ListTags
            | Read::GetBackupPlan
            | Read::ListBackupSelections
            | Read::GetBackupSelection => look_up(region, read.operation()),
        })
    }

    /// Who took our own rights away is not asked: only a vault's own policy denies us by what we watch.
    pub(super) fn causes(&self) -> &'static [&'static str] {
        if self.kind == Kind::VaultPolicy && self.refusal.is_denied() {
            &["PutBackupVaultAccessPolicy"]
        } else {
            &[]
        }
    }
}

/// Where something of a resource could not be read.
pub fn unreadable(resource: &ResourceId, part: Part, refusal: &Refusal) -> Unreadable {
    Unreadable { kind: resource.kind, part, refusal: refusal.clone() }
}
