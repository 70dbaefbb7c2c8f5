//! POSIX errors: by symbol, by number behind `errno`, by the system's sentence.

use super::family::Family;
use super::{Fact, Kind, Scope};
use crate::knowledge::{Catalogue, Code};
use crate::pattern::Pattern;
use std::sync::LazyLock;

pub(super) static FAMILY: Family = Family {
    triggers: &[
        "eperm",
        "eacces",
        "enoent",
        "eexist",
        "enotsup",
        "ehostunreach",
        "econnrefused",
        "etimedout",
        "enotconn",
        "einval",
        "erofs",
        "ebadexec",
        "errno",
        "os error",
        "operation not permitted",
        "permission denied",
        "no route to host",
        "no such file or directory",
        "operation not supported",
        "connection refused",
        "read-only file system",
        "unix[",
        "file exists",
        "eauth",
        "ebusy",
        "enotdir",
        "einprogress",
        "econnreset",
        "connection reset by peer",
        "epipe",
        "broken pipe",
        "posix error",
        "malformed mach-o",
        "bad cpu type",
        "exec format error",
    ],
    read,
    numbered: false,
};

static SYMBOL: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?-i)\b(E(?:PERM|ACCES|NOENT|EXIST|NOTSUP|HOSTUNREACH|CONNREFUSED|TIMEDOUT|NOTCONN|INVAL|ROFS|BADEXEC|AUTH|BUSY|NOTDIR|INPROGRESS|CONNRESET|PIPE))\b",
    )
});
static NUMBER: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"\b(?:errno|os error|posix error|Os \{ code)\b\s*(?:is|was|[:=(])?\s*(?P<code>-?\d{1,4})\b"));
static SENTENCE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(Operation not permitted|Permission denied|No route to host|No such file or directory|Operation not supported|Connection refused|Read-only file system|File exists|Connection reset by peer|Broken pipe|Malformed Mach-o file|Bad CPU type in executable|Exec format error)\b",
    )
});

/// Numbers and symbols of `<sys/errno.h>` on Apple's systems, with the sentence of `strerror`.
const NAMES: &[(i64, &str, &str)] = &[
    (1, "EPERM", "operation not permitted"),
    (2, "ENOENT", "no such file or directory"),
    (8, "ENOEXEC", "exec format error"),
    (13, "EACCES", "permission denied"),
    (16, "EBUSY", "resource busy"),
    (17, "EEXIST", "file exists"),
    (20, "ENOTDIR", "not a directory"),
    (22, "EINVAL", "invalid argument"),
    (30, "EROFS", "read-only file system"),
    (32, "EPIPE", "broken pipe"),
    (36, "EINPROGRESS", "operation now in progress"),
    (45, "ENOTSUP", "operation not supported"),
    (54, "ECONNRESET", "connection reset by peer"),
    (57, "ENOTCONN", "socket is not connected"),
    (60, "ETIMEDOUT", "operation timed out"),
    (61, "ECONNREFUSED", "connection refused"),
    (65, "EHOSTUNREACH", "no route to host"),
    (80, "EAUTH", "authentication error"),
    (85, "EBADEXEC", "bad executable (or shared library)"),
    (86, "EBADARCH", "bad cpu type in executable"),
    (88, "EBADMACHO", "malformed mach-o file"),
];

/// Numbers that Linux has for errors of the network, and libuv for Windows, in the words of `errno`.
const OTHER_SYSTEMS: &[&str] = &["101", "104", "107", "110", "111", "113", "4048", "4058", "4077", "4092"];

fn read(scope: &Scope<'_>, _catalogue: &Catalogue, facts: &mut Vec<Fact>) {
    let mut push = |start: usize, end: usize, number: i64| {
        let name = NAMES.iter().find(|(known, _, _)| *known == number).map(|(_, name, _)| *name);
        let mut fact =
            Fact::new(Kind::Error, scope.start + start, scope.start + end).coded(Some("NSPOSIXErrorDomain"), Code::Number(number));
        fact.name = name.map(str::to_owned);
        facts.push(fact);
    };
    // Numbers of Linux and of libuv: the symbol beside them is not Darwin's.
    let foreign = NUMBER.find_all(scope.text).any(|hit| OTHER_SYSTEMS.contains(&hit.group("code").trim_start_matches('-')));
    for hit in SYMBOL.find_all(scope.text).filter(|_| !foreign) {
        let word = crate::text::clip(scope.text, hit.start..hit.end);
        if let Some((number, ..)) = NAMES.iter().find(|(_, name, _)| *name == word) {
            push(hit.start, hit.end, *number);
        }
    }
    for hit in NUMBER.find_all(scope.text) {
        let written = hit.group("code").trim_start_matches('-');
        if let Ok(number) = written.parse()
            && !OTHER_SYSTEMS.contains(&written)
        {
            push(hit.start, hit.end, number);
        }
    }
    for hit in SENTENCE.find_all(scope.text) {
        let words = crate::text::clip(scope.text, hit.start..hit.end).to_lowercase();
        if let Some((number, ..)) = NAMES.iter().find(|(_, _, sentence)| *sentence == words) {
            push(hit.start, hit.end, *number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::family::testing::codes;

    #[test]
    fn symbol_number_and_sentence() {
        assert_eq!(codes("open: EPERM"), ["NSPOSIXErrorDomain:1"]);
        assert_eq!(codes("connect errno=65"), ["NSPOSIXErrorDomain:65"]);
        assert!(codes("Err(Os { code: 13, message: \"Permission denied\" })").iter().all(|code| code == "NSPOSIXErrorDomain:13"));
        assert_eq!(codes("sh: ./tool: Operation not permitted"), ["NSPOSIXErrorDomain:1"]);
        assert!(codes("Epermit").is_empty());
    }
}
