//! [`Finding`]: one recorded difference between the spec and the account.

use serde_json::Value;

use super::aftermath::Aftermath;
use super::registry::Code;
use super::unreadable::{self, Unreadable};
use super::{
    AliasDrift, Attribute, CopyDrift, KeyAccessDrift, KeyDrift, LookAlike, PlanDrift, RegionSettingsDrift,
    RoleDrift, RuleDrift, SelectionDrift, SettingsDrift, Severity, VaultDrift, VaultLockDrift,
    VaultPolicyDrift,
};
use crate::desired::PlanDocument;
use crate::resource::ResourceId;
use crate::words::{Command, Prose, Scene};

/// One recorded difference between the spec and the account.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Where.
    pub resource: ResourceId,
    /// What.
    pub drift: Drift,
}

/// What makes two findings of different passes the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FindingId {
    resource: ResourceId,
    code: &'static str,
    subject: String,
}

impl Finding {
    /// What it is known by from pass to pass.
    pub fn id(&self) -> FindingId {
        FindingId {
            resource: self.resource.clone(),
            code: self.drift.code().code,
            subject: self.drift.subject(),
        }
    }
}

macro_rules! each_kind {
    ($($kind:ident($drift:ty)),+ $(,)?) => {
        /// One way in which a resource differs from the spec.
        #[derive(Debug, Clone, PartialEq)]
        #[allow(missing_docs)] // each is named after the kind of resource that differs
        pub enum Drift {
            Unreadable(Unreadable),
            $($kind($drift),)+
        }

        $(impl From<$drift> for Drift {
            fn from(drift: $drift) -> Self {
                Self::$kind(drift)
            }
        })+

        impl From<Unreadable> for Drift {
            fn from(drift: Unreadable) -> Self {
                Self::Unreadable(drift)
            }
        }

        /// Every code, by kind; the one that every kind has comes first.
        pub fn codes() -> impl Iterator<Item = &'static Code> {
            let kinds: [&'static [Code]; _] = [$(<$drift>::CODES),+];
            std::iter::once(&unreadable::CODE).chain(kinds.into_iter().flatten())
        }

        /// What the drift of each kind says of itself.
        macro_rules! of_its_kind {
            ($self:ident, $one:ident => $said:expr) => {
                match $self {
                    Drift::Unreadable($one) => $said,
                    $(Drift::$kind($one) => $said,)+
                }
            };
            ($self:ident, unreadable $unreadable:ident => $other:expr, $one:ident => $said:expr) => {
                match $self {
                    Drift::Unreadable($unreadable) => $other,
                    $(Drift::$kind($one) => $said,)+
                }
            };
        }
    };
}

each_kind! {
    Role(RoleDrift),
    Key(KeyDrift),
    KeyAccess(KeyAccessDrift),
    Alias(AliasDrift),
    Vault(VaultDrift),
    VaultPolicy(VaultPolicyDrift),
    VaultLock(VaultLockDrift),
    Plan(PlanDrift),
    Rule(RuleDrift),
    Copy(CopyDrift),
    Settings(SettingsDrift),
    Selection(SelectionDrift),
    RegionSettings(RegionSettingsDrift),
}

impl Drift {
    /// Its declaration.
    pub fn code(&self) -> &'static Code {
        of_its_kind!(self, one => one.code())
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        of_its_kind!(self, one => one.severity())
    }

    /// Which attribute of the resource it is about.
    pub fn attribute(&self) -> Attribute {
        of_its_kind!(self, one => one.attribute())
    }

    /// What the spec asks for.
    pub fn expected(&self) -> Value {
        of_its_kind!(self, one => one.expected())
    }

    /// What was observed.
    pub fn observed(&self) -> Value {
        of_its_kind!(self, one => one.observed())
    }

    /// The difference in a sentence.
    pub fn summary(&self, scene: &Scene<'_>) -> Prose {
        of_its_kind!(self, one => one.summary(scene))
    }

    /// What it means for the backups.
    pub fn impact(&self, scene: &Scene<'_>) -> Prose {
        of_its_kind!(self, one => one.impact(scene))
    }

    /// Makes it as the spec wants it, where it is a difference of a plan's document.
    pub(crate) fn mend(&self, document: &mut PlanDocument) {
        if let Drift::Rule(drift) = self {
            drift.mend(document);
        } else if let Drift::Copy(drift) = self {
            drift.mend(document);
        } else if let Drift::Settings(drift) = self {
            drift.mend(document);
        }
    }

    /// The key that may be the deployment's and is about to be deleted.
    pub fn dying_key(&self) -> Option<&LookAlike> {
        let Drift::Key(KeyDrift::Missing { look_alikes, .. }) = self else { return None };
        look_alikes.iter().find(|one| one.is_dying())
    }

    /// What a repair of it does not undo.
    pub fn aftermath(&self, scene: &Scene<'_>) -> Option<Aftermath> {
        of_its_kind!(self, unreadable _one => None, one => one.aftermath(scene))
    }

    /// What a person does about it, where it is left to one.
    pub fn next_step(&self, scene: &Scene<'_>) -> Option<Prose> {
        of_its_kind!(self, one => one.next_step(scene))
    }

    /// The command that goes with that.
    pub fn command(&self, scene: &Scene<'_>, region: &str) -> Option<Command> {
        of_its_kind!(self, one => one.command(scene, region))
    }

    /// The operations that can have brought it about.
    pub fn causes(&self) -> &'static [&'static str] {
        of_its_kind!(self, unreadable one => one.causes(), one => one.code().causes)
    }

    /// The operation by which this program repairs it, and by which its repairs are counted; `None` for what it leaves to people. A
    /// selection is replaced by two calls, and only the first names it.
    pub fn repaired_by(&self) -> Option<&'static str> {
        self.code().answer.operation
    }

    /// ARN of the key that it is about.
    pub fn key_arn(&self) -> Option<&str> {
        of_its_kind!(self, unreadable _one => None, one => one.key_arn())
    }

    /// What tells two drifts of one code on one resource apart, and stays the same from pass to pass.
    pub fn subject(&self) -> String {
        of_its_kind!(self, unreadable one => one.attribute().to_string(), one => one.subject())
    }

    /// A member that the request of a cause has, and its value: another value is another cause.
    pub fn request(&self) -> Option<(&'static str, &str)> {
        of_its_kind!(self, unreadable _one => None, one => one.request())
    }

    /// Whether nothing at all can be said about the resource while this lasts: it is missing, ambiguous or unreadable.
    pub fn hides_everything(&self) -> bool {
        of_its_kind!(self, unreadable one => one.hides(&Attribute::whole()), one => one.code().hides)
    }

    /// Whether nothing can be said about another drift of the same resource while this lasts.
    pub fn hides(&self, other: &Drift) -> bool {
        of_its_kind!(self, unreadable one => one.hides(&other.attribute()), one => one.code().hides)
    }
}
