//! The parts of forms: a label, an input, a hint, and what is wrong with what was typed, tied
//! together for screen readers.

use crate::domain::rule::Language;
use crate::surface::pages::words::{Words, general};
use maud::{Markup, html};

/// A field of one line.
pub struct Field<'a> {
    name: &'static str,
    label: Words,
    kind: &'static str,
    value: &'a str,
    hint: Option<String>,
    error: Option<String>,
    autocomplete: &'static str,
    class: &'static str,
    list: Option<&'static str>,
    inputmode: Option<&'static str>,
    chars_max: Option<usize>,
    required: bool,
}

impl<'a> Field<'a> {
    /// A field that must be filled.
    #[must_use]
    pub const fn new(name: &'static str, label: Words) -> Self {
        Self {
            name,
            label,
            kind: "text",
            value: "",
            hint: None,
            error: None,
            autocomplete: "off",
            class: "",
            list: None,
            inputmode: None,
            chars_max: None,
            required: true,
        }
    }

    /// A field for a password; it never shows what was typed before. `use_of` is
    /// `current-password` or `new-password`.
    #[must_use]
    pub const fn password(name: &'static str, label: Words, use_of: &'static str) -> Self {
        let mut field = Self::new(name, label);
        field.kind = "password";
        field.autocomplete = use_of;
        field
    }

    /// The same with what stands in it.
    #[must_use]
    pub const fn value(mut self, value: &'a str) -> Self {
        self.value = value;
        self
    }

    /// The same with a sentence below.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same with what is wrong, if something is.
    #[must_use]
    pub fn error(mut self, error: Option<String>) -> Self {
        self.error = error;
        self
    }

    /// The same with what browsers may fill in.
    #[must_use]
    pub const fn autocomplete(mut self, what: &'static str) -> Self {
        self.autocomplete = what;
        self
    }

    /// The same with a class on the input.
    #[must_use]
    pub const fn class(mut self, class: &'static str) -> Self {
        self.class = class;
        self
    }

    /// The same with the id of a `<datalist>` of proposals.
    #[must_use]
    pub const fn list(mut self, id: &'static str) -> Self {
        self.list = Some(id);
        self
    }

    /// The same with the keyboard that phones show.
    #[must_use]
    pub const fn inputmode(mut self, mode: &'static str) -> Self {
        self.inputmode = Some(mode);
        self
    }

    /// The same with the most characters that the browser takes.
    #[must_use]
    pub const fn chars_max(mut self, most: usize) -> Self {
        self.chars_max = Some(most);
        self
    }

    /// The same, and it may stay empty.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// The field as part of a form.
    #[must_use]
    pub fn show(&self, language: Language) -> Markup {
        let told = describe(self.name, self.hint.is_some(), self.error.is_some());
        let value = (self.kind != "password").then_some(self.value);
        html! {
            div.field {
                label for=(self.name) {
                    (self.label.of(language))
                    @if !self.required { " " span.optional { "(" (general::OPTIONAL.of(language)) ")" } }
                }
                input id=(self.name) name=(self.name) type=(self.kind) value=[value]
                    class=[(!self.class.is_empty()).then_some(self.class)]
                    autocomplete=(self.autocomplete) autocapitalize="off" spellcheck="false"
                    list=[self.list] inputmode=[self.inputmode] maxlength=[self.chars_max]
                    required[self.required] aria-invalid=[self.error.as_ref().map(|_| "true")]
                    aria-describedby=[told];
                (below(self.name, self.hint.as_deref(), self.error.as_deref()))
            }
        }
    }
}

fn describe(name: &str, hint: bool, error: bool) -> Option<String> {
    match (hint, error) {
        (false, false) => None,
        (true, false) => Some(format!("{name}-hint")),
        (false, true) => Some(format!("{name}-error")),
        (true, true) => Some(format!("{name}-error {name}-hint")),
    }
}

fn below(name: &str, hint: Option<&str>, error: Option<&str>) -> Markup {
    html! {
        @if let Some(error) = error { p.error id={ (name) "-error" } { span { (error) } } }
        @if let Some(hint) = hint { p.hint id={ (name) "-hint" } { (hint) } }
    }
}

/// One of some values, each with a label and perhaps a line below it.
#[derive(Debug, Clone)]
pub struct Choice<'a> {
    /// What is sent.
    pub value: &'a str,
    /// What is read.
    pub label: String,
    /// More, in small letters.
    pub more: Option<String>,
}

/// Radio buttons under a legend.
#[must_use]
pub fn choices(name: &str, legend: &str, all: &[Choice<'_>], chosen: &str) -> Markup {
    html! {
        fieldset {
            legend { (legend) }
            @for choice in all {
                label.choice {
                    input type="radio" name=(name) value=(choice.value) checked[choice.value == chosen] required;
                    span {
                        (choice.label)
                        @if let Some(more) = &choice.more { small { (more) } }
                    }
                }
            }
        }
    }
}

/// A list to choose one of; pairs of value and label.
#[must_use]
pub fn select(name: &str, label: &str, all: &[(&str, String)], chosen: &str) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            select id=(name) name=(name) {
                @for (value, label) in all {
                    option value=(value) selected[*value == chosen] { (label) }
                }
            }
        }
    }
}

/// The line above a form that was sent back; it takes the focus.
#[must_use]
pub fn refused(text: &str) -> Markup {
    html! {
        div.notice.bad role="alert" tabindex="-1" data-focus { div { (text) } }
    }
}

/// The line above a page after something was done.
#[must_use]
pub fn done(text: &str) -> Markup {
    html! {
        div.notice.good role="status" { div { (text) } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(field: &Field<'_>) -> String {
        field.show(Language::Id).into_string()
    }

    #[test]
    fn a_label_belongs_to_its_input_and_an_error_is_read_out() {
        let field = Field::new("login", general::ME)
            .value("<a>")
            .hint("h")
            .error(Some("e".to_owned()));
        let text = show(&field);
        for part in [
            "<label for=\"login\">",
            "id=\"login\"",
            "value=\"&lt;a&gt;\"",
            "aria-invalid=\"true\"",
            "aria-describedby=\"login-error login-hint\"",
            "id=\"login-error\"",
            "id=\"login-hint\"",
            " required",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }

    #[test]
    fn a_password_is_never_sent_back() {
        let field = Field::password("password", general::ME, "current-password").value("rahasia");
        let text = show(&field);
        assert!(
            !text.contains("rahasia") && !text.contains("value="),
            "{text}"
        );
        assert!(text.contains("autocomplete=\"current-password\""), "{text}");
    }

    #[test]
    fn what_may_stay_empty_says_so() {
        let text = show(&Field::new("number", general::ME).optional());
        assert!(
            text.contains("boleh kosong") && !text.contains(" required"),
            "{text}"
        );
    }

    #[test]
    fn one_choice_is_marked() {
        let all = ["a", "b"].map(|value| Choice {
            value,
            label: value.to_uppercase(),
            more: (value == "b").then(|| "more".to_owned()),
        });
        let text = choices("kind", "Kind", &all, "b").into_string();
        assert_eq!(text.matches(" checked").count(), 1);
        assert!(text.contains("value=\"b\" checked"), "{text}");
        let list = [("x", "X".to_owned()), ("y", "Y".to_owned())];
        let text = select("zone", "Zone", &list, "y").into_string();
        assert!(
            text.contains("<option value=\"y\" selected>Y</option>"),
            "{text}"
        );
    }
}
