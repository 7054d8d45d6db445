//! Signs beside words, drawn with the text's colour. They say nothing that no word beside them
//! says, and are hidden from screen readers.

use maud::{Markup, PreEscaped, html};

/// A sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// A house.
    Home,
    /// A frame with a line through it.
    Scan,
    /// Two people.
    People,
    /// One person.
    Person,
    /// A face in a frame.
    Face,
    /// A sheet of a calendar.
    Calendar,
    /// A screen.
    Device,
    /// Sliders.
    Gear,
    /// A pulse.
    Pulse,
    /// A shield.
    Shield,
    /// Lines of a list.
    List,
    /// Three dots.
    More,
    /// A door with an arrow out of it.
    Leave,
    /// A tick.
    Tick,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Home => "M4 11l8-7 8 7v8a1 1 0 0 1-1 1h-4.5v-6h-5v6H5a1 1 0 0 1-1-1z",
            Self::Scan => {
                "M4 8V5a1 1 0 0 1 1-1h3m8 0h3a1 1 0 0 1 1 1v3m0 8v3a1 1 0 0 1-1 1h-3m-8 0H5a1 1 0 0 1-1-1v-3M4 12h16"
            }
            Self::People => {
                "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.4-3.6 3-5.5 6.5-5.5s6.1 1.9 6.5 5.5M16 5a3.3 3.3 0 0 1 0 6.3m2 3.7c2 .7 3.2 2.4 3.5 5"
            }
            Self::Person => {
                "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.6-4 3.5-6 7.5-6s6.9 2 7.5 6"
            }
            Self::Face => {
                "M4 8V5a1 1 0 0 1 1-1h3m8 0h3a1 1 0 0 1 1 1v3m0 8v3a1 1 0 0 1-1 1h-3m-8 0H5a1 1 0 0 1-1-1v-3M9 9.5v1m6-1v1m-6 4c1.8 1.6 4.2 1.6 6 0"
            }
            Self::Calendar => {
                "M5 6h14a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1zm3-3v5m8-5v5M4 11h16"
            }
            Self::Device => {
                "M5 4h14a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zm4 16h6m-3-4v4"
            }
            Self::Gear => {
                "M4 7h9m4 0h3M4 17h3m4 0h9M15 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zm-6 10a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z"
            }
            Self::Pulse => "M3 12h4l2.5-7 5 14 2.5-7h4",
            Self::Shield => {
                "M12 3l7.5 3v5.5c0 4.5-3 8-7.5 9.5-4.5-1.5-7.5-5-7.5-9.5V6zm-3.2 9l2.4 2.4 4.2-4.6"
            }
            Self::List => "M5 6h.01M9 6h11M5 12h.01M9 12h11M5 18h.01M9 18h11",
            Self::More => {
                "M5 12a.6.6 0 1 0 1.2 0 .6.6 0 0 0-1.2 0zm6.4 0a.6.6 0 1 0 1.2 0 .6.6 0 0 0-1.2 0zm6.4 0a.6.6 0 1 0 1.2 0 .6.6 0 0 0-1.2 0z"
            }
            Self::Leave => {
                "M14 4H6a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h8m-4-8h10m-3.5-3.5L20 12l-3.5 3.5"
            }
            Self::Tick => "M5 12.5l4.5 4.5L19 7.5",
        }
    }
}

/// A sign as part of a page.
#[must_use]
pub fn draw(icon: Icon) -> Markup {
    html! {
        svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8"
            stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false" {
            path d=(icon.path()) {}
        }
    }
}

/// The mark of the program.
#[must_use]
pub fn mark() -> Markup {
    html! {
        svg viewBox="0 0 32 32" aria-hidden="true" focusable="false" {
            (PreEscaped("<rect width=\"32\" height=\"32\" rx=\"8\" fill=\"#0b6e4f\"/><path d=\"M8 17l5.5 5.5L24.5 10\" fill=\"none\" stroke=\"#fff\" stroke-width=\"3.6\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/>"))
        }
    }
}
