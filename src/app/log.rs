//! A log as the screen has it: cut into pieces of bounded length, with its marks, folds and filter, its cursor and its place.

use crate::app::processes::Processes;
use crate::app::select::Selection;
use crate::app::wrap;
use crate::engine::Diagnosis;
use crate::knowledge::Severity;
use crate::text::{Document, clip};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// A piece of a line: the whole line, unless that is very long, so that no key waits for a line of megabytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The line, from 0.
    pub line: usize,
    /// Its bytes in the document.
    pub range: Range<usize>,
}

/// A place that shows a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Its bytes in the document.
    pub range: Range<usize>,
    /// The finding's number.
    pub finding: usize,
    /// Its number among the finding's evidence.
    pub evidence: usize,
}

/// Why lines are folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoldKind {
    /// They differ from the line before in digits only.
    Repeats,
    /// They only show findings that are harmless.
    Noise,
}

/// Pieces that stand for one row while folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    /// The pieces.
    pub pieces: Range<usize>,
    /// Why.
    pub kind: FoldKind,
}

/// A row of the log, before it is wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// A piece, by number.
    Piece(usize),
    /// A closed fold, by number.
    Fold(usize),
}

/// A log on the screen.
#[derive(Debug, Clone, Default)]
pub struct Log {
    /// The text.
    pub document: Arc<Document>,
    /// Its pieces.
    pub pieces: Vec<Piece>,
    /// Its marks, by place.
    pub marks: Vec<Mark>,
    /// Its folds, by place.
    pub folds: Vec<Fold>,
    /// What is shown.
    pub rows: Vec<Row>,
    /// The selected row.
    pub cursor: usize,
    /// The first row on the screen.
    pub top: usize,
    /// Only lines that hold this text.
    pub filter: String,
    /// Who wrote which line, once somebody asked.
    pub processes: Option<Arc<Processes>>,
    /// Only lines of this process, by its number.
    pub process: Option<u16>,
    open: BTreeSet<usize>,
}

/// Longer lines come in pieces.
const LONGEST: usize = 2_000;
/// So many lines that say the same are folded; two are sooner read than opened.
const REPEATS: usize = 3;

impl Log {
    /// The log of input number `input`.
    #[must_use]
    pub fn new(diagnosis: &Diagnosis, input: usize) -> Self {
        let document = diagnosis.inputs.get(input).map(|report| Arc::clone(&report.document)).unwrap_or_default();
        let mut log = Self { pieces: cut(&document), document, marks: marks(diagnosis, input), ..Self::default() };
        log.folds = log.find_folds(diagnosis);
        log.arrange();
        log
    }

    /// The text of a piece.
    #[must_use]
    pub fn text(&self, piece: usize) -> &str {
        self.pieces.get(piece).map_or("", |piece| clip(self.document.text(), piece.range.clone()))
    }

    /// The selected text: of a filtered log the lines that are shown, else all of them, folded ones too.
    #[must_use]
    pub fn selected(&self, selection: &Selection) -> String {
        let (first, last) = selection.ends();
        let mut out = String::new();
        let mut line = None;
        for number in first.row..=last.row.min(self.pieces.len().saturating_sub(1)) {
            let Some(piece) = self.pieces.get(number).filter(|_| !self.is_narrowed() || self.row_of(number).is_some()) else { continue };
            let Some(range) = selection.of(number, piece.range.len()) else { continue };
            if line.is_some_and(|line| line != piece.line) {
                out.push('\n');
            }
            line = Some(piece.line);
            out.push_str(clip(self.text(number), range));
        }
        out
    }

    /// The pieces of a row: those of a closed fold, or the one.
    #[must_use]
    pub fn pieces_of(&self, row: usize) -> Range<usize> {
        match self.rows.get(row) {
            Some(Row::Fold(fold)) => self.folds.get(*fold).map_or(0..0, |fold| fold.pieces.clone()),
            Some(Row::Piece(piece)) => *piece..piece + 1,
            None => 0..0,
        }
    }

    /// The piece of the row under the cursor; of a fold, its first.
    #[must_use]
    pub fn piece_here(&self) -> usize {
        self.piece_of(self.cursor)
    }

    /// The first piece of a row.
    #[must_use]
    pub fn piece_of(&self, row: usize) -> usize {
        self.rows.get(row).map_or(0, |row| self.first(*row))
    }

