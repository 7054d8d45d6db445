//! Power loss, kill, full disk, torn files.

mod child;
mod disk;
mod full;
mod keys;
mod kill;
mod ledger;
mod plaintext;
mod power;
