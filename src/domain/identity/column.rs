//! Which column of a table says what of a person, and what one line of it means. Pure.

use crate::base::text::{Email, IdNumber, Name, TextError};
use crate::base::word::words;
use crate::domain::identity::sheet::{Line, Sheet};
use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

words! {
    /// What a column can say of a person.
    Field {
        /// Name. Every table has it.
        Name => "name",
        /// Student's or member's number.
        Number => "number",
        /// E-mail address.
        Email => "email",
        /// Class or group.
        Class => "class",
    }
}

impl Field {
    /// Names under which schools and committees have this column, small letters and digits
    /// only, the likeliest first: a table with both NIS and NISN is known by the NIS.
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Name => &[
                "namalengkap",
                "nama",
                "namasiswa",
                "namamahasiswa",
                "namapeserta",
                "namaguru",
                "fullname",
                "name",
                "studentname",
            ],
            Self::Number => &[
                "nim",
                "npm",
                "nis",
                "nip",
                "nomorinduk",
                "noinduk",
                "nomorinduksiswa",
                "nomorindukmahasiswa",
                "idnumber",
                "studentnumber",
                "studentid",
                "number",
                "nisn",
            ],
            Self::Email => &[
                "email",
                "surel",
                "alamatemail",
                "alamatsurel",
                "emailaddress",
            ],
            Self::Class => &[
                "kelas",
                "class",
                "rombel",
                "rombonganbelajar",
                "kelompok",
                "group",
            ],
        }
    }
}

/// Where each field is, as a column counted from 0; None: the table does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Columns {
    /// Name.
    pub name: Option<usize>,
    /// Number.
    pub number: Option<usize>,
    /// E-mail address.
    pub email: Option<usize>,
    /// Class.
    pub class: Option<usize>,
}

impl Columns {
    /// The columns that the header names in a way that is known.
    #[must_use]
    pub fn recognise(header: &[String]) -> Self {
        let plain = |text: &String| -> String {
            let letters = text.chars().filter(|c| c.is_alphanumeric());
            letters.flat_map(char::to_lowercase).collect()
        };
        let header: Vec<String> = header.iter().map(plain).collect();
        let find = |field: Field| {
            let mut names = field.names().iter();
            names.find_map(|name| header.iter().position(|h| h == name))
        };
        Self {
            name: find(Field::Name),
            number: find(Field::Number),
            email: find(Field::Email),
            class: find(Field::Class),
        }
    }

    /// Where a field is.
    #[must_use]
    pub const fn get(&self, field: Field) -> Option<usize> {
        match field {
            Field::Name => self.name,
            Field::Number => self.number,
            Field::Email => self.email,
            Field::Class => self.class,
        }
    }

    /// Says where a field is.
    pub const fn set(&mut self, field: Field, column: Option<usize>) {
        match field {
            Field::Name => self.name = column,
            Field::Number => self.number = column,
            Field::Email => self.email = column,
            Field::Class => self.class = column,
        }
    }
}

/// What a line says of a person; what it leaves empty is not said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Name.
    pub name: Name,
    /// Number.
    pub number: Option<IdNumber>,
    /// E-mail address.
    pub email: Option<Email>,
    /// Class.
    pub class: Option<Name>,
}

/// Why a line is not imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// It has another number of cells than the header: how many, and how many there were to be.
    Cells(usize, usize),
    /// A cell with a line break, in this column (from 1): a quotation mark is missing.
    LineBreak(usize),
    /// A cell that is no such text.
    Text(Field, TextError),
    /// Another line has the same number or address: which line.
    Repeated(Field, u32),
    /// Number and address are of two people on the box.
    TwoPeople,
    /// Another line is about the same person of the box: which line.
    SamePerson(u32),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cells(found, wanted) => {
                write!(
                    f,
                    "{found} cells, but the header has {wanted}: is a separator or a quotation mark missing?"
                )
            }
            Self::LineBreak(column) => {
                write!(
                    f,
                    "a line break in column {column}: is a quotation mark missing?"
                )
            }
            Self::Text(field, error) => write!(f, "{field} {error}"),
            Self::Repeated(field, line) => write!(f, "the same {field} as in line {line}"),
            Self::TwoPeople => f.write_str("number and e-mail address belong to two people"),
            Self::SamePerson(line) => write!(f, "the same person as in line {line}"),
        }
    }
}

