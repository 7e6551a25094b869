//! What `drift` prints, as text: a run in every form, and the explanation of a code. The program around it is in `main.rs`.

mod documents;
pub mod explain;
pub mod formats;
pub mod look;
pub mod output;
pub mod paint;
pub mod spec;
pub mod text;
pub mod unmanaged;
