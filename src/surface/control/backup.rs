//! Commands about backups.

use crate::base::json;
use crate::base::secret::Secret;
use crate::surface::backup::{self, create, list, verify};
use crate::surface::control::Refusal;
use crate::surface::core::Core;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::path::Path;

/// A passphrase on its way through the socket, which is the owner's alone; never printed.
#[derive(Debug, Clone)]
pub struct Passphrase(pub Secret<String>);

impl PartialEq for Passphrase {
    fn eq(&self, other: &Self) -> bool {
        self.0.expose() == other.0.expose()
    }
}

impl Serialize for Passphrase {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.expose().serialize(to)
    }
}

impl<'de> Deserialize<'de> for Passphrase {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(|text| Self(Secret::new(text)))
    }
}

/// Makes one.
pub fn create(
    core: &Core,
    file: Option<String>,
    passphrase: Option<Passphrase>,
) -> Result<json::Value, Refusal> {
    let passphrase = passphrase.map(|typed| typed.0);
    Ok(create::create(
        core,
        file.as_deref().map(Path::new),
        passphrase,
    )?)
}

/// Proves one again.
pub fn verify(core: &Core, file: &str) -> Result<json::Value, Refusal> {
    let openers = backup::own_openers(&core.master, &core.shelf.setting());
    Ok(verify::verify(Path::new(file), &openers, core.store.dir())?)
}

/// Lists them.
pub fn list(core: &Core, folder: Option<&str>) -> Result<json::Value, Refusal> {
    Ok(list::list(core, folder.map(Path::new))?)
}
