//! SimulatePrincipalPolicy: what a role may do, without doing it.

mod operation;
mod verdict;

pub(super) use operation::principal;
