//! Tables of text as spreadsheets write them: comma, semicolon or tab between the cells, UTF-8
//! with or without a mark, UTF-16 with one, or Windows-1252. Pure; what the cells mean is
//! decided elsewhere.
//!
//! Excel in Indonesia writes `;`, saves "CSV" as Windows-1252, and may put `sep=;` before the
//! header. Nothing is guessed where a guess would write somebody's name wrongly: a file whose
//! lines are of two encodings is refused with the lines. The form is that of RFC 4180.

use crate::base::limits::{IMPORT_BYTES_MAX, IMPORT_COLUMNS_MAX, IMPORT_LINES_MAX};
use crate::base::word::words;
use csv::{ReaderBuilder, StringRecord, Terminator, WriterBuilder};
use std::fmt;

words! {
    /// How letters were written as bytes.
    Encoding {
        /// UTF-8, with or without a mark at the start.
        Utf8 => "utf-8",
        /// UTF-16 with a mark at the start.
        Utf16 => "utf-16",
        /// Windows-1252, as Excel saves "CSV" on a western system.
        Windows1252 => "windows-1252",
    }
}

words! {
    /// What stands between two cells.
    Separator {
        /// `,`
        Comma => "comma",
        /// `;`
        Semicolon => "semicolon",
        /// A tab.
        Tab => "tab",
    }
}

impl Separator {
    const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }
}

/// Why a file is no table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SheetError {
    /// More than [`IMPORT_BYTES_MAX`] bytes.
    Large,
    /// A workbook (XLSX, XLS) and no text.
    Workbook,
    /// No line with anything in it, or a header and nothing below it.
    Empty,
    /// Bytes that are no letters of the encoding, in these lines (the first twenty).
    Letters(Vec<u32>),
    /// More than [`IMPORT_LINES_MAX`] lines below the header.
    Lines,
    /// More than [`IMPORT_COLUMNS_MAX`] columns in the header.
    Columns,
}

impl fmt::Display for SheetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Large => write!(f, "the file has more than {IMPORT_BYTES_MAX} bytes: split it"),
            Self::Workbook => f.write_str(
                "this is a workbook: in the spreadsheet choose Save as, CSV UTF-8, and send that file",
            ),
            Self::Empty => f.write_str("there is a header line and at least one line to be"),
            Self::Letters(lines) => {
                f.write_str("letters that cannot be read: save the file as CSV UTF-8; line")?;
                lines.iter().try_for_each(|line| write!(f, " {line}"))
            }
            Self::Lines => write!(f, "more than {IMPORT_LINES_MAX} lines: split the file"),
            Self::Columns => write!(f, "more than {IMPORT_COLUMNS_MAX} columns"),
        }
    }
}

impl std::error::Error for SheetError {}

/// One line of a table, its cells trimmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where it starts in the file, from 1, as an editor counts.
    pub number: u32,
    /// Its cells.
    pub cells: Vec<String>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// How it was written.
    pub encoding: Encoding,
    /// What stood between the cells.
    pub separator: Separator,
    /// The names of the columns.
    pub header: Vec<String>,
    /// The lines below, those without any text left out.
    pub lines: Vec<Line>,
}

/// Most lines that a refusal names.
const NAMED_LINES_MAX: usize = 20;

/// Reads a table. Pure, and linear in the size of the file.
///
/// # Errors
/// What the file is not.
pub fn read(bytes: &[u8]) -> Result<Sheet, SheetError> {
    if bytes.len() > IMPORT_BYTES_MAX {
        return Err(SheetError::Large);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(SheetError::Workbook);
    }
    let (encoding, text) = decode(bytes)?;
    let (hint, skipped, text) = separator_line(&text);
    let separator = hint.unwrap_or_else(|| likely(text));
    let mut lines = split(text, separator, skipped)?.into_iter();
    let header = lines.next().ok_or(SheetError::Empty)?.cells;
    if header.len() > IMPORT_COLUMNS_MAX {
        return Err(SheetError::Columns);
    }
    let lines: Vec<Line> = lines.collect();
    if lines.is_empty() {
        return Err(SheetError::Empty);
    }
    Ok(Sheet {
        encoding,
        separator,
        header,
        lines,
    })
}

