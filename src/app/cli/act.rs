//! Carrying a command out: through the running daemon's control socket, or, while none runs,
//! here, under the store's exclusive lock. There is never a second writer.

use crate::app::cli::Common;
use crate::app::config::{self, Config};
use crate::app::error::Failure;
use crate::app::wire;
use crate::base::cause::Cause;
use crate::base::json;
use crate::surface::control::client::{ClientError, send};
use crate::surface::control::{Answer, Command, Refusal, execute};
use crate::vision::model::{ModelError, Models};

/// Loads the configuration of a command.
///
/// # Errors
/// [`Failure::Config`].
pub fn config(common: &Common) -> Result<Config, Failure> {
    config::load(common.config.as_deref()).map_err(Failure::Config)
}

fn refused(refusal: &Refusal) -> Failure {
    if refusal.code == Cause::KeyUnavailable.code() {
        Failure::Setup(refusal.message.clone())
    } else {
        Failure::Failed(refusal.message.clone())
    }
}

/// Asks the running daemon; None if there is none.
///
/// # Errors
/// The daemon's refusal, or a broken connection.
pub fn ask(
    common: &Common,
    config: &Config,
    command: &Command,
) -> Result<Option<json::Value>, Failure> {
    let path = common.socket.as_ref().unwrap_or(&config.control);
    match send(path, command) {
        Ok(Answer::Done(value)) => Ok(Some(value)),
        Ok(Answer::Refused(refusal)) => Err(refused(&refusal)),
        Err(ClientError::NoDaemon) if common.socket.is_none() => Ok(None),
        Err(error) => Err(Failure::Failed(format!("{}: {error}", path.display()))),
    }
}

/// Carries a command out. `models`: those that the command has loaded, if it has.
///
/// # Errors
/// What the command is refused for.
pub fn carry_out(
    common: &Common,
    config: &Config,
    command: Command,
    models: Option<Models>,
) -> Result<json::Value, Failure> {
    if let Some(value) = ask(common, config, &command)? {
        return Ok(value);
    }
    let models = models.ok_or_else(|| ModelError::Missing {
        file: "",
        looked: Vec::new(),
    });
    let core = wire::open(config, models)?;
    let done = execute(&core, command);
    core.store.close();
    done.map_err(|refusal| refused(&refusal))
}
