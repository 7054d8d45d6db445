//! Pictures and models.
