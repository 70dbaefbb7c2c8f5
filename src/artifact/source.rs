//! An input, read in the ways that inspectors ask for: as text, as JSON, as a property list, as bytes. Each reading is made once, on first need.

use super::{Artifact, LARGEST, property_list, values};
use crate::text::decode;
use serde_json::Value as Json;
use std::cell::OnceCell;

/// An input under inspection.
pub(super) struct Source<'a> {
    name: &'a str,
    bytes: &'a [u8],
    whole: usize,
    text: OnceCell<String>,
    json: OnceCell<Option<Json>>,
    plist: OnceCell<Option<Result<plist::Value, String>>>,
    binary: OnceCell<Option<Vec<u8>>>,
}

/// The status line and headers of an answer, where they were pasted with its body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: Option<u16>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Answer {
    /// The value of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

impl<'a> Source<'a> {
    /// A source of these bytes; of a huge input only the beginning.
    pub(super) fn new(name: &'a str, bytes: &'a [u8]) -> Self {
        let kept = bytes.get(..bytes.len().min(LARGEST)).unwrap_or(bytes);
        Self {
            name,
            bytes: kept,
            whole: bytes.len(),
            text: OnceCell::new(),
            json: OnceCell::new(),
            plist: OnceCell::new(),
            binary: OnceCell::new(),
        }
    }

    /// Says so where only a part was read.
    pub(super) fn size_check(&self, artifact: &mut Artifact) {
        if self.whole > self.bytes.len() {
            artifact.warn("input.size", "", format!("The input has {} bytes; only the first {} were read.", self.whole, self.bytes.len()));
        }
    }

    /// The last part of the name's path.
    pub(super) fn file_name(&self) -> &str {
        self.name.rsplit(['/', '\\']).next().unwrap_or(self.name)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes
    }

    /// How many bytes the input had.
    pub(super) fn size(&self) -> usize {
        self.whole
    }

    /// The input as text, whatever its encoding, without white space around it.
    pub(super) fn text(&self) -> &str {
        self.text.get_or_init(|| decode(self.bytes).0.trim().to_owned())
    }

    /// The input as JSON: the whole of it, or what follows pasted headers. Nesting is bounded by the parser.
    pub(super) fn json(&self) -> Option<&Json> {
        self.json
            .get_or_init(|| {
                let text = self.text().trim_start();
                if text.starts_with(['{', '[']) { serde_json::from_str(text).ok() } else { serde_json::from_str(&self.answer()?.body).ok() }
            })
            .as_ref()
    }

    /// The input as a property list, or why it is none; nothing where it does not look like one.
    pub(super) fn plist(&self) -> Option<Result<&plist::Value, &str>> {
        self.plist.get_or_init(|| property_list::read(self)).as_ref().map(|read| read.as_ref().map_err(String::as_str))
    }

    /// The input as bytes of a binary format: as it stands, or decoded from base64 or hexadecimal digits.
    pub(super) fn binary(&self) -> Option<&[u8]> {
        self.binary
            .get_or_init(|| {
                let head = self.bytes.get(..self.bytes.len().min(1024)).unwrap_or(self.bytes);
                let printable = |byte: &u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
                if !head.iter().all(printable) {
                    return Some(self.bytes.to_vec());
                }
                let text = self.text().trim().trim_matches(['"', '\'', ',', ';']);
                let encoded = text.len() >= 24
                    && text.bytes().all(|byte| {
                        byte.is_ascii_alphanumeric()
                            || byte.is_ascii_whitespace()
                            || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=' | b'<' | b'>' | b':')
                    });
                if !encoded {
                    return None;
                }
                let digits = text
                    .bytes()
                    .all(|byte| byte.is_ascii_hexdigit() || byte.is_ascii_whitespace() || matches!(byte, b':' | b'<' | b'>' | b'x'));
                if digits { values::hex(text).or_else(|| values::base64(text)) } else { values::base64(text) }
            })
            .as_deref()
    }

    /// The headers and body of a pasted HTTP answer, `curl -i` style.
    pub(super) fn answer(&self) -> Option<Answer> {
        // `curl -v` marks the lines of the answer's head.
        let marked = self.text().trim_start().starts_with("< HTTP/");
        let unmarked = if marked { self.text().lines().map(unmark).collect::<Vec<_>>().join("\n") } else { String::new() };
        let text = if marked { unmarked.as_str() } else { self.text().trim_start() };
        if !text.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("HTTP/")) {
            return None;
        }
        let mut answer = Answer::default();
        let mut rest = text;
        // `curl -iL` prints one block of headers for every redirect.
        while rest.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("HTTP/")) {
            let mut lines = rest.split_inclusive('\n');
            let mut used = 0;
            for line in lines.by_ref() {
                used += line.len();
                let line = line.trim_end();
                if line.is_empty() {
                    break;
                }
                match line.split_once(':') {
                    Some((name, value)) if !name.contains(' ') => answer.headers.push((name.trim().to_owned(), value.trim().to_owned())),
                    _ => answer.note_status(line),
                }
            }
            rest = crate::text::tail(rest, used).trim_start();
        }
        answer.body = rest.to_owned();
        Some(answer)
    }
}

/// A line of `curl -v` without its mark; its own remarks (`* Connection …`) end nothing and say nothing.
fn unmark(line: &str) -> &str {
    line.strip_prefix("< ").or_else(|| (line.trim_end() == "<").then_some("")).unwrap_or(line)
}

impl Answer {
    /// Takes the number of a status line; a redirect's stays beside the final one.
    fn note_status(&mut self, line: &str) {
        let Some(status) = line.split_whitespace().nth(1).and_then(|word| word.parse().ok()) else { return };
        if let Some(earlier) = self.status {
            self.headers.push(("earlier status".to_owned(), earlier.to_string()));
        }
        self.status = Some(status);
    }
}
