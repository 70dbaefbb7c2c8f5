//! A small lexer for the snippets on our pages: Swift, Objective-C, shell, JSON, XML and property lists, YAML.

use crate::app::ink::{Role, Span};

/// What a language looks like, as far as colours care.
struct Language {
    line_comments: &'static [&'static str],
    block: Option<(&'static str, &'static str)>,
    quotes: &'static [char],
    keywords: &'static [&'static str],
    /// A word in front of a colon is a name.
    names: bool,
    /// A sign in front of a word makes it a keyword: `@available`, `--option`.
    signs: &'static [char],
}

const SWIFT: Language = Language {
    line_comments: &["//"],
    block: Some(("/*", "*/")),
    quotes: &['"'],
    keywords: &[
        "let",
        "var",
        "func",
        "if",
        "else",
        "guard",
        "return",
        "switch",
        "case",
        "default",
        "for",
        "in",
        "while",
        "do",
        "try",
        "catch",
        "throw",
        "throws",
        "async",
        "await",
        "class",
        "struct",
        "enum",
        "protocol",
        "extension",
        "import",
        "self",
        "nil",
        "true",
        "false",
        "as",
        "is",
        "private",
        "public",
        "static",
        "init",
        "defer",
        "where",
        "actor",
        "override",
        "final",
        "some",
        "any",
    ],
    names: false,
    signs: &['@', '#'],
};
const OBJC: Language = Language {
    line_comments: &["//"],
    block: Some(("/*", "*/")),
    quotes: &['"', '\''],
    keywords: &[
        "if",
        "else",
        "for",
        "while",
        "return",
        "switch",
        "case",
        "break",
        "id",
        "void",
        "int",
        "BOOL",
        "YES",
        "NO",
        "nil",
        "NULL",
        "self",
        "const",
        "static",
        "struct",
        "NSString",
        "NSDictionary",
        "NSError",
        "OSStatus",
        "CFTypeRef",
        "CFDictionaryRef",
        "__bridge",
        "typedef",
        "enum",
        "extern",
    ],
    names: false,
    signs: &['@', '#'],
};
const SHELL: Language = Language {
    line_comments: &["#"],
    block: None,
    quotes: &['"', '\''],
    keywords: &["if", "then", "else", "fi", "for", "do", "done", "while", "case", "esac", "in", "function", "export", "sudo", "$"],
    names: false,
    signs: &['-', '$'],
};
const JSON: Language =
    Language { line_comments: &[], block: None, quotes: &['"'], keywords: &["true", "false", "null"], names: true, signs: &[] };
const YAML: Language =
    Language { line_comments: &["#"], block: None, quotes: &['"', '\''], keywords: &["true", "false", "null"], names: true, signs: &[] };
const XML: Language =
    Language { line_comments: &[], block: Some(("<!--", "-->")), quotes: &['"'], keywords: &[], names: false, signs: &['<', '/'] };

fn language(info: &str) -> Option<&'static Language> {
    let word = info.split_whitespace().next().unwrap_or("").to_ascii_lowercase();
    Some(match word.as_str() {
        "swift" => &SWIFT,
        "objc" | "objective-c" | "objectivec" | "c" | "m" => &OBJC,
        "console" | "shell" | "sh" | "bash" | "zsh" => &SHELL,
        "json" => &JSON,
        "yaml" | "yml" => &YAML,
        "xml" | "plist" | "html" => &XML,
        _ => return None,
    })
}

/// The lines of a snippet as spans; a language that is not known comes as it is.
#[must_use]
pub fn highlight(info: &str, text: &str) -> Vec<Vec<Span>> {
    let Some(language) = language(info) else {
        return text.lines().map(|line| vec![Span::new(line, Role::Code)]).collect();
    };
    let mut in_block = false;
    text.lines().map(|line| Lexer { language, rest: line, out: Vec::new() }.line(&mut in_block)).collect()
}

struct Lexer<'a> {
    language: &'static Language,
    rest: &'a str,
    out: Vec<Span>,
}

