//! What was typed into a step, and what its page is made from.

use crate::http::form::Form;
use crate::surface::native::Native;
use crate::surface::pages::backup::Asked;
use crate::surface::pages::layout::Frame;
use crate::surface::pages::setup::Gate;
use crate::surface::pages::words::Words;

/// What was typed and what is wrong with it, to be shown again.
#[derive(Debug, Default)]
pub(in crate::surface::pages) struct Typed {
    values: Vec<(&'static str, String)>,
    pub(in crate::surface::pages) errors: Vec<(&'static str, String)>,
    /// The step about backups has fields of its own.
    pub(in crate::surface::pages) backup: Option<Box<Asked>>,
}

impl Typed {
    /// What stands in these fields of a form.
    pub(in crate::surface::pages) fn of(form: &Form, names: &[&'static str]) -> Self {
        let value = |name: &&'static str| (*name, form.text(name).to_owned());
        Self {
            values: names.iter().map(value).collect(),
            errors: Vec::new(),
            backup: None,
        }
    }

    /// What was typed into the step about backups.
    pub(in crate::surface::pages) fn of_backup(asked: Asked) -> Self {
        let told = asked.told.clone().unwrap_or_default();
        Self {
            backup: Some(Box::new(asked)),
            ..Self::default()
        }
        .with("folder", told)
    }

    pub(in crate::surface::pages) fn with(mut self, field: &'static str, told: String) -> Self {
        self.errors.push((field, told));
        self
    }

    /// What was typed, else what is in force.
    pub(in crate::surface::pages) fn value<'a>(&'a self, name: &str, or: &'a str) -> &'a str {
        let typed = self.values.iter().find(|(n, _)| *n == name);
        typed.map_or(or, |(_, value)| value)
    }

    pub(in crate::surface::pages) fn error(&self, name: &str) -> Option<String> {
        let found = self.errors.iter().find(|(n, _)| *n == name);
        found.map(|(_, told)| told.clone())
    }
}

/// What the pages of the steps are made from.
pub(in crate::surface::pages) struct View<'a> {
    pub(in crate::surface::pages) native: &'a Native,
    pub(in crate::surface::pages) frame: &'a Frame,
    pub(in crate::surface::pages) gate: &'a Gate,
}

impl View<'_> {
    /// A text in the reader's language.
    pub(in crate::surface::pages) fn say(&self, words: Words) -> &'static str {
        words.of(self.frame.language)
    }
}