fn decode(bytes: &[u8]) -> Result<(Encoding, String), SheetError> {
    let (encoding, text) = if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        let text = std::str::from_utf8(rest).map_err(|_| SheetError::Letters(broken(rest)))?;
        (Encoding::Utf8, text.to_owned())
    } else if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        (Encoding::Utf16, utf16(rest, u16::from_le_bytes))
    } else if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        (Encoding::Utf16, utf16(rest, u16::from_be_bytes))
    } else if let Ok(text) = std::str::from_utf8(bytes) {
        (Encoding::Utf8, text.to_owned())
    } else {
        (Encoding::Windows1252, windows_1252(bytes)?)
    };
    let strange =
        |c: char| c == char::REPLACEMENT_CHARACTER || (c.is_control() && !"\t\r\n".contains(c));
    let lines = lines_with(&text, |line| line.contains(strange));
    if lines.is_empty() {
        Ok((encoding, text))
    } else {
        Err(SheetError::Letters(lines))
    }
}

/// Numbers of the first lines of which this holds.
fn lines_with(text: &str, holds: impl Fn(&str) -> bool) -> Vec<u32> {
    let numbered = (1_u32..).zip(text.split('\n'));
    let found = numbered.filter(|(_, line)| holds(line));
    found.map(|(n, _)| n).take(NAMED_LINES_MAX).collect()
}

/// Numbers of the first lines that are no UTF-8.
fn broken(bytes: &[u8]) -> Vec<u32> {
    let numbered = (1_u32..).zip(bytes.split(|b| *b == b'\n'));
    let found = numbered.filter(|(_, line)| std::str::from_utf8(line).is_err());
    found.map(|(n, _)| n).take(NAMED_LINES_MAX).collect()
}

/// What is no UTF-16 becomes the replacement character, which is refused afterwards.
fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let letters = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
    let tail = (!rest.is_empty()).then_some(char::REPLACEMENT_CHARACTER);
    letters.chain(tail).collect()
}

/// The letters 0x80 to 0x9F of Windows-1252 (the Unicode consortium's table CP1252.TXT); five
/// are not assigned.
const CP1252: [char; 32] = [
    '€', '\u{FFFD}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{FFFD}', 'Ž',
    '\u{FFFD}', '\u{FFFD}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{FFFD}',
    'ž', 'Ÿ',
];

/// A file that is no UTF-8. If some of its lines are nevertheless, with letters beyond ASCII,
/// it was put together from two files and neither reading is right.
fn windows_1252(bytes: &[u8]) -> Result<String, SheetError> {
    let is_utf8 = |line: &[u8]| !line.is_ascii() && std::str::from_utf8(line).is_ok();
    if bytes.split(|b| *b == b'\n').any(is_utf8) {
        return Err(SheetError::Letters(broken(bytes)));
    }
    let letter = |byte: &u8| match byte {
        0x80..=0x9F => *CP1252
            .get(usize::from(byte - 0x80))
            .unwrap_or(&char::REPLACEMENT_CHARACTER),
        other => char::from(*other),
    };
    Ok(bytes.iter().map(letter).collect())
}

/// Excel's own hint before the header, how many lines it took, and the rest.
fn separator_line(text: &str) -> (Option<Separator>, u32, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let hint = match first.trim_end_matches('\r').to_ascii_lowercase().as_str() {
        "sep=," => Some(Separator::Comma),
        "sep=;" => Some(Separator::Semicolon),
        "sep=\t" => Some(Separator::Tab),
        _ => None,
    };
    match hint {
        Some(_) => (hint, 1, rest),
        None => (None, 0, text),
    }
}

/// The separator that the header has most of, outside of quotation marks.
fn likely(text: &str) -> Separator {
    let header = text.lines().find(|l| !l.trim().is_empty()).unwrap_or("");
    let outside: String = header.split('"').step_by(2).collect();
    let count = |s: &Separator| outside.bytes().filter(|b| *b == s.byte()).count();
    // The last of equals wins, so the comma is looked at last.
    let order = [Separator::Tab, Separator::Semicolon, Separator::Comma];
    order
        .into_iter()
        .max_by_key(count)
        .unwrap_or(Separator::Comma)
}

