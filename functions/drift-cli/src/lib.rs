//! What `drift` prints, as text: an answer, and the explanation of a code. The program around it is in `main.rs`.

pub mod answer;
pub mod explain;
pub mod paint;
pub mod spec;
