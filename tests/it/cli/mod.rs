//! The command line: the built binary, as an operator runs it.