fn split(text: &str, separator: Separator, skipped: u32) -> Result<Vec<Line>, SheetError> {
    let mut reader = ReaderBuilder::new()
        .delimiter(separator.byte())
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let (mut lines, mut record) = (Vec::new(), StringRecord::new());
    let mut counter = Counter::new(text, skipped);
    // The text is UTF-8 and in memory, so that only its end stops the reader.
    while reader.read_record(&mut record).unwrap_or(false) {
        let start = record.position().map_or(0, csv::Position::byte);
        let number = counter.line_of(usize::try_from(start).unwrap_or(usize::MAX));
        let cells: Vec<String> = record.iter().map(|c| plain(c).to_owned()).collect();
        if cells.iter().all(String::is_empty) {
            continue;
        }
        if lines.len() > IMPORT_LINES_MAX {
            return Err(SheetError::Lines);
        }
        lines.push(Line { number, cells });
    }
    Ok(lines)
}

/// What a spreadsheet would take for a formula at the beginning of a cell (OWASP, CSV injection).
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A cell that no spreadsheet calculates: behind an apostrophe, which [`read`] takes off again.
fn neutral(cell: &str) -> String {
    match cell.starts_with(FORMULA) {
        true => format!("'{cell}"),
        false => cell.to_owned(),
    }
}

/// A cell as it was before it was made neutral.
fn plain(cell: &str) -> &str {
    let cell = cell.trim();
    let bare = cell.strip_prefix('\'');
    bare.filter(|bare| bare.starts_with(FORMULA))
        .unwrap_or(cell)
}

/// Writes a table as spreadsheets read it: UTF-8 with a mark, no cell a formula.
#[must_use]
pub fn write(separator: Separator, lines: &[Vec<String>]) -> Vec<u8> {
    put(b"\xEF\xBB\xBF".to_vec(), separator, lines)
}

/// More lines of a table that was begun with [`write`].
#[must_use]
pub fn append(separator: Separator, lines: &[Vec<String>]) -> Vec<u8> {
    put(Vec::new(), separator, lines)
}

fn put(begin: Vec<u8>, separator: Separator, lines: &[Vec<String>]) -> Vec<u8> {
    let mut writer = WriterBuilder::new()
        .delimiter(separator.byte())
        .terminator(Terminator::CRLF)
        .flexible(true)
        .from_writer(begin);
    for line in lines {
        // Memory takes every record.
        let _ = writer.write_record(line.iter().map(|cell| neutral(cell)));
    }
    writer.into_inner().unwrap_or_default()
}

/// Counts lines from one place of the text to the next. The reader's own count names the first
/// of the empty lines before a record.
struct Counter<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u32,
}

impl<'a> Counter<'a> {
    const fn new(text: &'a str, skipped: u32) -> Self {
        Self {
            bytes: text.as_bytes(),
            at: 0,
            line: skipped + 1,
        }
    }

