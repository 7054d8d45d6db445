//! The desk: what staff do at the door, and what reaches the box when the line is bad.

mod again;
mod history;
mod kill;
mod listing;
mod prepare;
mod report;
mod rights;
mod served;
mod standing;
mod tally;
mod walk_in;
