//! A clock that is not right: what is recorded meanwhile, who may set it, and what becomes of it
//! all once it is right.

mod run;
mod set;
mod settle;
