//! Keys, sealing, randomness, passwords, tokens.
