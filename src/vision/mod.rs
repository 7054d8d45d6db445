//! Faces and codes in pictures.
