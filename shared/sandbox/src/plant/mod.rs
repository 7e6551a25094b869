//! Planting: what no call of AWS can set, set over HTTP as if it had always been so.

mod key;
mod plan;
mod planted;
mod region;
mod role;
mod values;
mod vault;

pub(crate) use planted::plant;
