//! The room for words: what sentences are made of, so that whatever somebody else wrote can do no harm in one.

mod clip;
mod command;
mod foreign;
mod moment;
mod note;
mod policy;
mod prose;
mod reader;
mod scene;
mod values;

pub use clip::clip;
pub use command::Command;
pub(crate) use foreign::written_out;
pub use foreign::{clean, clean_json, is_unseen, json_line};
pub use moment::{moment, timestamp};
pub use note::Note;
pub use policy::{actions, document, policies_apart};
pub use prose::{Prose, Said, Say, Word};
pub use reader::{Called, Reader};
pub use scene::{Scene, Tense};
pub use values::{
    Schedule, Verbatim, cold, copied, count, difference, kept, list, retention, tags_apart, texts_apart,
};