    fn first(&self, row: Row) -> usize {
        match row {
            Row::Piece(piece) => piece,
            Row::Fold(fold) => self.folds.get(fold).map_or(0, |fold| fold.pieces.start),
        }
    }

    /// The marks that touch a range of bytes.
    pub fn marks_in(&self, range: Range<usize>) -> impl Iterator<Item = &Mark> {
        // Marks are sorted by their start; one that begins far before may still reach in, but evidence stays on its line.
        let from = self.marks.partition_point(|mark| mark.range.start + 8 * LONGEST < range.start);
        self.marks.iter().skip(from).take_while(move |mark| mark.range.start < range.end).filter(move |mark| mark.range.end > range.start)
    }

    /// How many rows of the screen a row takes.
    #[must_use]
    pub fn height(&self, row: usize, width: usize) -> usize {
        match self.rows.get(row) {
            Some(Row::Piece(piece)) => wrap::height(self.text(*piece), width),
            _ => 1,
        }
    }

    /// Moves the cursor by rows.
    pub fn step(&mut self, by: isize) {
        self.cursor = self.cursor.saturating_add_signed(by).min(self.rows.len().saturating_sub(1));
    }

    /// Moves the cursor by about a screen of `height` rows.
    pub fn page(&mut self, down: bool, width: usize, height: usize) {
        let mut used = 0;
        while used + 1 < height.max(2) {
            let before = self.cursor;
            self.step(if down { 1 } else { -1 });
            if self.cursor == before {
                break;
            }
            used += self.height(self.cursor, width);
        }
    }

    /// Scrolls as little as needed for the cursor's row to be on a screen of this size.
    pub fn reveal(&mut self, width: usize, height: usize) {
        if self.cursor < self.top {
            self.top = self.cursor;
            return;
        }
        let mut used = 0;
        for row in (self.top..=self.cursor).rev() {
            used += self.height(row, width);
            if used > height && row < self.cursor {
                self.top = row + 1;
                return;
            }
        }
    }

    /// Selects the row with byte `at`, opening the fold around it and dropping a filter that hides it.
    pub fn go_to(&mut self, at: usize) {
        let piece = self.pieces.partition_point(|piece| piece.range.start <= at).saturating_sub(1);
        if let Some(fold) = self.folds.iter().position(|fold| fold.pieces.contains(&piece))
            && self.open.insert(fold)
        {
            self.arrange();
        }
        if self.is_narrowed() && self.row_of(piece).is_none() {
            self.filter.clear();
            self.process = None;
            self.arrange();
        }
        self.cursor = self.row_of(piece).unwrap_or(self.cursor);
    }

    fn row_of(&self, piece: usize) -> Option<usize> {
        let row = self.rows.partition_point(|row| self.first(*row) <= piece).checked_sub(1)?;
        let holds = match self.rows.get(row)? {
            Row::Piece(of) => *of == piece,
            Row::Fold(fold) => self.folds.get(*fold).is_some_and(|fold| fold.pieces.contains(&piece)),
        };
        holds.then_some(row)
    }

    /// The fold around the cursor's row.
    #[must_use]
    pub fn fold_here(&self) -> Option<usize> {
        let piece = self.piece_here();
        self.folds.iter().position(|fold| fold.pieces.contains(&piece) || fold.kind == FoldKind::Repeats && fold.pieces.start == piece + 1)
    }

    /// Opens or closes the fold around the cursor's row; says whether there is one.
    pub fn toggle_fold(&mut self) -> bool {
        let Some(fold) = self.fold_here() else { return false };
        if !self.open.remove(&fold) {
            self.open.insert(fold);
        }
        let piece = self.folds.get(fold).map_or(0, |fold| fold.pieces.start);
        self.arrange();
        self.cursor = self.row_of(piece).unwrap_or(self.cursor);
        true
    }

    /// Opens all folds, or closes them where all are open.
    pub fn toggle_all(&mut self) {
        let piece = self.piece_here();
        self.open = if self.open.len() == self.folds.len() { BTreeSet::new() } else { (0..self.folds.len()).collect() };
        self.arrange();
        self.cursor = self.row_of(piece).unwrap_or(self.cursor);
    }

