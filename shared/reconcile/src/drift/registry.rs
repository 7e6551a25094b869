//! The registry: everything static that is said about a drift code stands in one declaration, and whatever else needs it is made
//! from that.

use super::attribute::Segment;
use super::severity::Severity;
use crate::resource::Kind;

/// A drift code, as it is declared.
#[derive(Debug)]
pub struct Code {
    /// The kind of resource that has it; `None` for what every kind has.
    pub kind: Option<Kind>,
    /// Stable, in kebab case.
    pub code: &'static str,
    /// The lines of its explanation.
    pub explanation: &'static [&'static str],
    /// The severities that it may have, and when it has which; one alone needs no "when".
    pub severities: &'static [(Severity, &'static str)],
    /// The attribute that it is about.
    pub attribute: &'static [Segment],
    /// The operations that can bring it about. What takes the whole resource away, or makes it anew, takes its parts with it.
    pub causes: &'static [&'static str],
    /// The operations that give a name to the ids which the causes tell.
    pub named_by: &'static [&'static str],
    /// What answers it.
    pub answer: Answer,
    /// Whether what depends on the resource waits until it is repaired.
    pub holds_up: bool,
    /// Whether nothing else can be said about the resource while it lasts.
    pub hides: bool,
    /// Whether it is about something that the spec does not name, so that the resource's name may be any.
    pub beyond_spec: bool,
}

/// What answers a drift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// The operation that repairs it, and by which its repairs are counted; `None` for what is left to people.
    pub operation: Option<&'static str>,
    /// The code of the reason, where it is left to people.
    pub reason: Option<&'static str>,
    /// When it is otherwise.
    pub note: &'static str,
}

impl Code {
    /// What tells it from all other declarations: `kind/code`, with the attribute where two share a code.
    pub fn id(&self) -> String {
        match self.attribute_in_words().as_str() {
            "" => self.path(),
            attribute => format!("{} ({attribute})", self.path()),
        }
    }

    /// Its place in lists: `kind/code`.
    pub fn path(&self) -> String {
        format!("{}/{}", self.kind.map_or("any", Kind::as_str), self.code)
    }

    /// The explanation in one line.
    pub fn explained(&self) -> String {
        self.explanation.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
    }

    /// The severity in words: "high if less is kept, medium if more".
    pub fn severity_in_words(&self) -> String {
        let each = self.severities.iter().map(|(severity, when)| match *when {
            "" => severity.as_str().to_owned(),
            when => format!("{} {when}", severity.as_str()),
        });
        each.collect::<Vec<_>>().join(", ")
    }

    /// The attribute as reports write it, with `*` for names.
    pub fn attribute_in_words(&self) -> String {
        let each = self.attribute.iter().map(|segment| match segment {
            Segment::Member(name) => name,
            Segment::Named(_) => "*",
        });
        each.collect::<Vec<_>>().join(".")
    }

    /// The answer in words, as Markdown: "`kms:CreateAlias`; or blocked: …".
    pub fn answer_in_words(&self) -> String {
        let Answer { operation, reason, note } = self.answer;
        let service = self.kind.map_or("", Kind::service);
        let call = operation.map(|operation| format!("`{service}:{operation}`"));
        let blocked = reason.map(|reason| format!("blocked: `{reason}`"));
        let note = Some(note.to_owned()).filter(|note| !note.is_empty());
        [call, blocked, note].into_iter().flatten().collect::<Vec<_>>().join("; ")
    }
}

