//! `hadir face …`: embeddings, comparisons, enrolment.

mod bench;
mod compare;
mod embed;
mod picture;

use crate::app::cli::Common;
use crate::app::config;
use crate::app::error::Failure;
use crate::vision::model::Models;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// The arguments.
#[derive(Debug, Clone, Args)]
pub struct Face {
    /// Folder of the models [default: configuration, ./models, /usr/share/hadir/models]
    #[arg(long, global = true, value_name = "DIR")]
    models: Option<PathBuf>,
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Clone, Subcommand)]
enum Act {
    /// Read image paths on stdin, print one JSON line with the faces of each
    #[command(after_help = "Example: ls *.jpg | hadir face embed")]
    Embed,
    /// Compare the faces of two pictures
    #[command(after_help = "Example: hadir face compare one.jpg other.jpg")]
    Compare(compare::Compare),
    /// Measure the stages on a picture
    #[command(after_help = "Example: hadir face bench --rounds 20 one.jpg")]
    Bench(bench::Bench),
}

/// Runs the command.
///
/// # Errors
/// What the command says.
pub fn run(common: &Common, args: &Face) -> Result<(), Failure> {
    match &args.act {
        Act::Embed => embed::run(&models(common, args)?),
        Act::Compare(compare) => compare::run(common, &models(common, args)?, compare),
        Act::Bench(bench) => bench::run(common, &models(common, args)?, bench),
    }
}

fn models(common: &Common, args: &Face) -> Result<Models, Failure> {
    let config = config::load(common.config.as_deref()).map_err(Failure::Config)?;
    Models::load(&config.model_dirs(args.models.as_deref()))
        .map_err(|e| Failure::Setup(e.to_string()))
}
