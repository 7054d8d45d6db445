//! Whoever looks at the demo in a browser: an administrator to sign in as, a kiosk to pair.

use crate::app::demo::stage::{command, field};
use crate::app::error::Failure;
use crate::base::id::PersonId;
use crate::base::secret::Secret;
use crate::base::text::LoginName;
use crate::crypto::password::Passwords;
use crate::crypto::random::Seeded;
use crate::crypto::token;
use crate::domain::actor::{Actor, Role};
use crate::domain::device::DeviceKind;
use crate::domain::identity::account;
use crate::domain::surface::Surface;
use crate::surface::control::Command;
use crate::surface::core::Core;

/// With which one signs in to the demo's pages.
#[derive(Debug)]
pub struct SignIn {
    /// The login name.
    pub login: String,
    /// The password; made anew for each demo.
    pub password: Secret<String>,
}

/// Makes an administrator of the demo's box, so that its pages can be used.
///
/// # Errors
/// If the store refuses.
pub fn administrator(core: &Core) -> Result<SignIn, Failure> {
    let added = command(
        core,
        Command::PersonAdd {
            name: "Demo".to_owned(),
            role: Role::Admin,
            number: None,
            email: None,
            class: None,
        },
    )?;
    let person: PersonId = field(&added, "person")?;
    let seed = core.draw_seed();
    let password = token::new_code(&mut Seeded::new(&seed));
    let hashed = Passwords::new(1).hash(&password, &mut Seeded::new(&core.draw_seed()));
    let hash = Secret::new(hashed.map_err(Failure::of)?);
    let login: LoginName = "demo".parse().map_err(Failure::of)?;
    let name = login.to_string();
    core.write(Actor::Operator, "control", move |tx, call| {
        account::set_login(tx, call, Surface::Native, person, &login, hash.expose())
    })
    .map_err(Failure::of)?;
    Ok(SignIn {
        login: name,
        password,
    })
}

/// Offers a kiosk for the attendance of the day, and gives the code that pairs it.
///
/// # Errors
/// If the store refuses.
pub fn kiosk(core: &Core) -> Result<String, Failure> {
    let pair = Command::DevicePair {
        name: "Demo kiosk".to_owned(),
        kind: DeviceKind::Kiosk,
        event: None,
    };
    field(&command(core, pair)?, "code")
}
