//! Planting: what no call of AWS can set, set over HTTP as if it had always been so.

mod plan;
mod planted;
mod values;

pub(crate) use planted::plant;
