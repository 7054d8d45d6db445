//! `hadir demo`.

use crate::app::cli::Common;
use crate::app::config;
use crate::app::demo::{self, Line, Setting};
use crate::app::error::Failure;
use crate::app::output::{Style, line};
use crate::domain::rule::LivenessPolicy;
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;

/// The arguments.
#[derive(Debug, Clone, Args)]
pub struct Demo {
    /// Play everything once, print a summary, and end with 0 only if every decision was right
    #[arg(long)]
    once: bool,
    /// Without --once: where the pages are served while the demo goes on playing
    #[arg(
        long,
        value_name = "ADDR",
        default_value = "127.0.0.1:8080",
        conflicts_with = "once"
    )]
    listen: SocketAddr,
    /// Cosine that a face must reach, instead of the table's
    #[arg(long, value_name = "X", value_parser = cosine)]
    threshold: Option<f32>,
    /// Folder of the models and of the demo's pictures
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
}

fn cosine(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(value) if (-1.0..=1.0).contains(&value) => Ok(value),
        _ => Err("a cosine lies between -1 and 1".to_owned()),
    }
}

/// Plays the demo.
///
/// # Errors
/// [`Failure::Failed`] if a decision was wrong.
pub fn run(common: &Common, args: &Demo) -> Result<(), Failure> {
    let config = config::load(common.config.as_deref()).map_err(Failure::Config)?;
    let setting = Setting {
        models: config.model_dirs(args.models.as_deref()),
        threshold: args.threshold,
        // The demo plays still pictures, which no challenge can pass. Each line says so.
        liveness: LivenessPolicy::Advisory,
    };
    let style = common.style();
    let tell = move |played: &Line| match style {
        Style::Text => line(played.to_text()),
        Style::Json => line(played.to_json()),
    };
    if !args.once {
        return demo::keep_playing(&setting, args.listen, config.limits, tell);
    }
    let summary = demo::play(&setting, tell)?;
    match style {
        Style::Text => line(summary.to_text()),
        Style::Json => line(summary.to_json()),
    }
    if summary.is_good() {
        Ok(())
    } else {
        Err(Failure::Failed(
            "the demo's decisions were not all right".to_owned(),
        ))
    }
}