    /// The line of the record that starts at or, after empty lines, behind `start`.
    fn line_of(&mut self, start: usize) -> u32 {
        while let Some(byte) = self.bytes.get(self.at) {
            let end = matches!(byte, b'\r' | b'\n');
            if self.at >= start && !end {
                break;
            }
            self.at += 1;
            let pair = *byte == b'\r' && self.bytes.get(self.at) == Some(&b'\n');
            if end && !pair {
                self.line += 1;
            }
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cells(sheet: &Sheet) -> Vec<(u32, Vec<&str>)> {
        let lines = sheet.lines.iter();
        lines
            .map(|l| (l.number, l.cells.iter().map(String::as_str).collect()))
            .collect()
    }

    #[test]
    fn each_way_of_writing_gives_the_same_table() {
        let plain = "Nama,NIM\r\nSiti Zubaidah,007\r\nRené,8\r\n";
        let utf16 = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            "\u{FEFF}"
                .chars()
                .chain(plain.chars())
                .collect::<String>()
                .encode_utf16()
                .flat_map(order)
                .collect()
        };
        let latin: Vec<u8> = plain
            .chars()
            .map(|c| u8::try_from(u32::from(c)).expect("latin"))
            .collect();
        let marked = [b"\xEF\xBB\xBF".as_slice(), plain.as_bytes()].concat();
        let table = [
            (plain.as_bytes().to_vec(), Encoding::Utf8, Separator::Comma),
            (marked, Encoding::Utf8, Separator::Comma),
            (utf16(u16::to_le_bytes), Encoding::Utf16, Separator::Comma),
            (utf16(u16::to_be_bytes), Encoding::Utf16, Separator::Comma),
            (latin, Encoding::Windows1252, Separator::Comma),
            (
                plain.replace(',', ";").into_bytes(),
                Encoding::Utf8,
                Separator::Semicolon,
            ),
            (
                plain.replace(',', "\t").into_bytes(),
                Encoding::Utf8,
                Separator::Tab,
            ),
            (
                plain.replace("\r\n", "\n").into_bytes(),
                Encoding::Utf8,
                Separator::Comma,
            ),
            (
                plain.replace("\r\n", "\r").into_bytes(),
                Encoding::Utf8,
                Separator::Comma,
            ),
        ];
        for (bytes, encoding, separator) in table {
            let sheet = read(&bytes).expect("a table");
            assert_eq!(
                (sheet.encoding, sheet.separator),
                (encoding, separator),
                "{bytes:?}"
            );
            assert_eq!(sheet.header, ["Nama", "NIM"]);
            let want = vec![(2, vec!["Siti Zubaidah", "007"]), (3, vec!["René", "8"])];
            assert_eq!(cells(&sheet), want, "{bytes:?}");
        }
    }

    #[test]
    fn lines_are_counted_as_an_editor_counts() {
        let text = "sep=;\n\nNama;NIM\n\n\n\"Budi\nSantoso\";1\n;;\nSiti;2\n";
        let sheet = read(text.as_bytes()).expect("a table");
        assert_eq!(sheet.separator, Separator::Semicolon);
        assert_eq!(
            cells(&sheet),
            [(6, vec!["Budi\nSantoso", "1"]), (9, vec!["Siti", "2"])]
        );
    }

    #[test]
    fn a_separator_in_quotation_marks_does_not_count() {
        let sheet = read("\"Nama, gelar, dan, lain\";NIM\nBudi;1\n".as_bytes()).expect("a table");
        assert_eq!(sheet.separator, Separator::Semicolon);
        assert_eq!(sheet.header, ["Nama, gelar, dan, lain", "NIM"]);
    }

    #[test]
    fn what_is_no_table_is_refused_with_the_lines() {
        let mixed = [b"Nama,NIM\nRen\xE9,1\n".as_slice(), "Zoë,2\n".as_bytes()].concat();
        let many = format!("Nama\n{}", "Budi\n".repeat(IMPORT_LINES_MAX + 1));
        let table: [(&[u8], SheetError); 11] = [
            (b"", SheetError::Empty),
            (b"\n \n", SheetError::Empty),
            (b"Nama,NIM\n", SheetError::Empty),
            (b"PK\x03\x04abc", SheetError::Workbook),
            (&[0xD0, 0xCF, 0x11, 0xE0, 0xA1], SheetError::Workbook),
            (&mixed, SheetError::Letters(vec![2])),
            (b"Nama\nBu\x00di\n", SheetError::Letters(vec![2])),
            (b"Nama\nBudi\nRen\x81\n", SheetError::Letters(vec![3])),
            (b"\xEF\xBB\xBFNama\nRen\xE9\n", SheetError::Letters(vec![2])),
            (
                b"\xFF\xFEN\x00\x00\xD8\n\x00x",
                SheetError::Letters(vec![1, 2]),
            ),
            (many.as_bytes(), SheetError::Lines),
        ];
        for (bytes, want) in table {
            assert_eq!(read(bytes), Err(want), "{:?}", bytes.get(..12));
        }
        assert_eq!(
            read(&vec![b'a'; IMPORT_BYTES_MAX + 1]),
            Err(SheetError::Large)
        );
        let wide = format!("a{}\nx\n", ",a".repeat(IMPORT_COLUMNS_MAX));
        assert_eq!(read(wide.as_bytes()), Err(SheetError::Columns));
    }

    #[test]
    fn as_many_lines_as_allowed_are_read() {
        let many = format!("Nama\n{}", "Budi\n".repeat(IMPORT_LINES_MAX));
        assert_eq!(
            read(many.as_bytes()).expect("a table").lines.len(),
            IMPORT_LINES_MAX
        );
    }

    fn cell() -> impl Strategy<Value = String> {
        "[A-Za-z0-9 ,;\"é]{0,12}".prop_map(|t| t.trim().to_owned())
    }

    proptest! {
        /// Whatever is written by the rules of RFC 4180 is read back, with the right line.
        #[test]
        fn what_was_written_is_read_back(
            rows in prop::collection::vec(prop::collection::vec(cell(), 3), 1..20),
            which in 0_usize..3,
        ) {
            let separator = Separator::ALL[which];
            let between = char::from(separator.byte()).to_string();
            let quoted = |c: &String| format!("\"{}\"", c.replace('"', "\"\""));
            let line = |row: &Vec<String>| row.iter().map(quoted).collect::<Vec<_>>().join(&between);
            let head = ["a", "b", "c"].join(&between);
            let text = format!("{head}\n{}\n", rows.iter().map(line).collect::<Vec<_>>().join("\n"));
            let want: Vec<Line> = (2_u32..).zip(&rows)
                .filter(|(_, row)| row.iter().any(|c| !c.is_empty()))
                .map(|(number, row)| Line { number, cells: row.clone() })
                .collect();
            match read(text.as_bytes()) {
                Ok(sheet) => {
                    prop_assert_eq!(sheet.separator, separator);
                    prop_assert_eq!(sheet.lines, want);
                }
                Err(error) => {
                    prop_assert_eq!(error, SheetError::Empty);
                    prop_assert!(want.is_empty());
                }
            }
        }

        /// No bytes panic, and no line number lies outside of the file.
        #[test]
        fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let ends = bytes.iter().filter(|b| matches!(b, b'\n' | b'\r')).count();
            if let Ok(sheet) = read(&bytes) {
                for line in sheet.lines {
                    prop_assert!(usize::try_from(line.number).expect("small") <= ends + 1);
                }
            }
        }
    }

