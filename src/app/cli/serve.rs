//! `hadir serve`: the daemon.

use crate::app::cli::Common;
use crate::app::config;
use crate::app::error::Failure;
use crate::app::supervise;
use crate::host::clock::SystemClock;
use crate::journal;
use clap::Args;
use std::path::PathBuf;
use std::sync::Arc;

/// The arguments.
#[derive(Debug, Clone, Args)]
pub struct Serve {
    /// Folder of the models [default: configuration, ./models, /usr/share/hadir/models]
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
}

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// [`Failure::Config`], [`Failure::Setup`], or what ended the daemon.
pub fn run(common: &Common, args: &Serve) -> Result<(), Failure> {
    let mut config = config::load(common.config.as_deref()).map_err(Failure::Config)?;
    if let Some(socket) = &common.socket {
        config.control.clone_from(socket);
    }
    journal::start(
        config.log.form,
        config.log.level,
        Arc::new(SystemClock::new()),
    );
    let models = config.model_dirs(args.models.as_deref());
    supervise::runtime()?.block_on(supervise::run(config, models))
}