/// What somebody should look at, although the line can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The column is of NISN, which have ten digits, and this has not: a spreadsheet took the
    /// zeros at the start away.
    Nisn,
    /// Neither number nor address: imported again, the person is added again.
    Unknowable,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nisn => "a NISN has ten digits: were zeros lost at the start?",
            Self::Unknowable => {
                "neither number nor e-mail address: imported again, it is added again"
            }
        })
    }
}

/// One line, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Line of the file, from 1.
    pub line: u32,
    /// The name as written, for showing the line again; at most 120 characters.
    pub name: String,
    /// What it says, or everything that is wrong with it.
    pub row: Result<Row, Vec<Trouble>>,
    /// What should be looked at.
    pub doubts: Vec<Doubt>,
}

/// Reads all lines, and marks those that share a number or an address with another line.
#[must_use]
pub fn read(sheet: &Sheet, columns: &Columns) -> Vec<Draft> {
    let named = |i: usize| {
        sheet
            .header
            .get(i)
            .is_some_and(|h| h.eq_ignore_ascii_case("nisn"))
    };
    let nisn = columns.number.is_some_and(named);
    let wanted = sheet.header.len();
    let mut drafts: Vec<Draft> = (sheet.lines.iter())
        .map(|line| draft(line, columns, wanted, nisn))
        .collect();
    let number = |row: &Row| row.number.as_ref().map(|n| n.as_str().to_ascii_uppercase());
    mark_repeated(&mut drafts, Field::Number, number);
    let email = |row: &Row| row.email.as_ref().map(|e| e.as_str().to_owned());
    mark_repeated(&mut drafts, Field::Email, email);
    drafts
}

fn draft(line: &Line, columns: &Columns, wanted: usize, nisn: bool) -> Draft {
    let cell = |field| {
        columns
            .get(field)
            .and_then(|i| line.cells.get(i))
            .map_or("", String::as_str)
    };
    let name: String = cell(Field::Name)
        .chars()
        .take(crate::base::limits::NAME_CHARS_MAX)
        .collect();
    let row = read_row(line, wanted, &cell);
    let mut doubts = Vec::new();
    if let Ok(row) = &row {
        let ten =
            |n: &IdNumber| n.as_str().len() == 10 && n.as_str().bytes().all(|b| b.is_ascii_digit());
        if nisn && row.number.as_ref().is_some_and(|n| !ten(n)) {
            doubts.push(Doubt::Nisn);
        }
        if row.number.is_none() && row.email.is_none() {
            doubts.push(Doubt::Unknowable);
        }
    }
    Draft {
        line: line.number,
        name,
        row,
        doubts,
    }
}

fn read_row<'a>(
    line: &Line,
    wanted: usize,
    cell: &impl Fn(Field) -> &'a str,
) -> Result<Row, Vec<Trouble>> {
    // Spreadsheets leave out or add empty cells at the end of a line; both mean the same.
    let full = line
        .cells
        .iter()
        .rposition(|c| !c.is_empty())
        .map_or(0, |i| i + 1);
    let mut troubles = Vec::new();
    if full > wanted || (line.cells.len() < wanted && line.cells.len() == 1) {
        troubles.push(Trouble::Cells(line.cells.len(), wanted));
    }
    let breaks = |c: &String| c.contains(['\n', '\r']);
    if let Some(column) = line.cells.iter().position(breaks) {
        troubles.push(Trouble::LineBreak(column + 1));
    }
    let name = parse(Field::Name, cell(Field::Name), &mut troubles);
    let number = optional(Field::Number, cell, &mut troubles);
    let email = optional(Field::Email, cell, &mut troubles);
    let class = optional(Field::Class, cell, &mut troubles);
    match name {
        Some(name) if troubles.is_empty() => Ok(Row {
            name,
            number,
            email,
            class,
        }),
        Some(_) | None => Err(troubles),
    }
}