    /// Shows only lines that hold `text`, whatever its case; all where it is empty.
    pub fn set_filter(&mut self, text: &str) {
        let piece = self.piece_here();
        let wanted = text.to_lowercase();
        // Typing on: what the shorter text hid, the longer one hides too.
        let grows = !self.filter.is_empty() && wanted.contains(&self.filter.to_lowercase());
        text.clone_into(&mut self.filter);
        if grows {
            let mut rows = std::mem::take(&mut self.rows);
            rows.retain(|row| matches!(row, Row::Piece(piece) if holds(self.text(*piece), &wanted)));
            self.rows = rows;
        } else {
            self.arrange();
        }
        self.return_to(piece);
    }

    /// Shows only lines of a process; all where there is none.
    pub fn set_process(&mut self, process: Option<u16>) {
        let piece = self.piece_here();
        self.process = process;
        self.arrange();
        self.return_to(piece);
    }

    fn return_to(&mut self, piece: usize) {
        self.cursor = (0..self.rows.len()).find(|row| self.piece_of(*row) >= piece).unwrap_or(self.rows.len().saturating_sub(1));
        self.top = self.top.min(self.cursor);
    }

    /// Whether lines are left out.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        !self.filter.is_empty() || self.process.is_some()
    }

    /// Whether the line (from 0) was written by the process that is asked for.
    #[must_use]
    pub fn is_wanted(&self, line: usize) -> bool {
        self.process.is_none_or(|process| self.processes.as_ref().is_none_or(|all| all.writer(line) == Some(process)))
    }

    fn arrange(&mut self) {
        self.rows.clear();
        if self.is_narrowed() {
            let wanted = self.filter.to_lowercase();
            let fits = |(number, piece): &(usize, &Piece)| self.is_wanted(piece.line) && holds(self.text(*number), &wanted);
            let held = self.pieces.iter().enumerate().filter(fits).map(|(number, _)| Row::Piece(number)).collect();
            self.rows = held;
            return;
        }
        let mut next = 0;
        for (number, fold) in self.folds.iter().enumerate().filter(|(number, _)| !self.open.contains(number)) {
            self.rows.extend((next..fold.pieces.start).map(Row::Piece));
            self.rows.push(Row::Fold(number));
            next = fold.pieces.end;
        }
        self.rows.extend((next..self.pieces.len()).map(Row::Piece));
        self.cursor = self.cursor.min(self.rows.len().saturating_sub(1));
        self.top = self.top.min(self.cursor);
    }

    fn find_folds(&self, diagnosis: &Diagnosis) -> Vec<Fold> {
        let harmless = |finding: usize| diagnosis.findings.get(finding).is_some_and(|finding| finding.severity == Severity::Noise);
        let state = |piece: &Piece| {
            let (mut noise, mut real) = (false, false);
            for mark in self.marks_in(piece.range.clone()) {
                if harmless(mark.finding) { noise = true } else { real = true }
            }
            (noise && !real, real)
        };
        let mut folds: Vec<Fold> = Vec::new();
        let mut before: Option<u64> = None;
        for (number, piece) in self.pieces.iter().enumerate() {
            let (noise, real) = state(piece);
            let key = skeleton(self.text(number));
            let kind = match (noise, real) {
                (true, _) => Some(FoldKind::Noise),
                (_, false) if key.is_some() && before == key => Some(FoldKind::Repeats),
                _ => None,
            };
            before = key;
            match (kind, folds.last_mut()) {
                (Some(kind), Some(last)) if last.kind == kind && last.pieces.end == number => last.pieces.end = number + 1,
                (Some(kind), _) => folds.push(Fold { pieces: number..number + 1, kind }),
                (None, _) => {}
            }
        }
        folds.retain(|fold| fold.kind == FoldKind::Noise || fold.pieces.len() + 1 >= REPEATS);
        folds
    }
}

/// Whether `text` holds `wanted` (lower case), whatever its case; fast where both are ASCII.
fn holds(text: &str, wanted: &str) -> bool {
    let Some(first) = wanted.bytes().next() else { return true };
    if !wanted.is_ascii() {
        return text.to_lowercase().contains(wanted);
    }
    let (wanted, upper) = (wanted.as_bytes(), first.to_ascii_uppercase());
    text.as_bytes().windows(wanted.len()).any(|window| {
        let begins = window.first().is_some_and(|byte| *byte == first || *byte == upper);
        begins && window.eq_ignore_ascii_case(wanted)
    })
}

