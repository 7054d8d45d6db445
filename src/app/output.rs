//! What a command prints: lines for people, or JSON for programs.

use crate::base::json;
use std::io::Write as _;

/// The form that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Lines for people.
    Text,
    /// One JSON value a line.
    Json,
}

/// Prints a line on stdout. A reader that has gone away is no error of ours.
pub fn line(text: impl std::fmt::Display) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Prints a line on stderr.
pub fn complaint(text: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr().lock(), "hadir: {text}");
}

/// Prints a line on a stderr that ends in the journal, marked as an error (sd-daemon(3)).
pub fn urgent_complaint(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "<3>hadir: {text}");
}

/// Prints rows under their headings, columns as wide as they need to be.
pub fn table(headings: &[&str], rows: &[Vec<String>]) {
    for text in table_lines(headings, rows) {
        line(text);
    }
}

/// The lines of [`table`].
#[must_use]
pub fn table_lines(headings: &[&str], rows: &[Vec<String>]) -> Vec<String> {
    let head: Vec<String> = headings.iter().map(|h| (*h).to_owned()).collect();
    let width = |column: usize| {
        let cells = std::iter::once(&head)
            .chain(rows)
            .filter_map(|r| r.get(column));
        cells.map(|c| c.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let shape = |row: &Vec<String>| {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    std::iter::once(&head).chain(rows).map(shape).collect()
}

/// A text out of a JSON value, for a table's cell: nothing for null and what is missing.
#[must_use]
pub fn cell(value: &json::Value, key: &str) -> String {
    match value.get(key) {
        None | Some(json::Value::Null) => String::new(),
        Some(json::Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = vec![
            vec!["Sinta".to_owned(), "1".to_owned()],
            vec!["Ké".to_owned(), "22".to_owned()],
        ];
        assert_eq!(
            table_lines(&["NAME", "N"], &rows),
            ["NAME   N", "Sinta  1", "Ké     22"]
        );
    }
}
