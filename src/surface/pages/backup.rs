//! Where backups go: the part of a form that asks for it, in the setup and in the settings, and
//! what is to be said of the place that was chosen.

use crate::domain::actor::Actor;
use crate::domain::backup::{Folder, Place, Worry, worries};
use crate::domain::rule::Language;
use crate::domain::setting;
use crate::host::drive::{self, Drive, Unfit};
use crate::http::form::Form;
use crate::http::problem::Problem;
use crate::surface::native::{Native, SURFACE};
use crate::surface::pages::clock;
use crate::surface::pages::field::{Choice, Field, choices};
use crate::surface::pages::words::{Words, backup as words};
use maud::{Markup, html};

/// The value of the choice of a folder that is typed.
const OTHER: &str = "other";

/// What stands in the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// `later`, `other`, or the path of a drive.
    pub place: String,
    /// The folder that was typed.
    pub folder: String,
    /// What is wrong with it.
    pub told: Option<String>,
    /// It lies on the drive of the data, which has to be agreed to.
    pub same: bool,
}

impl Asked {
    /// What is chosen now.
    ///
    /// # Errors
    /// Those of reading the store.
    pub fn now(native: &Native, actor: Actor) -> Result<Self, Problem> {
        let chosen = (native.core).read(actor, SURFACE, |view, _| setting::find_backup(view))?;
        Ok(match chosen {
            None => Self::default(),
            Some(Place::Later) => Self {
                place: Place::Later.to_string(),
                ..Self::default()
            },
            Some(Place::Folder(folder)) => Self {
                place: OTHER.to_owned(),
                folder: folder.to_string(),
                ..Self::default()
            },
        })
    }

    fn of(form: &Form) -> Self {
        Self {
            place: form.text("place").to_owned(),
            folder: form.text("folder").to_owned(),
            told: None,
            same: false,
        }
    }

    fn refused(mut self, told: Words, language: Language) -> Self {
        self.told = Some(told.of(language).to_owned());
        self
    }
}

/// What is said of a folder that does not do.
const fn told(unfit: Unfit) -> Words {
    match unfit {
        Unfit::Missing => words::MISSING,
        Unfit::NoFolder => words::NO_FOLDER,
        Unfit::WithinData => words::WITHIN_DATA,
        Unfit::ReadOnly => words::READ_ONLY,
    }
}

/// Reads the form: `place`, `folder`, and `same` to agree to the drive of the data. The error is
/// the form to be shown again.
///
/// # Errors
/// No folder, one that does not do, or one that has to be agreed to.
pub fn read(native: &Native, form: &Form, language: Language) -> Result<Place, Asked> {
    let asked = Asked::of(form);
    let path = match asked.place.as_str() {
        "later" => return Ok(Place::Later),
        "" => return Err(asked.refused(words::CHOOSE, language)),
        OTHER => asked.folder.clone(),
        drive => drive.to_owned(),
    };
    let Ok(folder) = path.parse::<Folder>() else {
        return Err(asked.refused(words::NO_PATH, language));
    };
    let asked = Asked {
        place: OTHER.to_owned(),
        folder: folder.to_string(),
        ..asked
    };
    match drive::look(folder.path(), native.core.store.dir()) {
        Err(unfit) => Err(asked.refused(told(unfit), language)),
        Ok(fit) if fit.same_drive && !form.is_ticked("same") => Err(Asked {
            same: true,
            ..asked.refused(words::SAME_DRIVE, language)
        }),
        Ok(_) => Ok(Place::Folder(folder)),
    }
}

fn of_drive(drive: &Drive, language: Language) -> Choice<'_> {
    let free = drive.free_bytes.map(|b| clock::gigabytes(b, language));
    let where_it_is = match drive.same_drive {
        true => words::DRIVE_SAME,
        false => words::DRIVE_OTHER,
    };
    let path = drive.path.to_str().unwrap_or_default();
    Choice {
        value: path,
        label: path.to_owned(),
        more: Some(where_it_is.fill(language, &[&free.unwrap_or_default()])),
    }
}

/// The fields: the drives that were found, a folder, or later.
#[must_use]
pub fn fields(native: &Native, language: Language, asked: &Asked) -> Markup {
    let found = drive::mounted(native.core.store.dir());
    let named = found.iter().filter(|d| d.path.to_str().is_some());
    let mut all: Vec<Choice<'_>> = named.map(|d| of_drive(d, language)).collect();
    all.push(Choice {
        value: OTHER,
        label: words::OTHER.of(language).to_owned(),
        more: None,
    });
    all.push(Choice {
        value: "later",
        label: words::LATER.of(language).to_owned(),
        more: Some(words::LATER_MORE.of(language).to_owned()),
    });
    let folder = Field::new("folder", words::FOLDER)
        .value(&asked.folder)
        .hint(words::FOLDER_HINT.of(language))
        .error(asked.told.clone())
        .optional();
    let chosen = match asked.place.as_str() {
        "" => "later",
        place => place,
    };
    html! {
        (choices("place", words::PLACE.of(language), &all, chosen))
        (folder.show(language))
        @if asked.same {
            label.choice for="same" {
                input type="checkbox" id="same" name="same" value="yes";
                span { (words::SAME_AGREE.of(language)) }
            }
        }
        @if found.is_empty() { p.hint { (words::NO_DRIVE.of(language)) } }
    }
}

/// What is to be said of the chosen place as it is now; None: nothing.
#[must_use]
pub fn trouble(native: &Native, asked: &Asked) -> Option<Words> {
    let folder = asked.folder.parse::<Folder>().ok()?;
    match drive::look(folder.path(), native.core.store.dir()) {
        Err(unfit) => Some(told(unfit)),
        Ok(fit) => fit.same_drive.then_some(words::SAME_DRIVE),
    }
}

/// How backups stand: the grade of the status page, and a sentence.
#[must_use]
pub fn standing(native: &Native, language: Language) -> (&'static str, String) {
    let core = &native.core;
    let last = core.shelf.last(&core.store);
    let at = last.as_ref().map(|last| {
        let zone = &core.site().zone;
        clock::moment(language, zone, last.made_at())
    });
    let at = at.unwrap_or_default();
    // The gravest comes first.
    match worries(last.as_ref(), core.clock.stamp().at).first() {
        None => ("good", words::PROVEN.fill(language, &[&at])),
        Some(Worry::Never) => ("warn", words::NEVER.of(language).to_owned()),
        Some(Worry::Old(days)) => {
            let days = days.to_string();
            ("warn", words::OLD.fill(language, &[&days, &at]))
        }
        Some(Worry::SameDrive) => ("warn", words::SAME.fill(language, &[&at])),
    }
}

/// Where the data is, and what is true of backups today.
#[must_use]
pub fn today(native: &Native, language: Language) -> Markup {
    let dir = native.core.store.dir();
    let room = crate::host::disk::room(dir).ok();
    let free = room.map(|room| clock::gigabytes(room.free_bytes, language));
    html! {
        dl.pairs {
            dt { (words::DIR.of(language)) }
            dd { code { (dir.display()) } }
            dt { (words::FREE.of(language)) }
            dd { (free.unwrap_or_default()) }
        }
        p { (words::TODAY.of(language)) }
        p { (standing(native, language).1) }
    }
}
