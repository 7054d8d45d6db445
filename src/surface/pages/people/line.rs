//! What is wrong with a table or a line of it, and what should be looked at, in the reader's
//! language.

use crate::domain::identity::column::{Doubt, Field, Trouble};
use crate::domain::identity::sheet::SheetError;
use crate::domain::rule::Language;
use crate::surface::pages::words::{Words, people as words};

/// Why a file is no table.
pub(super) fn of_sheet(error: &SheetError, language: Language) -> String {
    let plain = |words: Words| words.of(language).to_owned();
    match error {
        SheetError::Large => plain(words::SHEET_LARGE),
        SheetError::Workbook => plain(words::SHEET_WORKBOOK),
        SheetError::Empty => plain(words::SHEET_EMPTY),
        SheetError::Lines => plain(words::SHEET_LINES),
        SheetError::Columns => plain(words::SHEET_COLUMNS),
        SheetError::Letters(lines) => {
            let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
            words::SHEET_LETTERS.fill(language, &[&lines.join(", ")])
        }
    }
}

/// What a column is called.
pub(super) const fn of_field(field: Field) -> Words {
    match field {
        Field::Name => words::NAME,
        Field::Number => words::NUMBER,
        Field::Email => words::EMAIL,
        Field::Class => words::CLASS,
    }
}

/// Why a line is not imported.
pub(super) fn of_trouble(trouble: &Trouble, language: Language) -> String {
    match trouble {
        Trouble::Cells(found, wanted) => {
            words::LINE_CELLS.fill(language, &[&found.to_string(), &wanted.to_string()])
        }
        Trouble::LineBreak(column) => words::LINE_BREAK.fill(language, &[&column.to_string()]),
        Trouble::Text(field, _) => match field {
            Field::Name => words::LINE_NAME.of(language).to_owned(),
            Field::Number => words::NUMBER_FORM.of(language).to_owned(),
            Field::Email => words::EMAIL_FORM.of(language).to_owned(),
            Field::Class => words::LINE_CLASS.of(language).to_owned(),
        },
        Trouble::Repeated(field, line) => {
            let field = of_field(*field).of(language);
            words::LINE_REPEATED.fill(language, &[field, &line.to_string()])
        }
        Trouble::TwoPeople => words::LINE_TWO.of(language).to_owned(),
        Trouble::SamePerson(line) => words::LINE_SAME.fill(language, &[&line.to_string()]),
    }
}

/// What should be looked at.
pub(super) const fn of_doubt(doubt: Doubt) -> Words {
    match doubt {
        Doubt::Nisn => words::DOUBT_NISN,
        Doubt::Unknowable => words::DOUBT_UNKNOWABLE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::TextError;

    #[test]
    fn every_fault_of_a_line_has_its_sentence() {
        let table = [
            (
                Trouble::Cells(2, 4),
                "2 sel, padahal ada 4 kolom. Mungkin tanda pemisah atau tanda kutip hilang.",
            ),
            (
                Trouble::LineBreak(3),
                "Ada ganti baris di kolom 3. Mungkin tanda kutip hilang.",
            ),
            (
                Trouble::Text(Field::Name, TextError::Empty),
                "Nama kosong, terlalu panjang, atau memuat karakter yang tidak terlihat.",
            ),
            (
                Trouble::Text(Field::Email, TextError::Empty),
                "Tulis seperti budi@contoh.id.",
            ),
            (
                Trouble::Repeated(Field::Number, 7),
                "Nomor induk sama dengan baris 7.",
            ),
            (
                Trouble::TwoPeople,
                "Nomor induk dan surel ini milik dua orang yang berbeda.",
            ),
            (Trouble::SamePerson(2), "Orangnya sama dengan baris 2."),
        ];
        for (trouble, want) in table {
            assert_eq!(of_trouble(&trouble, Language::Id), want);
        }
    }

    #[test]
    fn a_file_that_is_no_table_is_told_with_its_lines() {
        let error = SheetError::Letters(vec![2, 9]);
        let english =
            "There are letters that cannot be read in line 2, 9. Save it again as CSV UTF-8.";
        assert_eq!(of_sheet(&error, Language::En), english);
        assert!(of_sheet(&SheetError::Workbook, Language::Id).contains("CSV UTF-8"));
    }
}
