//! Power loss, kill, full disk, torn files.

mod keys;
