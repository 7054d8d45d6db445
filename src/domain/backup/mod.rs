//! Backups: where they go, which of them are kept, how they stand, and what a restored store must
//! do before it counts. Files are made, proven and restored by `surface::backup`; nothing here
//! touches one.

mod erased;
mod place;
mod rotation;
mod standing;

pub use erased::{Erased, ErasedError, apply as erase_again, collect as erased};
pub use place::{Folder, NoFolder, Place};
pub use rotation::{Keep, outdated};
pub use standing::{Last, Worry, find_last, record, settle, worries};
