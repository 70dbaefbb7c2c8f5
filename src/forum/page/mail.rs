//! Mails: one, or an mbox of many; answers are put under the mail that they answer.
//!
//! Read here and not by a crate: of mail only headers, the text part and its transfer encoding are needed, and the crates for it bring
//! charsets and MIME trees that nothing else uses.

use super::{Page, PageForm, markup};
use crate::forum::date::moment;
use crate::forum::said::{one_line, tidy};
use crate::forum::thread::{Counts, Reply, Thread};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A mail, read.
#[derive(Debug, Default)]
struct Mail {
    line: usize,
    id: String,
    answers: Vec<String>,
    subject: String,
    from: String,
    date: String,
    body: String,
}

/// Reads a mail or an mbox; none where the text is neither.
pub(super) fn read(text: &str) -> Option<Page> {
    let mbox = text.starts_with("From ") && text.lines().nth(1).is_some_and(is_header);
    if !mbox && !is_mail(text) {
        return None;
    }
    let (form, why) =
        if mbox { (PageForm::Mbox, "mails that begin with `From ` lines") } else { (PageForm::Mail, "the headers of a mail") };
    let mut page = Page::new(form, why);
    let pieces = if mbox { split(text) } else { vec![(1, text.to_owned())] };
    let mut roots: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for (line, piece) in pieces {
        let mail = mail(line, &piece);
        if mail.subject.is_empty() && mail.body.is_empty() {
            page.problem(line, "a mail without a subject and without a text");
            continue;
        }
        file(&mut page, &mut roots, mail);
    }
    Some(page)
}

fn is_header(line: &str) -> bool {
    line.split_once(':').is_some_and(|(name, _)| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
}

/// At least three headers, a subject and a sender among them.
fn is_mail(text: &str) -> bool {
    let head: Vec<&str> = text.lines().take_while(|line| !line.trim().is_empty()).take(200).collect();
    let has = |name: &str| head.iter().any(|line| line.get(..name.len()).is_some_and(|front| front.eq_ignore_ascii_case(name)));
    head.first().is_some_and(|line| is_header(line)) && head.len() >= 3 && has("Subject:") && has("From:")
}

/// The mails of an mbox with their first lines; `>From` in a text loses its mark.
fn split(text: &str) -> Vec<(usize, String)> {
    let mut pieces: Vec<(usize, String)> = Vec::new();
    let mut blank = true;
    for (at, line) in text.lines().enumerate() {
        if blank && line.starts_with("From ") {
            pieces.push((at + 1, String::new()));
        } else if let Some((_, piece)) = pieces.last_mut() {
            let plain = line.trim_start_matches('>').starts_with("From ") && line.starts_with('>');
            piece.push_str(if plain { line.strip_prefix('>').unwrap_or(line) } else { line });
            piece.push('\n');
        }
        blank = line.trim().is_empty();
    }
    pieces
}

/// Puts a mail into the page: as a reply where it answers one that is there, else as a thread.
fn file(page: &mut Page, roots: &mut std::collections::BTreeMap<String, usize>, mail: Mail) {
    let bare = subject(&mail.subject).to_lowercase();
    let by_reference = mail.answers.iter().find_map(|id| roots.get(id)).copied();
    let answers = !mail.answers.is_empty() || subject(&mail.subject) != mail.subject;
    let root = by_reference.or_else(|| if answers { roots.get(&format!("subject {bare}")).copied() } else { None });
    let when = moment(&mail.date, None);
    if let Some(thread) = root.and_then(|at| page.threads.get_mut(at)) {
        thread.replies.push(Reply {
            author: mail.from.clone(),
            staff: mail.from.ends_with("@apple.com"),
            accepted: false,
            when,
            body: mail.body,
        });
        thread.counts.replies = Some(thread.replies.len() as u64);
        thread.when = thread.when.max(when);
        if !mail.id.is_empty() {
            roots.insert(mail.id, root.unwrap_or_default());
        }
        return;
    }
    let at = page.threads.len();
    roots.insert(format!("subject {bare}"), at);
    if !mail.id.is_empty() {
        roots.insert(mail.id, at);
    }
    page.threads.push(Thread {
        title: one_line(subject(&mail.subject)),
        body: mail.body,
        author: mail.from,
        activity: when.map(crate::forum::Moment::date).unwrap_or_default(),
        when,
        created: when,
        counts: Counts { replies: Some(0), boosts: None, views: None },
        line: mail.line,
        ..Thread::default()
    });
}

/// A subject without `Re:`, `Fwd:` and list names.
fn subject(written: &str) -> &str {
    let mut rest = written.trim();
    loop {
        let lower = rest.to_ascii_lowercase();
        let taken = ["re:", "aw:", "fwd:", "fw:"].iter().find(|mark| lower.starts_with(**mark)).map_or(0, |mark| mark.len());
        if taken == 0 {
            return rest;
        }
        rest = crate::text::tail(rest, taken).trim_start();
    }
}

fn mail(line: usize, text: &str) -> Mail {
    let (headers, body) = headers(text);
    let get = |name: &str| headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value.as_str());
    let ids = |text: &str| text.split(['<', '>']).filter(|id| id.contains('@')).map(str::to_owned).collect::<Vec<_>>();
    let mut answers = ids(get("In-Reply-To"));
    answers.extend(ids(get("References")).into_iter().rev());
    Mail {
        line,
        id: ids(get("Message-ID")).into_iter().next().unwrap_or_default(),
        answers,
        subject: one_line(&words(get("Subject"))),
        from: one_line(&words(get("From"))),
        date: get("Date").split('(').next().unwrap_or("").trim().to_owned(),
        body: tidy(part(&headers, body, 0).trim()),
    }
}

