//! `hadir face bench`: how long the stages take on this box.

use crate::app::cli::Common;
use crate::app::cli::face::picture;
use crate::app::error::Failure;
use crate::app::output::{Style, line, table};
use crate::base::id::{Id as _, PersonId};
use crate::base::json;
use crate::base::time::Timestamp;
use crate::crypto::random::{Entropy as _, Seed, Seeded};
use crate::host::memory;
use crate::vision::embed::Embedding;
use crate::vision::gallery::Gallery;
use crate::vision::model::Models;
use crate::vision::worker::{Analyse as _, Chain, Picture, StageTimes, Want};
use clap::Args;
use std::path::PathBuf;

/// The arguments.
#[derive(Debug, Clone, Args)]
pub struct Bench {
    /// The picture
    picture: PathBuf,
    /// How often
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    rounds: u32,
    /// How many templates, made by chance, are searched for each face
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=100_000))]
    templates: u32,
}

/// A gallery of people who do not exist.
fn gallery(models: &Models, templates: u32) -> Result<Gallery, Failure> {
    let mut gallery = Gallery::new(models.embedder_hash());
    let mut chance = Seeded::new(&Seed::from_number(1));
    let mut bytes = [0u8; 128];
    for number in 0..templates {
        chance.fill(&mut bytes);
        let values: Vec<f32> = bytes.iter().map(|b| f32::from(*b) - 127.5).collect();
        let template = Embedding::from_slice(&values).map_err(Failure::of)?;
        let person = PersonId::from_parts(Timestamp::from_millis(i64::from(number)), [0; 10]);
        gallery.insert(person, &template).map_err(Failure::of)?;
    }
    Ok(gallery)
}

/// Name and microseconds of each stage.
fn stages(times: &StageTimes) -> [(&'static str, u64); 5] {
    [
        ("decode", times.decode_us),
        ("codes", times.codes_us),
        ("detect", times.detect_us),
        ("align", times.align_us),
        ("embed", times.embed_us),
    ]
}

/// Measures on one thread, as the door's camera uses the chain.
///
/// # Errors
/// [`Failure::Failed`] if the picture cannot be looked at.
pub fn run(common: &Common, models: &Models, args: &Bench) -> Result<(), Failure> {
    let chain = Chain(Some(models.clone()));
    let bytes = picture::read(&args.picture).map_err(Failure::Failed)?;
    let picture = Picture::Bytes(bytes);
    let gallery = gallery(models, args.templates)?;
    let mut all: Vec<StageTimes> = Vec::new();
    // The first round prepares the detector for the picture's size and is not counted.
    for round in 0..=args.rounds {
        let analysis = chain.analyse(&picture, Want::door()).map_err(Failure::of)?;
        if analysis.faces.is_empty() {
            return Err(Failure::Failed("no face was found".to_owned()));
        }
        let embedding = analysis.faces.first().and_then(|f| f.embedding.as_ref());
        std::hint::black_box(embedding.map(|e| gallery.search(e)));
        if round > 0 {
            all.push(analysis.times);
        }
    }
    let peak_kib = memory::peak_kib();
    let mut rows = Vec::new();
    for (i, (name, _)) in stages(&StageTimes::default()).iter().enumerate() {
        let stage = |t: &StageTimes| stages(t).get(i).map_or(0, |s| s.1);
        let mut times: Vec<u64> = all.iter().map(stage).collect();
        times.sort_unstable();
        let at = |place: usize| times.get(place).copied().unwrap_or(0);
        rows.push((
            *name,
            at(0),
            at(times.len() / 2),
            at(times.len().saturating_sub(1)),
        ));
    }
    match common.style() {
        Style::Json => {
            let stage = |(name, least, median, most): &(&str, u64, u64, u64)| json::json!({"stage": name, "least_us": least, "median_us": median, "most_us": most});
            line(
                json::json!({"rounds": args.rounds, "templates": gallery.len(), "stages": rows.iter().map(stage).collect::<Vec<_>>(), "peak_memory_kib": peak_kib}),
            );
        }
        Style::Text => {
            let text = |(name, least, median, most): &(&str, u64, u64, u64)| {
                vec![
                    (*name).to_owned(),
                    least.to_string(),
                    median.to_string(),
                    most.to_string(),
                ]
            };
            let rows: Vec<_> = rows.iter().map(text).collect();
            table(&["STAGE", "LEAST_US", "MEDIAN_US", "MOST_US"], &rows);
            if let Some(kib) = peak_kib {
                line(format!(
                    "peak memory: {kib} KiB with {} templates",
                    gallery.len()
                ));
            }
        }
    }
    Ok(())
}
