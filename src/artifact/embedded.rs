//! Artifacts that stand inside a log, a question or a terminal's output: found by a mark that each form has, cut out, and inspected like any other.

use super::said::said;
use super::source::Source;
use super::{Artifact, Context, Form, inspect, inspector, jwt, property_list, request};
use crate::pattern::Literals;
use crate::text::{clip, floor, tail};
use std::ops::Range;
use std::sync::LazyLock;

/// Artifacts of one text.
const MOST: usize = 24;
/// Marks followed; a log that dumps a token on every line has thousands, and the first say it all.
const MARKS_FOLLOWED: usize = 400;
/// Marks that lead to nothing; after so many, the text is no place to look further.
const MISSES: usize = 60;
/// A piece of text that is looked at around a mark.
const WINDOW: usize = 128 << 10;
/// The longest property list that is cut out of a text.
const LIST: usize = 512 << 10;
/// How far before its mark a JSON document may begin.
const BEFORE: usize = 32 << 10;
/// An input that is no text with marks is read as one artifact up to this size.
const WHOLE: usize = 1 << 20;

/// An artifact, and where it stands in the text.
#[derive(Debug, Clone)]
pub struct Found {
    /// The artifact, decoded and checked.
    pub artifact: Artifact,
    /// Its bytes in the text.
    pub place: Range<usize>,
    /// The text holds nothing else.
    pub whole: bool,
    /// Whether what the checks say leaves no room for another reading.
    pub sure: bool,
}

/// How the piece around a mark is cut out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    Token,
    Pem,
    Plist,
    Json,
    Run,
    Paragraph,
    Braces,
    Answer,
    Request,
}

const MARKS: &[(&str, Cut)] = &[
    ("eyJ", Cut::Token),
    ("-BEGIN ", Cut::Pem),
    ("<plist", Cut::Plist),
    ("\"applinks\"", Cut::Json),
    ("\"webcredentials\"", Cut::Json),
    ("\"appclips\"", Cut::Json),
    ("\"jwks_uri\"", Cut::Json),
    ("\"kty\"", Cut::Json),
    ("\"webauthn.", Cut::Json),
    ("\"logFormatVersion\"", Cut::Json),
    ("\"attestationObject\"", Cut::Json),
    ("\"sha256_cert_fingerprints\"", Cut::Json),
    ("o2NmbXR", Cut::Run),
    ("a363666d74", Cut::Run),
    ("[Dict]", Cut::Paragraph),
    ("identities found", Cut::Paragraph),
    ("<blob>=", Cut::Paragraph),
    ("Site/Fmwk Approval:", Cut::Paragraph),
    ("createdDate:", Cut::Paragraph),
    ("Device Configuration:", Cut::Paragraph),
    ("pdmn", Cut::Braces),
    ("HTTP/", Cut::Answer),
    ("client_secret", Cut::Request),
];

/// The artifacts in `text`, in their order; what is not text is read from `bytes`, which the text was made of.
#[must_use]
pub fn find(name: &str, bytes: &[u8], text: &str, context: &Context) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let covered = |found: &[Found], at: usize| found.iter().any(|one| one.place.contains(&at));
    let mut misses = 0;
    for (cut, at) in marks(text).into_iter().take(MARKS_FOLLOWED) {
        if found.len() >= MOST || misses > MISSES {
            break;
        }
        if covered(&found, at) {
            continue;
        }
        misses += 1;
        let Some(place) = cut_out(text, cut, at) else { continue };
        if found.iter().any(|one| one.place.start < place.end && place.start < one.place.end) {
            continue;
        }
        let piece = clip(text, place.clone());
        // A page says nothing of the file that was asked for; the command before it did.
        let label = if cut == Cut::Answer { "apple-app-site-association" } else { "" };
        if !wanted(cut, label, piece) {
            continue;
        }
        let number = found.len() + 1;
        let mut artifact = inspect(label, piece.as_bytes(), context);
        if artifact.form == Form::Unknown || artifact.form == Form::PropertyList && artifact.facts.is_empty() {
            continue;
        }
        artifact.name = format!("{name} ({} {number})", artifact.form.title());
        misses -= 1;
        let whole = piece.trim().len() * 10 >= text.trim().len() * 9;
        found.push(Found { artifact, place, whole, sure: true });
    }
    if found.is_empty() {
        found.extend(as_a_whole(name, bytes, text, context));
    }
    found.extend(statements(name, text, &found));
    found.sort_by_key(|one| (one.place.start, one.place.end));
    found
}

