//! `hadir face …`: embeddings, comparisons, enrolment.

mod bench;
mod compare;
mod embed;
mod enrol;
mod picture;

use crate::app::cli::{Common, act};
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
    /// Enrol a person's face from three to ten pictures, under a consent
    #[command(
        after_help = "Example: hadir face enroll 2026-001 a.jpg b.jpg c.jpg --consent paper --consent-text v1"
    )]
    Enroll(enrol::Enrol),
    /// Remove a person's face
    #[command(after_help = "Example: hadir face remove 2026-001")]
    Remove {
        /// Id or number of the person
        person: String,
    },
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
    let config = act::config(common)?;
    let models = || {
        Models::load(&config.model_dirs(args.models.as_deref()))
            .map_err(|e| Failure::Setup(e.to_string()))
    };
    match &args.act {
        Act::Embed => embed::run(&models()?),
        Act::Enroll(enrol) => enrol::run(common, &config, models()?, enrol),
        Act::Remove { person } => enrol::remove(common, &config, person),
        Act::Compare(compare) => compare::run(common, &models()?, compare),
        Act::Bench(bench) => bench::run(common, &models()?, bench),
    }
}
