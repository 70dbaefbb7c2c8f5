//! Filling what an input said into a page's sentences: `{name}`.

/// The names in braces that `text` asks for: lower-case words, so that code in a sentence is left alone.
#[must_use]
pub fn placeholders(text: &str) -> Vec<String> {
    pieces(text).into_iter().filter_map(|(_, name)| name.map(str::to_owned)).collect()
}

/// `text` with every placeholder filled from `named`. One that the input did not give goes, with the space in front of it, so that the
/// sentence still reads.
#[must_use]
pub fn fill(text: &str, named: &[(String, String)]) -> String {
    let mut out = String::with_capacity(text.len());
    for (before, name) in pieces(text) {
        out.push_str(before);
        let Some(name) = name else { continue };
        match named.iter().find(|(known, value)| known == name && !value.trim().is_empty()) {
            Some((_, value)) => out.push_str(value.trim()),
            None => out.truncate(out.trim_end_matches([' ', '`', '"']).len()),
        }
    }
    out
}

/// The text cut at its placeholders: what stands before each, and its name.
fn pieces(text: &str) -> Vec<(&str, Option<&str>)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut from = 0;
    while let Some(open) = rest.get(from..).and_then(|tail| tail.find('{')).map(|at| at + from) {
        let inside = rest.get(open + 1..).and_then(|tail| tail.split_once('}')).map(|(name, _)| name);
        match inside {
            Some(name) if is_name(name) && !rest.get(..open).is_some_and(|before| before.ends_with('$')) => {
                pieces.push((rest.get(..open).unwrap_or(""), Some(name)));
                rest = rest.get(open + name.len() + 2..).unwrap_or("");
                from = 0;
            }
            _ => from = open + 1,
        }
    }
    pieces.push((rest, None));
    pieces
}

fn is_name(name: &str) -> bool {
    (2..=24).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_what_is_there_and_drops_what_is_not() {
        let named = [("group".to_owned(), "ABCDE12345.x".to_owned())];
        assert_eq!(fill("The group {group} is not granted.", &named), "The group ABCDE12345.x is not granted.");
        assert_eq!(fill("The group {group} is not granted.", &[]), "The group is not granted.");
        assert_eq!(fill("JSON {\"a\": 1} and ${name} and {X}", &named), "JSON {\"a\": 1} and ${name} and {X}");
        assert_eq!(placeholders("{group} and {path}"), ["group", "path"]);
    }
}