/// The headers, unfolded, and what follows them.
fn headers(text: &str) -> (Vec<(String, String)>, &str) {
    let mut headers: Vec<(String, String)> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        at += line.len();
        let shown = line.trim_end();
        if shown.is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = headers.last_mut() {
                value.push(' ');
                value.push_str(shown.trim());
            }
        } else if let Some((name, value)) = shown.split_once(':') {
            headers.push((name.to_owned(), value.trim().to_owned()));
        }
    }
    (headers, crate::text::tail(text, at))
}

/// Parts inside parts are followed so far.
const DEPTH: usize = 8;

/// The text of a part: plain text before HTML, of several the first that has any.
fn part(headers: &[(String, String)], body: &str, depth: usize) -> String {
    let get = |name: &str| headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value.as_str());
    let kind = get("Content-Type").to_ascii_lowercase();
    if kind.starts_with("multipart/") && depth < DEPTH {
        let Some(boundary) = parameter(get("Content-Type"), "boundary") else { return body.to_owned() };
        let marked = format!("--{boundary}");
        let parts: Vec<(Vec<(String, String)>, &str)> =
            body.split(marked.as_str()).skip(1).map(|piece| self::headers(piece.trim_start_matches(['\r', '\n']))).collect();
        let is = |part: &&(Vec<(String, String)>, &str), kind: &str| {
            part.0.iter().any(|(name, value)| name.eq_ignore_ascii_case("Content-Type") && value.to_ascii_lowercase().starts_with(kind))
        };
        let chosen = ["text/plain", "multipart/", "text/html"].iter().find_map(|kind| parts.iter().find(|part| is(part, kind)));
        return chosen.or(parts.first()).map(|(headers, body)| part(headers, body, depth + 1)).unwrap_or_default();
    }
    let text = match get("Content-Transfer-Encoding").to_ascii_lowercase().as_str() {
        "base64" => {
            let packed: String = body.chars().filter(|c| !c.is_whitespace()).collect();
            STANDARD.decode(packed).map_or_else(|_| body.to_owned(), |bytes| decoded(&bytes, &kind))
        }
        "quoted-printable" => decoded(&quoted(body, false), &kind),
        _ => body.to_owned(),
    };
    if kind.starts_with("text/html") { markup::to_text(&text) } else { text }
}

