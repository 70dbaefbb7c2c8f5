//! Cutting text into words that are found whole and by their parts.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// tantivy's view of [`cut`].
#[derive(Debug, Clone, Default)]
pub(super) struct CodeTokenizer;

/// Tokens made beforehand.
#[derive(Debug)]
pub(super) struct Cut {
    tokens: Vec<Token>,
    at: usize,
}

impl Tokenizer for CodeTokenizer {
    type TokenStream<'a> = Cut;
    fn token_stream<'a>(&'a mut self, text: &'a str) -> Cut {
        let mut tokens = Vec::new();
        for (position, word) in words(text).enumerate() {
            for piece in pieces(word) {
                tokens.push(Token { position, text: piece, ..Token::default() });
            }
        }
        Cut { tokens, at: 0 }
    }
}

impl TokenStream for Cut {
    fn advance(&mut self) -> bool {
        self.at += 1;
        self.at <= self.tokens.len()
    }
    fn token(&self) -> &Token {
        &self.tokens[self.at - 1]
    }
    fn token_mut(&mut self) -> &mut Token {
        &mut self.tokens[self.at - 1]
    }
}

/// The words of a text: runs without white space or brackets, without the punctuation around them; a minus in front of a digit stays.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| {
        c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>' | '"' | '`' | ',' | ';' | '|' | '=' | '“' | '”')
    })
    .map(|word| {
        let word = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        let start = word.trim_start_matches(|c: char| !c.is_alphanumeric());
        let before = word.len() - start.len();
        let minus = start.starts_with(|c: char| c.is_ascii_digit()) && word.get(..before).is_some_and(|lead| lead.ends_with('-'));
        if minus { word.get(before - 1..).unwrap_or(start) } else { start }
    })
    .filter(|word| !word.is_empty())
}

/// A word as it is found: whole, by the parts between its joints and inner capitals, and without its ending; lower case, each once.
pub(super) fn pieces(word: &str) -> Vec<String> {
    let mut out = vec![word.to_lowercase()];
    let mut add = |piece: String| {
        if !piece.is_empty() && !out.contains(&piece) {
            out.push(piece);
        }
    };
    for part in word.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()) {
        let camel = camel_parts(part);
        if camel.len() > 1 {
            camel.iter().filter(|piece| piece.len() > 1).for_each(|piece| add(piece.to_lowercase()));
        }
        let lower = part.to_lowercase();
        if let Some(stem) = stem(&lower) {
            add(stem.to_owned());
        }
        add(lower);
    }
    out
}

/// `kSecAttrAccessGroup` is k, Sec, Attr, Access, Group; `NSURLError` is NSURL, Error.
fn camel_parts(word: &str) -> Vec<String> {
    let chars: Vec<char> = word.chars().collect();
    let mut parts: Vec<String> = Vec::new();
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let after = chars.get(at + 1);
        let begins = before.is_none_or(|b| {
            c.is_uppercase() && (b.is_lowercase() || after.is_some_and(|a| a.is_lowercase())) || c.is_numeric() != b.is_numeric()
        });
        if begins {
            parts.push(String::new());
        }
        if let Some(last) = parts.last_mut() {
            last.push(*c);
        }
    }
    parts
}

/// An English word without its commonest endings, so that `signing` and `signed` find `sign`. None where nothing is taken off.
fn stem(word: &str) -> Option<&str> {
    if !word.is_ascii() || word.len() < 5 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    ["ings", "ing", "ies", "ed", "es", "s"].iter().find_map(|ending| word.strip_suffix(ending)).filter(|stem| stem.len() >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_symbols_and_identifiers_whole_and_in_parts() {
        let has = |word: &str, piece: &str| pieces(word).contains(&piece.to_owned());
        assert_eq!(words("failed (-25300), “kSecAttr”.").collect::<Vec<_>>(), ["failed", "-25300", "kSecAttr"]);
        assert!(has("-25300", "-25300") && has("-25300", "25300"));
        assert!(
            has("kSecAttrAccessGroup", "ksecattraccessgroup")
                && has("kSecAttrAccessGroup", "access")
                && has("kSecAttrAccessGroup", "group")
        );
        assert!(
            has("com.apple.developer.team-identifier", "team")
                && has("com.apple.developer.team-identifier", "com.apple.developer.team-identifier")
        );
        assert!(has("signing", "sign") && has("errSecItemNotFound", "item"));
    }
}
