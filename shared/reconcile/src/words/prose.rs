//! [`Prose`]: text for people. It is made by [`say!`] only, which writes our words as they are and takes everything else for
//! somebody else's.

use std::fmt;

use time::OffsetDateTime;

use super::clip::{LONGEST, clip};
use super::command::Command;
use super::foreign::quoted;
use super::moment::moment;
use crate::console::Link;
use crate::resource::{Kind, ResourceId};

/// Text for people that holds nothing foreign in the raw.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Prose(String);

impl Prose {
    /// Our own words.
    pub fn own(text: &'static str) -> Self {
        Self(text.to_owned())
    }

    /// What [`say!`] makes. Everything in it has been through [`Said`].
    #[doc(hidden)]
    pub fn of(text: fmt::Arguments<'_>) -> Self {
        Self(text.to_string())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// This and then that, with a space between them.
    pub fn and(self, more: Prose) -> Prose {
        match (self.is_empty(), more.is_empty()) {
            (_, true) => self,
            (true, false) => more,
            (false, false) => Prose(format!("{self} {more}")),
        }
    }

    /// Several, with the same words between each two of them.
    pub fn joined(parts: impl IntoIterator<Item = Prose>, between: &'static str) -> Prose {
        Prose(parts.into_iter().map(|part| part.0).collect::<Vec<_>>().join(between))
    }

    /// No more than so many bytes of it.
    pub fn clipped(self, most: usize) -> Prose {
        Prose(clip(&self.0, most))
    }

    /// Without this ending.
    pub fn without_end(&self, end: char) -> Prose {
        Prose(self.0.trim_end_matches(end).to_owned())
    }
}

impl fmt::Display for Prose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Prose> for String {
    fn from(prose: Prose) -> String {
        prose.0
    }
}

/// Words of ours, known when this is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word(pub &'static str);

/// What may stand in a sentence, each in the way in which it does no harm.
pub trait Say {
    /// Writes it.
    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

/// A value on its way into a sentence.
#[derive(Debug)]
pub struct Said<'a, T: ?Sized>(pub &'a T);

impl<T: Say + ?Sized> fmt::Display for Said<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.say(f)
    }
}

impl Say for str {
    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&clip(&quoted(self), LONGEST))
    }
}

impl<T: Say + ?Sized> Say for &T {
    fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        T::say(self, f)
    }
}

macro_rules! say_as {
    ($($type:ty: |$value:ident| $text:expr;)+) => {$(
        impl Say for $type {
            fn say(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let $value = self;
                write!(f, "{}", $text)
            }
        }
    )+};
}

say_as! {
    String: |text| Said(text.as_str());
    Prose: |prose| prose;
    Word: |word| word.0;
    Command: |command| command;
    Link: |link| link;
    i64: |number| number;
    u32: |number| number;
    usize: |number| number;
    time::Date: |date| date;
    OffsetDateTime: |at| moment(*at);
    Kind: |kind| kind;
    ResourceId: |resource| resource_in_words(resource);
}

/// A selection may be called anything, so each part of a name is taken for somebody else's.
fn resource_in_words(resource: &ResourceId) -> String {
    let ResourceId { kind, region, plan, name } = resource;
    let parts = [region, plan].into_iter().flatten().chain([name]);
    format!("{kind} {}", parts.map(|part| quoted(part)).collect::<Vec<_>>().join("/"))
}

/// Makes [`Prose`](crate::words::Prose): `say!("Rule {} keeps recovery points {}.", rule, kept(days))`. What is put into the text
/// comes as an argument, and each argument is taken for somebody else's text unless its type says otherwise.
#[macro_export]
macro_rules! say {
    ($text:literal $(, $value:expr)* $(,)?) => {
        // In concat!, because a text that a macro made cannot take in variables by their names.
        $crate::words::Prose::of(format_args!(concat!($text) $(, $crate::words::Said(&$value))*))
    };
}