/// Every mark, by its place; overlapping marks of one place in the order of the list.
fn marks(text: &str) -> Vec<(Cut, usize)> {
    static SET: LazyLock<Literals> = LazyLock::new(|| Literals::new(MARKS.iter().map(|(mark, _)| mark)));
    let mut all: Vec<(Cut, usize)> = Vec::new();
    SET.find(text.as_bytes(), 0..text.len(), |number, start, end| {
        if let Some((mark, cut)) = MARKS.get(number)
            && all.len() < MARKS_FOLLOWED * 4
            && clip(text, start..end) == *mark
        {
            all.push((*cut, start));
        }
    });
    all.sort_by_key(|(_, at)| *at);
    all
}

/// Whether a piece may be looked at: code that builds a request or prints a header has the same words.
fn wanted(cut: Cut, label: &str, piece: &str) -> bool {
    match cut {
        Cut::Request => request::has_secret(piece),
        Cut::Token => true,
        _ => inspector(&Source::new(label, piece.as_bytes())).is_some_and(|inspector| inspector.form != Form::TokenRequest),
    }
}

/// The whole input as one artifact, where it is of a form that a text with other things in it is not taken for.
fn as_a_whole(name: &str, bytes: &[u8], text: &str, context: &Context) -> Option<Found> {
    if bytes.len() > WHOLE {
        return None;
    }
    let form = super::recognise(bytes)?;
    if matches!(form, Form::TokenRequest | Form::PropertyList | Form::Unknown) {
        return None;
    }
    let artifact = inspect(name, bytes, context);
    Some(Found { artifact, place: 0..text.len(), whole: true, sure: true })
}

/// What the text says in words, outside of the artifacts found.
fn statements(name: &str, text: &str, found: &[Found]) -> Vec<Found> {
    if found.iter().any(|one| one.whole) {
        return Vec::new();
    }
    let told = said(text).into_iter().map(|said| {
        let mut artifact = Artifact::new(&format!("{name} (what it says)"), Form::Unknown);
        for (fact, value) in &said.facts {
            artifact.fact(fact, value);
        }
        artifact.check(said.check);
        Found { artifact, place: said.place, whole: false, sure: said.sure }
    });
    told.collect()
}

fn cut_out(text: &str, cut: Cut, at: usize) -> Option<Range<usize>> {
    match cut {
        Cut::Token => {
            let window = clip(text, at..at + (64 << 10));
            jwt::leading(window).map(|length| at..at + length)
        }
        Cut::Pem => pem(text, at),
        Cut::Plist => {
            let from = floor(text, at.saturating_sub(400));
            let window = clip(text, from..from + LIST);
            let (start, end) = property_list::xml_range(window).filter(|_| window.contains("</plist>"))?;
            (from + start <= at).then(|| widened(text, from + start, from + end))
        }
        Cut::Json => json(text, at),
        Cut::Run => {
            let window = clip(text, at..at + WINDOW);
            let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '-' | '_');
            let end = window.find(|c: char| !part(c)).unwrap_or(window.len());
            (end > 80).then(|| at..at + end)
        }
        Cut::Paragraph => Some(paragraph(text, at)),
        Cut::Braces => Some(braces(text, at)),
        Cut::Answer => answer(text, at),
        Cut::Request => {
            let place = paragraph(text, at);
            (place.len() < 16 << 10).then_some(place)
        }
    }
}

/// A block of PEM, and those that follow it at once; the hyphens before it are part of it.
fn pem(text: &str, at: usize) -> Option<Range<usize>> {
    let before = clip(text, at.saturating_sub(8)..at);
    let start = at - (before.len() - before.trim_end_matches('-').len());
    let mut end = start;
    loop {
        let window = clip(text, end..end + WINDOW);
        let close = window.find("-END ")?;
        let last = tail(window, close + 5).find('-').map(|at| close + 5 + at)?;
        let hyphens = tail(window, last).len() - tail(window, last).trim_start_matches('-').len();
        end += last + hyphens;
        let rest = clip(text, end..end + 40);
        let gap = rest.len() - rest.trim_start().len();
        if gap > 2 || !rest.trim_start().starts_with("-----BEGIN") {
            return Some(start..end);
        }
    }
}

/// codesign names the program before it prints its entitlements.
fn widened(text: &str, start: usize, end: usize) -> Range<usize> {
    let before = clip(text, start.saturating_sub(300)..start);
    let line = before.trim_end().rsplit('\n').next().unwrap_or("");
    let from = if line.starts_with("Executable=") { before.rfind(line).map_or(start, |at| start - before.len() + at) } else { start };
    from..end
}

/// The JSON document around a mark: from the outermost brace before it that a document begins with. One that is broken is cut out by its braces.
fn json(text: &str, at: usize) -> Option<Range<usize>> {
    let opens = enclosing(text, at);
    for start in opens.iter().rev().take(6).rev() {
        let window = clip(text, *start..*start + WINDOW);
        let mut documents = serde_json::Deserializer::from_str(window).into_iter::<serde::de::IgnoredAny>();
        if matches!(documents.next(), Some(Ok(_))) {
            let end = start + documents.byte_offset();
            if end > at {
                return Some(with_head(text, *start)..end);
            }
        }
    }
    let start = *opens.first()?;
    let looks_like_json = tail(text, start + 1).trim_start().starts_with(['"', '{']) && line_before(text, start).trim().is_empty();
    let end = balanced(text, start)?;
    (looks_like_json && end > at).then(|| with_head(text, start)..end)
}

