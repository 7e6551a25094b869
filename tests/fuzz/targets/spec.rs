#![no_main]

#[path = "../checks/spec.rs"]
mod spec;

libfuzzer_sys::fuzz_target!(|data: &[u8]| spec::check(data));
