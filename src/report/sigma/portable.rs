//! Regular expressions that mean the same to other engines: RE2 (`ClickHouse`, Loki), and Python, with which the public converters read rules.

const FLAGS: &str = "a regular expression with flags in its middle";
const CLASSES: &str = "a regular expression with a class or an anchor that not every engine knows";
const REPEATS: &str = "a regular expression with more repeats than RE2 allows";
/// RE2 allows no larger count.
const REPEAT: usize = 1000;
/// What cleaning makes a straight single quote of, and a double one.
const SINGLE: &str = "\u{2018}\u{2019}\u{201a}\u{201b}\u{2032}";
const DOUBLE: &str = "\u{201c}\u{201d}\u{201e}\u{201f}\u{2033}";

/// The expression for other engines, and whether its case counts.
pub(super) fn portable(regex: &str) -> Result<(String, bool), &'static str> {
    let (source, cased) = regex.strip_prefix("(?-i)").map_or((regex, false), |rest| (rest, true));
    let source = if cased { source } else { source.strip_prefix("(?i)").unwrap_or(source) };
    let source = unnamed(source);
    for (at, _) in source.match_indices("(?") {
        if source.get(at + 2..at + 3) != Some(":") {
            return Err(FLAGS);
        }
    }
    if ["\\p", "\\P", "\\A", "\\z", "\\x{", "\\u", "\\h", "\\H", "\\K", "\\Q", "&&", "[[:"].iter().any(|part| source.contains(part)) {
        return Err(CLASSES);
    }
    if source
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next())
        .any(|range| range.split(',').filter_map(|number| number.trim().parse::<usize>().ok()).any(|number| number > REPEAT))
    {
        return Err(REPEATS);
    }
    Ok((quotes(&source), cased))
}

/// Groups without names: who looks for lines needs none.
fn unnamed(source: &str) -> String {
    let mut out = String::new();
    let mut rest = source;
    while let Some((before, behind)) = rest.split_once("(?") {
        out.push_str(before);
        let named = behind.strip_prefix("P<").or_else(|| behind.strip_prefix('<'));
        rest = if let Some((_, inner)) = named.and_then(|name| name.split_once('>')) {
            out.push_str("(?:");
            inner
        } else {
            out.push_str("(?");
            behind
        };
    }
    out.push_str(rest);
    out
}

/// The expression with every quote standing for its curly forms too, which are stored as they were sent.
pub(super) fn quotes(source: &str) -> String {
    let mut out = String::new();
    let mut in_class = false;
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        let curly = match c {
            '\\' => {
                // A quote behind a backslash is a quote; all else is kept with it.
                match chars.next() {
                    Some(next @ ('\'' | '"')) => push_quote(&mut out, next, in_class),
                    Some(next) => out.extend(['\\', next]),
                    None => out.push('\\'),
                }
                continue;
            }
            '[' if !in_class => {
                in_class = true;
                false
            }
            ']' if in_class => {
                in_class = false;
                false
            }
            '\'' | '"' => true,
            _ => false,
        };
        if curly { push_quote(&mut out, c, in_class) } else { out.push(c) }
    }
    out
}

fn push_quote(out: &mut String, quote: char, in_class: bool) {
    let forms = if quote == '\'' { SINGLE } else { DOUBLE };
    if in_class {
        out.push(quote);
        out.push_str(forms);
        return;
    }
    out.push_str("(?:");
    out.push(quote);
    for form in forms.chars() {
        out.extend(['|', form]);
    }
    // As property lists and JSON print them.
    out.push_str(if quote == '\'' { r"|\\[Uu]201[89])" } else { r"|\\[Uu]201[CcDd])" });
}
