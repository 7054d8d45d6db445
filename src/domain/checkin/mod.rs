//! Check-in: one contract for every means.
