//! Commands on faces. The command line has looked at the pictures itself; what comes here is
//! what it saw, so that no picture crosses the socket.

use crate::base::cause::Cause;
use crate::base::id::PersonId;
use crate::base::json;
use crate::base::text::Remark;
use crate::domain::consent::{self, Consent, ConsentMeans, ConsentPurpose, Giver};
use crate::domain::identity::enrol::{self, Picture};
use crate::surface::control::person::{parse, resolve};
use crate::surface::control::{ACTOR, Refusal, SURFACE};
use crate::surface::core::Core;
use crate::vision::embed::Embedding;
use crate::vision::gallery::ModelHash;
use crate::vision::quality::QualityIssue;
use serde::{Deserialize, Serialize};

/// What was seen in one picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// How many faces.
    pub faces: usize,
    /// Quality of the largest, 0 to 1.
    pub quality: f32,
    /// Codes of what is wrong with it.
    pub issues: Vec<String>,
    /// Its embedding, 128 numbers, if it has one.
    pub embedding: Option<Vec<f32>>,
}

/// A consent that the operator has on paper or heard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentGiven {
    /// Name and relation of the guardian; None: the person.
    pub guardian: Option<(String, String)>,
    /// How it was given.
    pub means: ConsentMeans,
    /// Version of the text that was agreed to.
    pub text_version: String,
}

/// All issues, to find one by its code.
const ISSUES: [QualityIssue; 7] = [
    QualityIssue::Small,
    QualityIssue::Dark,
    QualityIssue::Bright,
    QualityIssue::Blurred,
    QualityIssue::TurnedAway,
    QualityIssue::Tilted,
    QualityIssue::Unsure,
];

fn picture(sample: &Sample) -> Result<Picture, Refusal> {
    let embedding = sample
        .embedding
        .as_deref()
        .map(Embedding::from_slice)
        .transpose();
    let issue = |code: &String| ISSUES.into_iter().find(|i| i.code() == code);
    Ok(Picture {
        faces: sample.faces,
        quality: sample.quality,
        issues: sample.issues.iter().filter_map(issue).collect(),
        embedding: embedding.map_err(|e| Refusal::invalid("embedding", e))?,
    })
}

/// The model of this box, if it is the one that made the samples.
fn same_model(core: &Core, model: &str) -> Result<ModelHash, Refusal> {
    match core.model {
        None => Err(Refusal::new(
            Cause::FaceEngine,
            "faces are off: a model is missing or changed",
        )),
        Some(own) if own.to_string() == model => Ok(own),
        Some(_) => Err(Refusal::new(
            Cause::Conflict,
            "the pictures were looked at with another model than the daemon's; use the same --models",
        )),
    }
}

/// Enrols a face, recording a consent first if one is handed over.
pub fn enrol(
    core: &Core,
    person: &str,
    model: &str,
    samples: &[Sample],
    consent: Option<ConsentGiven>,
    not_same_person: Option<String>,
) -> Result<json::Value, Refusal> {
    let person = resolve(core, person)?;
    let model = same_model(core, model)?;
    let pictures: Vec<Picture> = samples.iter().map(picture).collect::<Result<_, _>>()?;
    let consent = consent.map(|c| agreed(person, &c)).transpose()?;
    let reason: Option<Remark> = not_same_person
        .map(|text| parse("reason", &text))
        .transpose()?;
    let everybody = core.read(ACTOR, SURFACE, |view, call| {
        enrol::load_everybody(view, call.site, model)
    })?;
    let candidate = enrol::examine(person, &pictures, &everybody, model)?;
    let count = pictures.len();
    core.write(ACTOR, SURFACE, move |tx, call| -> Result<(), Refusal> {
        if let Some(consent) = &consent {
            match consent::record(tx, call, consent) {
                Ok(_) | Err(consent::Error::InForce) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(enrol::enrol(tx, call, &candidate, reason.as_ref())?)
    })?;
    Ok(json::json!({"person": person, "enrolled": true, "pictures": count}))
}

fn agreed(person: PersonId, given: &ConsentGiven) -> Result<Consent, Refusal> {
    let giver = match &given.guardian {
        None => Giver::Person,
        Some((name, relation)) => Giver::Guardian {
            name: parse("guardian", name)?,
            relation: parse("relation", relation)?,
        },
    };
    Ok(Consent {
        person,
        purpose: ConsentPurpose::Face,
        giver,
        means: given.means,
        text_version: parse("consent text", &given.text_version)?,
    })
}

/// Removes a person's face.
pub fn remove(core: &Core, text: &str) -> Result<json::Value, Refusal> {
    let person = resolve(core, text)?;
    core.write(ACTOR, SURFACE, move |tx, call| {
        enrol::remove(tx, call, person)
    })?;
    Ok(json::json!({"person": person, "removed": true}))
}
