//! All integration tests are one binary, so that it links once.
//!
//! Each module is marked `cfg(test)`, so that helper functions count as tests for the linter
//! too, as the `#[test]` functions do.

#[cfg(test)]
mod api;
#[cfg(test)]
mod backup;
#[cfg(test)]
mod base;
#[cfg(test)]
mod camera;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod clock;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod crypto;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod domain;
#[cfg(test)]
mod fault;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod kiosk;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod ops;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod property;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod store;
#[cfg(test)]
mod support;
#[cfg(test)]
mod table;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod vision;
#[cfg(test)]
mod webhook;
#[cfg(test)]
mod wire;
#[cfg(test)]
mod word;