fn optional<'a, T: FromStr<Err = TextError>>(
    field: Field,
    cell: &impl Fn(Field) -> &'a str,
    troubles: &mut Vec<Trouble>,
) -> Option<T> {
    let text = cell(field);
    if text.is_empty() {
        None
    } else {
        parse(field, text, troubles)
    }
}

fn parse<T: FromStr<Err = TextError>>(
    field: Field,
    text: &str,
    troubles: &mut Vec<Trouble>,
) -> Option<T> {
    match text.parse() {
        Ok(value) => Some(value),
        Err(error) => {
            troubles.push(Trouble::Text(field, error));
            None
        }
    }
}

/// All lines that share a value are marked, the first too: nobody can know which one is right.
fn mark_repeated(drafts: &mut [Draft], field: Field, key: impl Fn(&Row) -> Option<String>) {
    let keys: Vec<Option<String>> = drafts
        .iter()
        .map(|d| d.row.as_ref().ok().and_then(&key))
        .collect();
    let mut lines: HashMap<&str, (u32, Option<u32>)> = HashMap::new();
    for (draft, key) in drafts.iter().zip(&keys) {
        if let Some(key) = key {
            let found = lines.entry(key).or_insert((draft.line, None));
            if found.0 != draft.line {
                found.1 = found.1.or(Some(draft.line));
            }
        }
    }
    for (draft, key) in drafts.iter_mut().zip(&keys) {
        let Some((first, Some(second))) = key.as_ref().and_then(|k| lines.get(k.as_str())) else {
            continue;
        };
        let other = if draft.line == *first { second } else { first };
        draft.row = Err(vec![Trouble::Repeated(field, *other)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identity::sheet;

    fn drafts(text: &str) -> Vec<Draft> {
        let sheet = sheet::read(text.as_bytes()).expect("a table");
        read(&sheet, &Columns::recognise(&sheet.header))
    }

    fn troubles(text: &str) -> Vec<(u32, Vec<Trouble>)> {
        let all = drafts(text).into_iter();
        all.filter_map(|d| Some((d.line, d.row.err()?))).collect()
    }

    #[test]
    fn headers_of_schools_are_recognised() {
        let table = [
            (
                "No;Nama Lengkap;NIS;NISN;L/P;Kelas",
                [Some(1), Some(2), None, Some(5)],
            ),
            ("NISN;Nama Siswa;Rombel", [Some(1), Some(0), None, Some(2)]),
            ("E-Mail;NAME;Student ID", [Some(1), Some(2), Some(0), None]),
            ("no. induk;nama;surel", [Some(1), Some(0), Some(2), None]),
            ("a;b", [None; 4]),
        ];
        for (header, want) in table {
            let header: Vec<String> = header.split(';').map(str::to_owned).collect();
            let columns = Columns::recognise(&header);
            let got = [columns.name, columns.number, columns.email, columns.class];
            assert_eq!(got, want, "{header:?}");
        }
    }

    #[test]
    fn a_column_can_be_chosen_by_hand() {
        let mut columns = Columns::default();
        for (i, field) in Field::ALL.iter().enumerate() {
            columns.set(*field, Some(i));
        }
        let got: Vec<_> = Field::ALL.iter().map(|f| columns.get(*f)).collect();
        assert_eq!(got, [Some(0), Some(1), Some(2), Some(3)]);
    }

    #[test]
    fn a_good_line_says_who_it_is() {
        let all =
            drafts("nama,nim,email,kelas\n Siti  Zubaidah ,007,S@b.id,X IPA 1\nBudi,,,\nIwan\n");
        let row = all[0].row.as_ref().expect("a row");
        assert_eq!(row.name.as_str(), "Siti Zubaidah");
        assert_eq!(row.number.as_ref().map(IdNumber::as_str), Some("007"));
        assert_eq!(row.email.as_ref().map(Email::as_str), Some("s@b.id"));
        assert_eq!(row.class.as_ref().map(Name::as_str), Some("X IPA 1"));
        assert_eq!((all[0].line, all[0].doubts.len()), (2, 0));
        assert_eq!(all[1].doubts, [Doubt::Unknowable]);
        let one_cell = vec![Trouble::Cells(1, 4)];
        assert_eq!(all[2].row, Err(one_cell));
    }

    #[test]
    fn each_fault_names_its_line() {
        let form = |field| {
            Trouble::Text(
                field,
                match field {
                    Field::Email => {
                        TextError::Form("expected an e-mail address such as budi@example.id")
                    }
                    Field::Number => TextError::Form(
                        "expected a number of 1 to 32 letters, digits, full stops, slashes and hyphens",
                    ),
                    Field::Name | Field::Class => TextError::Empty,
                },
            )
        };
        let text = "nama,nim,email\n,1,\nBudi,\"1,23E+11\",x\nA,3,,zu viel\n\"B\nC\",4,\nD,5,,,\n";
        let want = vec![
            (2, vec![form(Field::Name)]),
            (3, vec![form(Field::Number), form(Field::Email)]),
            (4, vec![Trouble::Cells(4, 3)]),
            (
                5,
                vec![
                    Trouble::LineBreak(1),
                    Trouble::Text(Field::Name, TextError::Invisible),
                ],
            ),
        ];
        assert_eq!(troubles(text), want);
    }

    #[test]
    fn a_missing_quotation_mark_swallows_nobody_in_silence() {
        let got = troubles("nama,nim,catatan\nBudi,1,\"abc\nSiti,2,def\n");
        assert_eq!(got, [(2, vec![Trouble::LineBreak(3)])]);
    }

    #[test]
    fn repeated_numbers_are_marked_on_every_line() {
        let got = troubles("nama,nim,email\nA,a1,\nB,2,\nC,A1,\nD,a1,\nE,3,x@y.id\nF,4,X@Y.id\n");
        let want = vec![
            (2, vec![Trouble::Repeated(Field::Number, 4)]),
            (4, vec![Trouble::Repeated(Field::Number, 2)]),
            (5, vec![Trouble::Repeated(Field::Number, 2)]),
            (6, vec![Trouble::Repeated(Field::Email, 7)]),
            (7, vec![Trouble::Repeated(Field::Email, 6)]),
        ];
        assert_eq!(got, want);
    }

    #[test]
    fn a_lost_zero_is_doubted() {
        let all = drafts("nama,nisn\nA,0012345678\nB,12345678\n");
        assert_eq!(all[0].doubts, []);
        assert_eq!(all[1].doubts, [Doubt::Nisn]);
        let other = drafts("nama,nis\nB,12345678\n");
        assert_eq!(other[0].doubts, []);
    }

    #[test]
    fn what_is_wrong_can_be_read() {
        let table = [
            (
                Trouble::Cells(2, 3),
                "2 cells, but the header has 3: is a separator or a quotation mark missing?",
            ),
            (
                Trouble::LineBreak(2),
                "a line break in column 2: is a quotation mark missing?",
            ),
            (
                Trouble::Text(Field::Name, TextError::Empty),
                "name must not be empty",
            ),
            (
                Trouble::Repeated(Field::Number, 7),
                "the same number as in line 7",
            ),
            (
                Trouble::TwoPeople,
                "number and e-mail address belong to two people",
            ),
            (Trouble::SamePerson(3), "the same person as in line 3"),
        ];
        for (trouble, want) in table {
            assert_eq!(trouble.to_string(), want);
        }
    }
}