impl Lexer<'_> {
    fn line(mut self, in_block: &mut bool) -> Vec<Span> {
        while !self.rest.is_empty() {
            if *in_block {
                self.block_comment(in_block);
            } else if !self.comment(in_block) && !self.quoted() && !self.word() {
                let length = self.rest.chars().next().map_or(1, char::len_utf8);
                self.take(length, Role::Code);
            }
        }
        self.out
    }

    fn take(&mut self, length: usize, role: Role) {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        match self.out.last_mut() {
            Some(last) if last.role == role => last.text.push_str(taken),
            _ => self.out.push(Span::new(taken, role)),
        }
    }

    fn block_comment(&mut self, in_block: &mut bool) {
        let close = self.language.block.map_or("", |(_, close)| close);
        let end = self.rest.find(close).map(|at| at + close.len());
        *in_block = end.is_none();
        self.take(end.unwrap_or(self.rest.len()), Role::Comment);
    }

    fn comment(&mut self, in_block: &mut bool) -> bool {
        // `#` in a shell word, as in `$#` or `file#1`, is no comment.
        let free = self.out.last().is_none_or(|span| span.text.ends_with([' ', '\t', ';', '{', '}', ')', ',']));
        if self.language.line_comments.iter().any(|mark| self.rest.starts_with(mark) && (free || *mark == "//")) {
            self.take(self.rest.len(), Role::Comment);
            return true;
        }
        if self.language.block.is_some_and(|(open, _)| self.rest.starts_with(open)) {
            *in_block = true;
            self.block_comment(in_block);
            return true;
        }
        false
    }

    fn quoted(&mut self) -> bool {
        let Some(quote) = self.rest.chars().next().filter(|c| self.language.quotes.contains(c)) else { return false };
        let mut escaped = false;
        let mut end = self.rest.len();
        for (at, c) in self.rest.char_indices().skip(1) {
            if c == quote && !escaped {
                end = at + c.len_utf8();
                break;
            }
            escaped = c == '\\' && !escaped;
        }
        let is_name = self.language.names && crate::text::tail(self.rest, end).trim_start().starts_with(':');
        self.take(end, if is_name { Role::Keyword } else { Role::Quoted });
        true
    }

    fn word(&mut self) -> bool {
        let sign = self.rest.chars().next().filter(|c| self.language.signs.contains(c)).map_or(0, char::len_utf8);
        let double = if sign == 1 && self.rest.starts_with("--") || self.rest.starts_with("</") { 2 } else { sign };
        let body = crate::text::tail(self.rest, double);
        let in_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-' && (self.language.names || sign > 0);
        let length = body.find(|c| !in_word(c)).unwrap_or(body.len());
        let word = crate::text::clip(body, 0..length);
        if length == 0 {
            return false;
        }
        let is_name = self.language.names && crate::text::tail(body, length).trim_start().starts_with(':');
        let starts_word = self.out.last().is_none_or(|span| !span.text.ends_with(char::is_alphanumeric));
        let role = if sign > 0 && starts_word || is_name || self.language.keywords.contains(&word) {
            Role::Keyword
        } else if word.starts_with(|c: char| c.is_ascii_digit()) {
            Role::Number
        } else {
            Role::Code
        };
        self.take(double + length, role);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(info: &str, text: &str) -> Vec<(String, Role)> {
        highlight(info, text).into_iter().flatten().map(|span| (span.text, span.role)).collect()
    }

    fn has(info: &str, text: &str, piece: &str, role: Role) {
        let found = of(info, text);
        assert!(found.iter().any(|(text, of)| text == piece && *of == role), "{piece} as {role:?} in {found:?}");
    }

    #[test]
    fn each_language() {
        has("swift", "let x = \"a\\\"b\" // why", "let", Role::Keyword);
        has("swift", "let x = \"a\\\"b\" // why", "\"a\\\"b\"", Role::Quoted);
        has("swift", "let x = \"a\\\"b\" // why", "// why", Role::Comment);
        has("swift", "@available(iOS 17, *)", "@available", Role::Keyword);
        has("objc", "NSString *s = @\"x\"; /* a */ return s;", "/* a */", Role::Comment);
        has("console", "codesign --verify -d App.app # look", "--verify", Role::Keyword);
        has("console", "codesign -d App.app # look", "# look", Role::Comment);
        has("json", "{\"code\": -34018, \"x\": true}", "\"code\"", Role::Keyword);
        has("json", "{\"code\": 34018}", "34018", Role::Number);
        has("yaml", "team-id: abc # c", "team-id", Role::Keyword);
        has("xml", "<key>a</key><!-- c -->", "<key", Role::Keyword);
        has("xml", "<key>a</key><!-- c -->", "<!-- c -->", Role::Comment);
    }

    #[test]
    fn nothing_is_lost_and_blocks_go_over_lines() {
        let text = "a /* b\n c */ d\n\n漢 'open";
        let lines = highlight("objc", text);
        let joined: Vec<String> = lines.iter().map(|line| line.iter().map(|span| span.text.as_str()).collect()).collect();
        assert_eq!(joined.join("\n"), text);
        assert_eq!(lines[1][0], Span::new(" c */", Role::Comment));
        assert_eq!(of("unknown", "let x"), [("let x".to_owned(), Role::Code)]);
    }
}