    #[test]
    fn no_cell_of_a_written_table_is_a_formula_and_all_are_read_back() {
        let cells = [
            "=1+1", "+62812", "-5", "@x", "'=1", "a;b", "a\"b", "", "Siti",
        ];
        let lines = [
            vec!["Nama".to_owned(); 9],
            cells.map(str::to_owned).to_vec(),
        ];
        let bytes = write(Separator::Semicolon, &lines);
        let text = std::str::from_utf8(&bytes).expect("text");
        assert_eq!(
            text.lines().nth(1),
            Some("'=1+1;'+62812;'-5;'@x;'=1;\"a;b\";\"a\"\"b\";;Siti")
        );
        let sheet = read(&bytes).expect("a table");
        let want = [
            "=1+1", "+62812", "-5", "@x", "=1", "a;b", "a\"b", "", "Siti",
        ];
        assert_eq!(sheet.lines[0].cells, want);
    }

    proptest! {
        #[test]
        fn what_is_written_begins_no_formula(cell in "\\PC{1,12}") {
            let bytes = write(Separator::Comma, &[vec![cell]]);
            let text = std::str::from_utf8(&bytes).expect("text");
            let cell = text.trim_start_matches('\u{FEFF}');
            // A quote of the table's own; the next one would be the cell's.
            let begin = cell.strip_prefix('"').unwrap_or(cell);
            prop_assert!(!begin.starts_with(FORMULA), "{text:?}");
        }
    }
}
