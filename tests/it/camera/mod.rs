//! Cameras and doors: streams against a server on loopback, and what a door decides about the
//! pictures of its camera.

mod door;
mod property;
mod stream;
mod trial;
mod webcam;
