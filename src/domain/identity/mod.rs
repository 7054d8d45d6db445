//! People and their faces.
