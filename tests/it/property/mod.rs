//! Invariants under any sequence of operations.
