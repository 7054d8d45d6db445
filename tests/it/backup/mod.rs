//! Backups: made while the box serves, proven, restored, on the same box and on another one; and
//! everything that is wrong with a file told before anything is done with it.

mod bad;
mod erased;
mod fault;
mod fixture;
mod inside;
mod lies;
mod made;
mod restored;
mod secrecy;