/// The braces and brackets that are open at a place, the outermost first. Those in strings count too: a document with such strings is rare, and
/// the parser has the last word.
fn enclosing(text: &str, at: usize) -> Vec<usize> {
    let from = floor(text, at.saturating_sub(BEFORE));
    let mut open: Vec<usize> = Vec::new();
    for (offset, byte) in clip(text, from..at).bytes().enumerate() {
        match byte {
            b'{' | b'[' => open.push(from + offset),
            b'}' | b']' => {
                open.pop();
            }
            _ => {}
        }
    }
    open
}

/// Where the brace that opens at `start` is closed.
fn balanced(text: &str, start: usize) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (offset, byte) in clip(text, start..start + WINDOW).bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => depth += 1,
            b'}' | b']' if !quoted => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(start + offset + 1);
                }
            }
            _ => {}
        }
    }
    None
}

fn line_before(text: &str, at: usize) -> &str {
    let before = clip(text, at.saturating_sub(400)..at);
    before.rsplit('\n').next().unwrap_or("")
}

/// The status line and headers of an answer belong to the body that follows them.
fn with_head(text: &str, body: usize) -> usize {
    let from = floor(text, body.saturating_sub(8 << 10));
    let before = clip(text, from..body);
    let mut start = body;
    let mut at = before.len();
    for line in before.split_inclusive('\n').rev() {
        at -= line.len();
        let plain = line.trim().trim_start_matches("< ").trim_start_matches('<');
        if plain.get(..5).is_some_and(|head| head == "HTTP/") {
            start = from + at;
        } else if !plain.is_empty()
            && !plain.split_once(':').is_some_and(|(name, _)| is_header(name))
            && !line.starts_with(['*', '{', '}', '['])
        {
            break;
        }
    }
    start
}

fn is_header(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// An answer whose body is a page where an association file was asked for: from its status line to the page's end.
fn answer(text: &str, at: usize) -> Option<Range<usize>> {
    let lead = line_before(text, at).trim_start();
    if !matches!(lead.trim(), "" | "<") {
        return None;
    }
    let start = at - lead.len();
    let asked = clip(text, start.saturating_sub(600)..start).contains("apple-app-site-association");
    let window = clip(text, start..start + (16 << 10));
    let page = window.find("<!DOCTYPE html").or_else(|| window.find("<!doctype html")).or_else(|| window.find("<html"))?;
    let end = tail(window, page).find("</html>").map_or(window.len(), |end| page + end + "</html>".len());
    let named = asked || clip(window, 0..end).contains("apple-app-site-association");
    named.then(|| start..start + end)
}

/// The lines around a place up to an empty one; those of a state with several titled parts up to its last.
fn paragraph(text: &str, at: usize) -> Range<usize> {
    let from = floor(text, at.saturating_sub(WINDOW));
    let before = clip(text, from..at);
    let state = clip(text, at..at + 24).starts_with("Device Configuration:");
    let identities = clip(text, at..at + 16).starts_with("identities found");
    let start = if identities {
        before.rfind("Policy:").or_else(|| before.rfind("\n\n").map(|at| at + 2)).map_or(from, |at| from + at)
    } else if state {
        at
    } else {
        before.rfind("\n\n").map_or(from, |gap| from + gap + 2)
    };
    let after = clip(text, at..at + WINDOW);
    let end = if state {
        let tokens = after.find("SSO Tokens:").or_else(|| after.find("User Configuration:")).unwrap_or(0);
        let rest = tail(after, tokens);
        tokens + rest.find("\n\n").unwrap_or(rest.len())
    } else if identities {
        after.find("valid identities found").map_or(after.len().min(20), |end| end + "valid identities found".len())
    } else {
        after.find("\n\n").unwrap_or(after.len())
    };
    start..at + end
}

/// The innermost braces or brackets around a mark, if they are near; else its line.
fn braces(text: &str, at: usize) -> Range<usize> {
    let start = enclosing(text, at).into_iter().next_back().filter(|start| at - start < 4 << 10);
    let end = start.and_then(|start| balanced(text, start)).filter(|end| *end > at);
    if let (Some(start), Some(end)) = (start, end) {
        return start..end;
    }
    let line = line_before(text, at);
    let rest = clip(text, at..at + (4 << 10));
    at - line.len()..at + rest.find('\n').unwrap_or(rest.len())
}
