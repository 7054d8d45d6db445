//! Faces and codes in pictures: from the bytes of a frame to boxes, unit vectors and texts.
//!
//! Nothing here knows of people's names, events or a store, and nothing touches a file but
//! [`model`], which reads the models. The surface hands frames to [`worker::Engine`]; the
//! domain compares the embeddings that come back. `docs/face.md` describes the chain.
//!
//! The parts, in the order a frame meets them: [`header`] and [`frame`] (bytes to pixels),
//! [`code`] (QR), [`detect`], [`align`], [`quality`], [`eyes`], [`embed`], then, on the results,
//! [`gallery`] and [`liveness`].

pub mod align;
pub mod code;
pub mod depthwise;
pub mod detect;
pub mod edit;
pub mod embed;
pub mod eyes;
pub mod fault;
pub mod frame;
pub mod gallery;
pub mod header;
pub mod liveness;
pub mod model;
pub mod ops;
pub mod quality;
pub mod worker;
