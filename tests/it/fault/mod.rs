//! Power loss, kill, full disk, torn files.

mod disk;
mod keys;
mod ledger;
mod power;
