//! Adapters between the wire and the domain.