fn parameter(header: &str, name: &str) -> Option<String> {
    header.split(';').skip(1).find_map(|field| {
        let (key, value) = field.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// Bytes as text: Latin-1 where that is named, else UTF-8.
fn decoded(bytes: &[u8], kind: &str) -> String {
    if kind.contains("8859-1") || kind.contains("windows-1252") {
        return bytes.iter().map(|byte| char::from(*byte)).collect();
    }
    String::from_utf8_lossy(bytes).into_owned()
}

/// Quoted-printable; in headers an underscore is a space.
fn quoted(text: &str, header: bool) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let rest = bytes.get(at + 1..).unwrap_or(&[]);
        match (byte, rest) {
            (b'=', [b'\r', b'\n', ..]) => at += 2,
            (b'=', [b'\n', ..]) => at += 1,
            (b'=', [high, low, ..]) => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16);
                if let Some(value) = digit(high).zip(digit(low)).and_then(|(high, low)| u8::try_from(high * 16 + low).ok()) {
                    out.push(value);
                    at += 2;
                } else {
                    out.push(b'=');
                }
            }
            (b'_', _) if header => out.push(b' '),
            _ => out.push(*byte),
        }
        at += 1;
    }
    out
}

/// A header with encoded words: `=?UTF-8?Q?Caf=C3=A9?=`.
fn words(header: &str) -> String {
    let mut out = String::new();
    let mut rest = header;
    while let Some((before, after)) = rest.split_once("=?") {
        let fields: Vec<&str> = after.splitn(4, '?').collect();
        let (Some(charset), Some(way), Some(text), Some(tail)) = (fields.first(), fields.get(1), fields.get(2), fields.get(3)) else {
            break;
        };
        let Some(tail) = tail.strip_prefix('=') else { break };
        let bytes = if way.eq_ignore_ascii_case("b") { STANDARD.decode(text).unwrap_or_default() } else { quoted(text, true) };
        // White space between two encoded words is no part of the text.
        if !before.trim().is_empty() || out.is_empty() {
            out.push_str(before);
        }
        out.push_str(&decoded(&bytes, &charset.to_ascii_lowercase()));
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use crate::forum::page::{PageForm, read};

    #[test]
    fn an_mbox_with_an_answer() {
        let text = "From a@example.com Sat Jan  3 10:00:00 2026\nFrom: Sam <sam@example.com>\nSubject: =?UTF-8?Q?Keychain_caf=C3=A9?= fails\nDate: Sat, 3 Jan 2026 10:00:00 +0100\nMessage-ID: <1@example.com>\n\nIt says -25300.\n>From here on.\n\n\
            From b@example.com Sat Jan  3 11:00:00 2026\nFrom: eng@apple.com\nSubject: Re: =?UTF-8?Q?Keychain_caf=C3=A9?= fails\nDate: Sun, 4 Jan 2026 10:00:00 +0100\nIn-Reply-To: <1@example.com>\n\nWhich group?\n\n\
            From c@example.com x\nFrom: c\nX: y\n\n\n";
        let page = read(text.as_bytes(), None);
        assert_eq!((page.form, page.threads.len(), page.problems.len()), (PageForm::Mbox, 1, 1));
        let thread = &page.threads[0];
        assert_eq!((thread.title.as_str(), thread.body.as_str()), ("Keychain café fails", "It says -25300.\nFrom here on."));
        assert!(thread.replies.len() == 1 && thread.replies[0].staff && thread.when.unwrap().date() == "2026-01-04");
        assert_eq!(page.problems[0].line, 18);
    }

    #[test]
    fn a_mail_of_parts() {
        let text = "From: a@example.com\nTo: b@example.com\nSubject: A passkey\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=\"xx\"\n\n--xx\nContent-Type: text/html\n\n<p>no</p>\n--xx\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nSGVsbG8g4oKs\n--xx--\n";
        let page = read(text.as_bytes(), None);
        assert_eq!((page.form, page.threads[0].body.as_str()), (PageForm::Mail, "Hello €"));
        let text = "From: a\nTo: b\nSubject: q\nContent-Transfer-Encoding: quoted-printable\n\na=3Db and =\nmore =zz\n";
        assert_eq!(read(text.as_bytes(), None).threads[0].body, "a=b and more =zz");
    }

    #[test]
    fn prose_that_begins_with_from_is_no_mail() {
        for text in ["From here on it fails.\nWhy?\n", "Error: x\nDomain: y\nCode: 3\n\nHelp\n"] {
            assert_eq!(read(text.as_bytes(), None).form, PageForm::Question, "{text}");
        }
    }
}
