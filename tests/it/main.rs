//! All integration tests are one binary, so that it links once.

mod camera;
mod cli;
mod contract;
mod crypto;
mod demo;
mod domain;
mod fault;
mod ops;
mod property;
mod store;
mod support;
mod tidy;
mod vision;
