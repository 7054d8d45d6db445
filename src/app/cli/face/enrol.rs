//! `hadir face enroll` and `hadir face remove`. The pictures are looked at here; what was seen
//! goes to the box, the pictures go nowhere.

use crate::app::cli::face::picture;
use crate::app::cli::{Common, act};
use crate::app::config::Config;
use crate::app::error::Failure;
use crate::app::output::{Style, cell, line};
use crate::domain::consent::ConsentMeans;
use crate::surface::control::{Command, ConsentGiven, Sample};
use crate::vision::model::Models;
use clap::Args;
use std::path::{Path, PathBuf};

/// The arguments.
#[derive(Debug, Clone, Args)]
pub struct Enrol {
    /// Id or number of the person
    person: String,
    /// Three to ten pictures of the person
    #[arg(required = true)]
    pictures: Vec<PathBuf>,
    /// Record a consent of the person or the guardian: paper, screen or spoken
    #[arg(long, value_name = "MEANS", value_parser = means, requires = "consent_text")]
    consent: Option<ConsentMeans>,
    /// Version of the text that was agreed to
    #[arg(long, value_name = "VERSION")]
    consent_text: Option<String>,
    /// Name of the guardian who agreed, for a minor
    #[arg(long, value_name = "NAME", requires = "relation")]
    guardian: Option<String>,
    /// Relation of the guardian: mother, father, …
    #[arg(long)]
    relation: Option<String>,
    /// Why it is another person than the one with the same face
    #[arg(long, value_name = "REASON")]
    not_same_person: Option<String>,
}

fn means(text: &str) -> Result<ConsentMeans, String> {
    ConsentMeans::read(text)
        .ok_or_else(|| "a consent is given on paper, screen or spoken".to_owned())
}

fn sample(models: &Models, path: &Path) -> Result<Sample, Failure> {
    let seen = picture::analyse(models, path, false)
        .map_err(|e| Failure::Failed(format!("{}: {e}", path.display())))?;
    let face = seen.faces.first();
    let codes = |f: &crate::vision::worker::FaceSeen| {
        f.quality
            .issues
            .iter()
            .map(|i| i.code().to_owned())
            .collect()
    };
    Ok(Sample {
        faces: seen.faces.len(),
        quality: face.map_or(0.0, |f| f.quality.score),
        issues: face.map(codes).unwrap_or_default(),
        embedding: face
            .and_then(|f| f.embedding.as_ref())
            .map(|e| e.as_slice().to_vec()),
    })
}

fn consent(args: &Enrol) -> Option<ConsentGiven> {
    Some(ConsentGiven {
        guardian: args.guardian.clone().zip(args.relation.clone()),
        means: args.consent?,
        text_version: args.consent_text.clone()?,
    })
}

/// Enrols a face.
///
/// # Errors
/// What the enrolment is refused for: no consent, a picture, the same face under another name.
pub fn run(common: &Common, config: &Config, models: Models, args: &Enrol) -> Result<(), Failure> {
    let samples: Result<Vec<_>, _> = args.pictures.iter().map(|p| sample(&models, p)).collect();
    let command = Command::FaceEnrol {
        person: args.person.clone(),
        model: models.embedder_hash().to_string(),
        samples: samples?,
        consent: consent(args),
        not_same_person: args.not_same_person.clone(),
    };
    let value = act::carry_out(common, config, command, Some(models))?;
    match common.style() {
        Style::Json => line(&value),
        Style::Text => line(format!(
            "enrolled {} from {} pictures",
            cell(&value, "person"),
            cell(&value, "pictures")
        )),
    }
    Ok(())
}

/// Removes a face.
///
/// # Errors
/// If the person has none.
pub fn remove(common: &Common, config: &Config, person: &str) -> Result<(), Failure> {
    let command = Command::FaceRemove {
        person: person.to_owned(),
    };
    let value = act::carry_out(common, config, command, None)?;
    match common.style() {
        Style::Json => line(&value),
        Style::Text => line(format!("removed the face of {}", cell(&value, "person"))),
    }
    Ok(())
}