/// Declares the drifts of one kind. What can be left out is what most drifts have in common: nothing waits, nothing is hidden, nothing
/// is left to do.
macro_rules! drifts {
    (
        $(#[$meta:meta])*
        $name:ident of $kind:ident:
        $(
            $(#[doc = $doc:literal])+
            $variant:ident $code:literal $({ $($field:ident: $type:ty),+ $(,)? })? => {
                severity: $severity:tt,
                attribute: [$($segment:tt)*],
                values: $expected:expr => $observed:expr,
                causes: [$($cause:literal),* $(,)?],
                $(named_by: [$($named_by:literal),+],)?
                answer: $answer:ident $($note:literal)*,
                $(holds_up: $holds_up:ident,)?
                $(hides: $hides:ident,)?
                $(beyond: $beyond:ident,)?
                $(key: $key:expr,)?
                $(subject: $subject:expr,)?
                $(request: $member:literal = $value:expr,)?
                summary($summary_scene:ident): $summary:expr,
                impact($impact_scene:ident): $impact:expr,
                $(aftermath($aftermath_scene:ident): $aftermath:expr,)?
                $(next_step($step_scene:ident): $next_step:expr,)?
                $(command($command_scene:ident, $region:ident): $command:expr,)?
            }
        )+
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        #[allow(missing_docs)] // the fields are what was expected and what was observed
        pub enum $name {
            $($(#[doc = $doc])+ $variant $({ $($field: $type),+ })?,)+
        }

        #[allow(unused_variables)] // each arm names all fields, and needs some of them
        impl $name {
            /// All codes of these drifts.
            pub const CODES: &'static [$crate::drift::Code] = &[$($crate::drift::Code {
                kind: Some($crate::resource::Kind::$kind),
                code: $code,
                explanation: &[$($doc),+],
                severities: $crate::drift::registry::severities!($severity),
                attribute: &[$($crate::drift::registry::segment!($segment)),*],
                causes: &[$($cause),*],
                named_by: $crate::drift::registry::given!([$(&[$($named_by),+])?] &[]),
                answer: $crate::drift::registry::answer!($answer $($note)*),
                holds_up: $crate::drift::registry::is_given!($($holds_up)?),
                hides: $crate::drift::registry::is_given!($($hides)?),
                beyond_spec: $crate::drift::registry::is_given!($($beyond)?),
            }),+];

            /// Its declaration.
            pub fn code(&self) -> &'static $crate::drift::Code {
                #[allow(clippy::enum_variant_names)] // they are as the drifts are
                enum Index { $($variant),+ }
                let index = match self { $(Self::$variant { .. } => Index::$variant,)+ };
                &Self::CODES[index as usize]
            }

            /// How bad it is.
            pub fn severity(&self) -> $crate::drift::Severity {
                match self { $(Self::$variant { $($($field),+)? } => $crate::drift::registry::severity!($severity),)+ }
            }

            /// The attribute that it is about.
            pub fn attribute(&self) -> $crate::drift::Attribute {
                match self { $(Self::$variant { $($($field),+)? } => {
                    let attribute = $crate::drift::Attribute::whole();
                    $(let attribute = $crate::drift::registry::step!(attribute $segment);)*
                    attribute
                })+ }
            }

            /// What the spec asks for.
            pub fn expected(&self) -> serde_json::Value {
                match self { $(Self::$variant { $($($field),+)? } => $expected,)+ }
            }

            /// What was observed.
            pub fn observed(&self) -> serde_json::Value {
                match self { $(Self::$variant { $($($field),+)? } => $observed,)+ }
            }

            /// The difference in a sentence.
            pub fn summary(&self, scene: &$crate::words::Scene<'_>) -> $crate::words::Prose {
                match self { $(Self::$variant { $($($field),+)? } => { let $summary_scene = scene; $summary })+ }
            }

            /// What it means for the backups.
            pub fn impact(&self, scene: &$crate::words::Scene<'_>) -> $crate::words::Prose {
                match self { $(Self::$variant { $($($field),+)? } => { let $impact_scene = scene; $impact })+ }
            }

            /// What a repair of it does not undo.
            pub fn aftermath(&self, scene: &$crate::words::Scene<'_>) -> Option<$crate::drift::Aftermath> {
                match self { $(Self::$variant { $($($field),+)? } => $crate::drift::registry::given!(
                    [$({ let $aftermath_scene = scene; $aftermath })?] None
                ),)+ }
            }

            /// What a person does about it, where it is left to one.
            pub fn next_step(&self, scene: &$crate::words::Scene<'_>) -> Option<$crate::words::Prose> {
                match self { $(Self::$variant { $($($field),+)? } => $crate::drift::registry::given!(
                    [$({ let $step_scene = scene; Some($next_step) })?] None
                ),)+ }
            }

            /// The command that goes with that.
            pub fn command(&self, scene: &$crate::words::Scene<'_>, region: &str) -> Option<$crate::words::Command> {
                match self { $(Self::$variant { $($($field),+)? } => $crate::drift::registry::given!(
                    [$({ let ($command_scene, $region) = (scene, region); $command })?]
                    Some($crate::drift::look::look(scene.resource, region))
                ),)+ }
            }

            /// ARN of the key that it is about.
            pub fn key_arn(&self) -> Option<&str> {
                match self { $(Self::$variant { $($($field),+)? } => $crate::drift::registry::given!([$($key)?] None),)+ }
            }

            /// What tells two drifts of one code on one resource apart, and stays the same from pass to pass.
            pub fn subject(&self) -> String {
                match self { $(Self::$variant { $($($field),+)? } => $crate::drift::registry::given!(
                    [$($subject.clone())?] self.attribute().to_string()
                ),)+ }
            }

            /// A member that the request of a cause has, and its value: another value is another cause.
            pub fn request(&self) -> Option<(&'static str, &str)> {
                match self { $(Self::$variant { $($($field),+)? } => $crate::drift::registry::given!(
                    [$(Some(($member, $value.as_str())))?] None
                ),)+ }
            }
        }
    };
}