/// A hash of a line in which every run of digits counts as the same; an empty line has none.
fn skeleton(text: &str) -> Option<u64> {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut in_number = false;
    for byte in text.bytes() {
        let is_number = byte.is_ascii_digit();
        if !(is_number && in_number) {
            hash = (hash ^ u64::from(if is_number { b'0' } else { byte })).wrapping_mul(0x0100_0000_01b3);
        }
        in_number = is_number;
    }
    (!text.trim().is_empty()).then_some(hash)
}

fn cut(document: &Document) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(document.line_count());
    for line in 0..document.line_count() {
        let range = document.line_range(line);
        let mut start = range.start;
        while range.end - start > LONGEST {
            let end = crate::text::floor(document.text(), start + LONGEST);
            pieces.push(Piece { line, range: start..end });
            start = end;
        }
        pieces.push(Piece { line, range: start..range.end });
    }
    pieces
}

fn marks(diagnosis: &Diagnosis, input: usize) -> Vec<Mark> {
    let of = |(finding, one): (usize, &crate::engine::Finding)| {
        let places = one.evidence.iter().enumerate().filter(|(_, evidence)| evidence.input == input);
        places.map(|(number, evidence)| Mark { range: evidence.start..evidence.end, finding, evidence: number }).collect::<Vec<_>>()
    };
    let mut marks: Vec<Mark> = diagnosis.findings.iter().enumerate().flat_map(of).collect();
    marks.sort_by_key(|mark| (mark.range.start, mark.range.end, mark.finding));
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::InputReport;

    fn log(text: &str) -> Log {
        let document = Arc::new(Document::new(text.as_bytes()));
        let report = InputReport {
            name: "a.log".into(),
            form: "text",
            form_reason: String::new(),
            bytes: text.len(),
            lines: document.line_count(),
            notes: *document.notes(),
            document,
        };
        Log::new(&Diagnosis { inputs: vec![report], ..Diagnosis::default() }, 0)
    }

    #[test]
    fn repeats_fold_and_open() {
        let mut log = log("start\npoll 1 took 5 ms\npoll 2 took 6 ms\npoll 3 took 70 ms\nend\n");
        assert_eq!(log.rows, [Row::Piece(0), Row::Piece(1), Row::Fold(0), Row::Piece(4)]);
        log.cursor = 1;
        assert!(log.toggle_fold());
        assert_eq!(log.rows.len(), 5);
        log.cursor = 3;
        assert!(log.toggle_fold());
        assert_eq!((log.rows.len(), log.cursor), (4, 2));
        log.cursor = 0;
        assert!(!log.toggle_fold());
        log.toggle_all();
        assert_eq!(log.rows.len(), 5);
    }

    #[test]
    fn a_filter_ignores_case_and_goes_when_a_jump_needs_it() {
        let mut log = log("Alpha\nbeta\ngamma ALPHA\n");
        log.set_filter("alpha");
        assert_eq!(log.rows, [Row::Piece(0), Row::Piece(2)]);
        log.go_to(7);
        assert_eq!((log.filter.as_str(), log.cursor), ("", 1));
    }

    #[test]
    fn a_long_line_comes_in_pieces() {
        let log = log(&"é".repeat(5_000));
        assert_eq!(log.pieces.len(), 5);
        assert!(log.pieces.iter().all(|piece| piece.line == 0 && piece.range.len() <= LONGEST));
        assert_eq!(log.pieces.iter().map(|piece| piece.range.len()).sum::<usize>(), 10_000);
    }

    #[test]
    fn revealing_scrolls_by_what_lines_really_take() {
        let mut log = log("short\naaaaaaaaaaaaaaaaaaaaaaaaa\nx\ny\nz\n");
        log.cursor = 3;
        log.reveal(10, 5);
        assert_eq!(log.top, 1, "the long line takes three rows");
        log.cursor = 0;
        log.reveal(10, 5);
        assert_eq!(log.top, 0);
    }

    #[test]
    fn an_empty_log_stands_still() {
        let mut log = log("");
        log.step(1);
        log.page(true, 10, 5);
        log.reveal(10, 5);
        log.go_to(3);
        log.toggle_all();
        assert_eq!((log.cursor, log.top, log.rows.len()), (0, 0, 0));
    }
}
