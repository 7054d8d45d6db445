//! A table as forms carry it: its bytes as digits, and which column means what.

use crate::domain::identity::column::{self, Columns, Draft, Field};
use crate::domain::identity::sheet::{self, Sheet};
use crate::domain::rule::Language;
use crate::http::form::Form;
use crate::surface::pages::people::line;
use maud::{Markup, html};

/// A table as it came, and what its columns mean.
pub(super) struct Table {
    /// Its bytes.
    bytes: Vec<u8>,
    /// Its lines.
    pub(super) sheet: Sheet,
    /// What its columns mean.
    pub(super) columns: Columns,
}

impl Table {
    /// Reads the form: `file` (digits) or `table` (pasted), and a column per field where one
    /// was chosen.
    pub(super) fn read(form: &Form, language: Language) -> Result<Self, String> {
        let told = form.text("file");
        let bytes = match told.is_empty() {
            false => from_digits(told).unwrap_or_default(),
            true => form.text("table").as_bytes().to_vec(),
        };
        let sheet = sheet::read(&bytes).map_err(|e| line::of_sheet(&e, language))?;
        let mut columns = Columns::recognise(&sheet.header);
        for field in Field::ALL {
            if let Some(chosen) = form.get(&format!("column-{field}")) {
                let column: Option<usize> = chosen.parse().ok();
                columns.set(*field, column.filter(|c| *c < sheet.header.len()));
            }
        }
        Ok(Self {
            bytes,
            sheet,
            columns,
        })
    }

    /// The bytes as the form carries them.
    pub(super) fn digits(&self) -> String {
        to_digits(&self.bytes)
    }

    /// What each line says.
    pub(super) fn drafts(&self) -> Vec<Draft> {
        column::read(&self.sheet, &self.columns)
    }
}

fn from_digits(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    rest.is_empty()
        .then(|| pairs.iter().map(byte).collect())
        .flatten()
}

fn to_digits(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    let digit = |n: u8| DIGITS.get(usize::from(n)).copied().unwrap_or('0');
    let pair = |b: &u8| [digit(b >> 4), digit(b & 15)];
    bytes.iter().flat_map(pair).collect()
}

/// The table and what its columns mean, to be sent again.
pub(super) fn carried(table: &Table) -> Markup {
    html! {
        input type="hidden" name="file" value=(table.digits());
        @for field in Field::ALL {
            input type="hidden" name={ "column-" (field) }
                value=(table.columns.get(*field).map_or(String::new(), |c| c.to_string()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form(table: &str, more: &str) -> Form {
        let digits = to_digits(table.as_bytes());
        Form::read(&format!("file={digits}{more}")).expect("a form")
    }

    #[test]
    fn a_chosen_column_counts_more_than_a_recognised_one() {
        let text = "Nama,Panggilan,NIM\nBudi Santoso,Budi,1\n";
        let table = Table::read(&form(text, ""), Language::Id).expect("a table");
        assert_eq!(table.columns.name, Some(0));
        let more = "&column-name=1&column-number=&column-email=99";
        let table = Table::read(&form(text, more), Language::Id).expect("a table");
        let Columns {
            name,
            number,
            email,
            class,
        } = table.columns;
        assert_eq!((name, number, email, class), (Some(1), None, None, None));
    }

    #[test]
    fn a_pasted_table_is_read_as_well() {
        let form = Form::read("file=&table=Nama%3BNIM%0ABudi%3B1").expect("a form");
        assert_eq!(
            Table::read(&form, Language::Id)
                .expect("a table")
                .drafts()
                .len(),
            1
        );
        let broken = Form::read("file=zz").expect("a form");
        assert!(Table::read(&broken, Language::Id).is_err());
    }

    proptest! {
        #[test]
        fn digits_carry_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            prop_assert_eq!(from_digits(&to_digits(&bytes)), Some(bytes));
        }

        #[test]
        fn any_digits_are_answered(text in "[0-9a-fx+é]{0,9}") {
            let _ = from_digits(&text);
        }
    }
}
