//! Reading inputs: a small one whole, a large one in parts that can be read side by side.

use super::owner::Speakers;
use super::{Engine, Input, Options};
use crate::artifact::Found;
use crate::facts::origin;
use crate::matching::{Before, Enough, Scan, View};
use crate::text::{Document, Encoding, Notes, encoding_of, pieces, surroundings};
use std::ops::Range;
use std::sync::Arc;

/// A part is read in pieces of this size, in bytes: what a second-level cache holds.
const PIECE: usize = 256 << 10;
/// Lines looked at to find out who speaks in an input, and in a piece of a large one.
const SAMPLE: usize = 2_000;
const SAMPLE_OF_PIECE: usize = 16;
/// So much of a large input's front is kept, in bytes: what its form is told by.
const HEAD: usize = 64 << 10;

/// What one input says, as far as it was read.
#[derive(Debug)]
pub struct Reading {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub bytes: usize,
    /// Its text, cleaned; of an input read in parts only the front.
    pub document: Arc<Document>,
    /// What cleaning met.
    pub notes: Notes,
    pub(super) read: Before,
    pub(super) speakers: Speakers,
    pub(super) scan: Scan,
    /// The artifacts that stand in it; in an input read in parts none are sought.
    pub(super) artifacts: Vec<Found>,
}

/// What a part of an input says; its places count from its own beginning.
#[derive(Debug)]
pub struct Part {
    pub(super) read: Before,
    notes: Notes,
    pub(super) speakers: Speakers,
    pub(super) scan: Scan,
}

impl Reading {
    /// An input of which nothing is read yet.
    #[must_use]
    pub fn new(engine: &Engine, name: &str, bytes: &[u8]) -> Self {
        let head = pieces(bytes, HEAD).next().and_then(|piece| bytes.get(piece)).unwrap_or(&[]);
        Self {
            name: name.to_owned(),
            bytes: bytes.len(),
            document: Arc::new(Document::new(head)),
            notes: Notes { encoding: encoding_of(bytes), ..Notes::default() },
            read: Before::default(),
            speakers: Speakers::default(),
            scan: Scan::new(engine.matcher()),
            artifacts: Vec::new(),
        }
    }

    /// An input of which the text is there and nothing is scanned yet; its artifacts are sought here.
    #[must_use]
    pub fn of_document(engine: &Engine, input: &Input, document: Arc<Document>, options: &Options) -> Self {
        Self {
            name: input.name.clone(),
            bytes: input.bytes.len(),
            notes: Notes { encoding: document.notes().encoding, ..Notes::default() },
            read: Before::default(),
            speakers: Speakers::default(),
            scan: Scan::new(engine.matcher()),
            artifacts: super::artifacts::find_in(input, &document, options),
            document,
        }
    }

    /// Adds the next part.
    pub fn append(&mut self, part: Part) {
        self.scan.append(part.scan, self.read);
        self.speakers.append(part.speakers);
        self.notes.add(&part.notes);
        self.read = self.read.and(part.read);
    }

    /// What there is enough of in the parts that were read.
    #[must_use]
    pub fn enough(&self) -> Enough {
        self.scan.enough()
    }

    /// How many lines were read.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.read.lines + usize::from(self.read.columns > 0)
    }
}

impl Engine {
    /// Reads an input whole; it is number `number` of those that are diagnosed together.
    #[must_use]
    pub fn read(&self, number: usize, input: &Input, options: &Options) -> Reading {
        let document = Arc::new(Document::new(&input.bytes));
        let mut scan = Scan::new(self.matcher());
        let view = View::of(&document, number);
        self.matcher().scan(&view, &mut scan, &|line| is_wanted(line, options));
        let read = view.behind();
        let notes = *document.notes();
        let speakers = Speakers::of(&document, 0..document.line_count(), SAMPLE);
        let artifacts = super::artifacts::find_in(input, &document, options);
        Reading { name: input.name.clone(), bytes: input.bytes.len(), document, notes, read, speakers, scan, artifacts }
    }

    /// Reads the bytes `part` of an input, which begins and ends at a line's end where lines are not longer than a part; UTF-8 only, see
    /// [`is_utf8`]. Of that which earlier parts gave enough of, no more is kept.
    #[must_use]
    pub fn read_part(&self, number: usize, bytes: &[u8], part: Range<usize>, options: &Options, enough: Enough) -> Part {
        let mut scan = Scan::of_part(self.matcher(), enough);
        let mut speakers = Speakers::default();
        let mut notes = Notes::default();
        let mut before = Before::default();
        let begin = part.start;
        // Lines around the part are seen, so that an error that goes over its edge is read whole.
        let around = begin.saturating_sub(PIECE)..bytes.len().min(part.end.saturating_add(PIECE));
        let near = bytes.get(around.clone()).unwrap_or(&[]);
        let inside = bytes.get(part.clone()).unwrap_or(&[]);
        for piece in pieces(inside, PIECE) {
            let shift = begin - around.start;
            let core = piece.start + shift..piece.end + shift;
            let (from, to) = surroundings(near, core.clone());
            let get = |range: Range<usize>| near.get(range).unwrap_or(&[]);
            let (document, core) = Document::piece(get(from..core.start), get(core.clone()), get(core.end..to));
            let view = View { document: &document, core, input: number, before };
            self.matcher().scan(&view, &mut scan, &|line| is_wanted(line, options));
            let lines = document.line_of(view.core.start)..document.line_of(view.core.end);
            speakers.append(Speakers::of(&document, lines, SAMPLE_OF_PIECE));
            notes.add(document.notes());
            before = view.behind();
        }
        Part { read: before, notes, speakers, scan }
    }
}

/// Whether an input can be read in parts; UTF-16 is read whole.
#[must_use]
pub fn is_utf8(bytes: &[u8]) -> bool {
    encoding_of(bytes) == Encoding::Utf8
}

/// Whether a line counts: it is of the process that is asked for, or of none.
fn is_wanted(line: &str, options: &Options) -> bool {
    let Some(process) = options.process.as_deref() else { return true };
    origin(line).process.is_none_or(|of| of.eq_ignore_ascii_case(process))
}