/// What is given, or else the other.
macro_rules! given {
    ([$given:expr] $other:expr) => {
        $given
    };
    ([] $other:expr) => {
        $other
    };
}

/// Whether anything is given.
macro_rules! is_given {
    () => {
        false
    };
    ($given:ident) => {
        true
    };
}

/// `Medium`, or `[condition => High "when", …, else Medium "when"]`.
macro_rules! severity {
    ([$($condition:expr => $severity:ident $when:literal,)+ else $last:ident $last_when:literal]) => {
        $(if $condition { $crate::drift::Severity::$severity } else)+ { $crate::drift::Severity::$last }
    };
    ($severity:ident) => { $crate::drift::Severity::$severity };
}

/// The same as data.
macro_rules! severities {
    ([$($condition:expr => $severity:ident $when:literal,)+ else $last:ident $last_when:literal]) => {
        &[$(($crate::drift::Severity::$severity, $when),)+ ($crate::drift::Severity::$last, $last_when)]
    };
    ($severity:ident) => { &[($crate::drift::Severity::$severity, "")] };
}

/// `member`, or `(Of field)` for a name.
macro_rules! segment {
    (($of:ident $field:ident)) => {
        $crate::drift::Segment::Named($crate::drift::Of::$of)
    };
    ($member:ident) => {
        $crate::drift::Segment::Member(stringify!($member))
    };
}

/// The attribute, one segment deeper.
macro_rules! step {
    ($attribute:ident ($of:ident $field:ident)) => {
        $attribute.name($field)
    };
    ($attribute:ident $member:ident) => {
        $attribute.member(stringify!($member))
    };
}

/// An operation, or `blocked "reason"`, and a note.
macro_rules! answer {
    (blocked $reason:literal $($note:literal)?) => {
        $crate::drift::Answer { operation: None, reason: Some($reason), note: concat!("" $(, $note)?) }
    };
    ($operation:ident $($note:literal)?) => {
        $crate::drift::Answer { operation: Some(stringify!($operation)), reason: None, note: concat!("" $(, $note)?) }
    };
}

pub(super) use {answer, drifts, given, is_given, segment, severities, severity, step};

/// Declares the drifts of a document that is written as a whole. Each begins with how it is mended in the document that was read; what an
/// exception covers is not mended, and so stays.
macro_rules! document_drifts {
    (
        $(#[$meta:meta])*
        $name:ident of $kind:ident:
        $(
            $(#[doc = $doc:literal])+
            $variant:ident $code:literal { $($field:ident: $type:ty),+ $(,)? } => {
                mend($document:ident): $mend:expr,
                $($rest:tt)*
            }
        )+
    ) => {
        drifts! {
            $(#[$meta])*
            $name of $kind:
            $(
                $(#[doc = $doc])+
                $variant $code { $($field: $type),+ } => { $($rest)* }
            )+
        }

        #[allow(unused_variables)] // each arm names all fields, and needs some of them
        impl $name {
            /// Makes it as the spec wants it.
            pub(crate) fn mend(&self, document: &mut PlanDocument) {
                match self { $(Self::$variant { $($field),+ } => { let $document = document; $mend; })+ }
            }
        }
    };
}

pub(super) use document_drifts;
