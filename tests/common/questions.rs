//! Made-up forum threads for measuring duplicates. A question is an error and the library at fault: that is what an answer would speak of.
//! Asked again, it comes from another person: another app on another server, other words, another order, another spelling of the error,
//! sometimes in another situation or without the call. Beside the duplicates stand near misses, whose answer is another one: the same error
//! of the same call in the same situation by another library, another problem of the same library, the same words with another code.

#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, unreachable_pub)] // As tests are.

use pitfall::forum::Thread;
use std::collections::{BTreeMap, BTreeSet};

/// The same numbers on every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(below).unwrap()).unwrap()
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    /// A number below `below`; small ones come more often, as with the words of a language.
    fn skewed(&mut self, below: usize) -> usize {
        let (top, unit) = ((below as f64 / 20.0).ln_1p(), self.below(1 << 20) as f64 / f64::from(1 << 20));
        (((unit * top).exp() - 1.0) * 20.0) as usize % below
    }
}

struct Subject {
    name: &'static str,
    calls: &'static [&'static str],
    /// Each error in the spellings that people use.
    errors: &'static [&'static [&'static str]],
}

const SUBJECTS: &[Subject] = &[
    Subject {
        name: "keychain",
        calls: &["SecItemCopyMatching", "SecItemAdd", "SecItemUpdate", "SecItemDelete", "SecKeyCreateRandomKey"],
        errors: &[
            &["-25300", "errSecItemNotFound", "errSecItemNotFound (-25300)"],
            &["-25308", "errSecInteractionNotAllowed", "OSStatus -25308"],
            &["-34018", "errSecMissingEntitlement", "OSStatus -34018"],
            &["-25299", "errSecDuplicateItem", "errSecDuplicateItem (-25299)"],
            &["-25293", "errSecAuthFailed", "errSecAuthFailed (-25293)"],
        ],
    },
    Subject {
        name: "Sign in with Apple",
        calls: &["ASAuthorizationController", "ASAuthorizationAppleIDProvider", "getCredentialState", "the /auth/token endpoint"],
        errors: &[
            &[
                "com.apple.AuthenticationServices.AuthorizationError Code=1001",
                "ASAuthorizationError 1001",
                "AuthorizationError error 1001",
            ],
            &["Error Domain=AKAuthenticationError Code=-7026", "AKAuthenticationError -7026", "AKAuthenticationError error -7026"],
            &["Error Domain=AKAuthenticationError Code=-7003", "AKAuthenticationError -7003", "AKAuthenticationError error -7003"],
            &["invalid_client", "{\"error\":\"invalid_client\"}", "the answer invalid_client"],
            &["invalid_grant", "{\"error\":\"invalid_grant\"}", "the answer invalid_grant"],
        ],
    },
    Subject {
        name: "App Attest",
        calls: &["DCAppAttestService", "generateAssertion", "attestKey", "generateKey"],
        errors: &[
            &[
                "com.apple.devicecheck.error Code=1",
                "Error Domain=com.apple.devicecheck.error Code=1",
                "com.apple.devicecheck.error error 1",
            ],
            &[
                "com.apple.devicecheck.error Code=2",
                "Error Domain=com.apple.devicecheck.error Code=2",
                "com.apple.devicecheck.error error 2",
            ],
            &[
                "com.apple.devicecheck.error Code=3",
                "Error Domain=com.apple.devicecheck.error Code=3",
                "com.apple.devicecheck.error error 3",
            ],
            &[
                "com.apple.devicecheck.error Code=4",
                "Error Domain=com.apple.devicecheck.error Code=4",
                "com.apple.devicecheck.error error 4",
            ],
        ],
    },
    Subject {
        name: "code signing",
        calls: &["codesign", "productbuild", "xcodebuild -exportArchive", "notarytool"],
        errors: &[
            &["errSecInternalComponent", "`errSecInternalComponent`", "error errSecInternalComponent"],
            &["code object is not signed at all", "“code object is not signed at all”", "the message: code object is not signed at all"],
            &["resource fork, Finder information, or similar detritus not allowed", "detritus not allowed", "“detritus not allowed”"],
        ],
    },
    Subject {
        name: "passkeys",
        calls: &["ASAuthorizationPlatformPublicKeyCredentialProvider", "navigator.credentials.create", "performAutoFillAssistedRequests"],
        errors: &[
            &["NotAllowedError", "DOMException NotAllowedError", "a NotAllowedError"],
            &["SecurityError", "DOMException SecurityError", "a SecurityError"],
            &[
                "com.apple.AuthenticationServices.AuthorizationError Code=1004",
                "ASAuthorizationError 1004",
                "AuthorizationError error 1004",
            ],
        ],
    },
];

/// When it happens, each in three wordings.
const SITUATIONS: &[[&str; 3]] = &[
    [
        "after restoring an encrypted backup to a new phone",
        "on a phone that was restored from an encrypted backup",
        "once the encrypted backup has been restored",
    ],
    [
        "when a silent push wakes us while the screen is locked",
        "woken by a silent push behind the lock screen",
        "from a silent push, screen locked",
    ],
    [
        "after the app was transferred to another team",
        "since the transfer of our app to a different team",
        "now that another team owns it (app transfer)",
    ],
    ["in TestFlight builds only", "only for TestFlight testers", "but only in what TestFlight delivers"],
    [
        "on managed phones with an MDM restriction profile",
        "where MDM pushes a restriction profile",
        "for customers whose MDM sets restrictions",
    ],
    [
        "when two threads call it concurrently",
        "if it is called concurrently from several threads",
        "under concurrent calls from two threads",
    ],
    ["for accounts of children in Family Sharing", "if a child of a Family Sharing group logs in", "with Family Sharing child accounts"],
    [
        "right after the clock was moved by daylight saving",
        "since the daylight saving change of the clock",
        "with a clock that is off by the daylight saving hour",
    ],
    ["inside of a share extension", "from our share extension process", "if the share extension makes the call"],
    ["on visionOS when the headset is handed to a guest", "in a visionOS guest session", "for guest users of visionOS"],
    ["behind a corporate proxy that inspects traffic", "where the corporate proxy inspects everything", "inspected by a corporate proxy"],
    ["from a launch daemon before anybody logs in", "in a launch daemon at the login window", "as a launch daemon without a login session"],
    ["over ssh on the headless build machine", "when we ssh into a headless builder", "headless, through ssh"],
    ["after the certificate was renewed in spring", "with the renewed certificate", "since we renewed the certificate"],
    ["with a bundle that holds nested frameworks", "for nested frameworks in the bundle", "as soon as frameworks are nested in a bundle"],
    ["on the second sign-in of the same person", "whenever the same person signs in a second time", "at the second sign-in"],
    ["in Mac Catalyst but never on the phone", "with the Catalyst variant", "under Mac Catalyst"],
    ["for people who chose the private relay address", "with private relay mail addresses", "if a relay address was chosen as private"],
    ["when a widget reads it first", "if the widget is first to read it", "as long as the widget reads before us"],
    [
        "after the bundle identifier got a new prefix",
        "with the new prefix of the bundle identifier",
        "since its identifier has another prefix",
    ],
    ["when Safari is not the default browser", "with another default browser than Safari", "unless Safari is the default browser"],
    ["on iPads shared by a class", "with shared iPads in a class", "for a class of pupils on one shared iPad"],
    ["while the wallet sheet is still open", "as the wallet sheet has not closed yet", "with the wallet sheet in front"],
    ["during migration from the old framework", "as we migrate off the old framework", "half way through a migration of frameworks"],
];
const PLACES: &[&str] =
    &["login screen", "sync agent", "settings pane", "start page", "menu bar helper", "background task", "onboarding flow", "checkout"];
const COMPLAINTS: &[&str] =
    &["fails", "gives us nothing", "hangs", "asks again and again", "stopped working last week", "is refused", "breaks for some people"];
const FILLERS: &[&str] = &[
    "We have tried a clean build and another device.",
    "It worked last month and nothing was changed since.",
    "The documentation does not say anything about this case.",
    "Any hint would be appreciated, thanks in advance.",
    "On the simulator everything looks fine.",
    "Our users report it from time to time and we cannot reproduce it.",
    "A sample project is available on request.",
    "Restarting the phone helps for a while.",
    "Has anybody seen the same?",
    "I already filed a bug but nobody answered.",
    "Is this expected, or what are we doing wrong?",
];
const SYLLABLES: &[&str] = &[
    "ka", "lo", "mi", "ren", "tus", "vo", "pel", "dra", "nix", "bor", "sha", "qui", "zem", "fal", "gor", "hin", "bra", "sil", "ton", "wex",
    "yar", "jul", "pod", "cre", "dun", "fro", "gli", "hap", "ith", "kru", "mar", "oss",
];

fn word(mut number: usize, syllables: usize) -> String {
    let mut word = String::new();
    for _ in 0..syllables {
        word.push_str(SYLLABLES[number % SYLLABLES.len()]);
        number /= SYLLABLES.len();
    }
    word
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

/// Libraries, services and settings that take part: as many as a forum of years would name, a few of them very often.
const TAKING_PART: usize = 30_000;

#[derive(Clone)]
struct Question {
    subject: usize,
    call: &'static str,
    error: &'static [&'static str],
    situation: usize,
    /// The library at fault.
    library: usize,
}

fn question(numbers: &mut Numbers) -> Question {
    let subject = numbers.below(SUBJECTS.len());
    Question {
        subject,
        call: numbers.of(SUBJECTS[subject].calls),
        error: numbers.of(SUBJECTS[subject].errors),
        situation: numbers.below(SITUATIONS.len()),
        library: numbers.skewed(TAKING_PART),
    }
}

/// A question whose answer is another one, though much of it is the same.
fn near_miss(of: &Question, numbers: &mut Numbers) -> Question {
    let other = question(numbers);
    let another = SUBJECTS[of.subject].errors.iter().copied().find(|error| *error != of.error).unwrap_or(other.error);
    match numbers.below(3) {
        // The same error of the same call in the same situation, by another library.
        0 => Question { library: other.library, ..of.clone() },
        // The same library has another problem.
        1 => Question { library: of.library, ..other },
        // The same words, another code.
        _ => Question { error: another, ..of.clone() },
    }
}

/// One way to ask it: another app on another server in other words; sometimes the call or the situation is not told.
fn asked(question: &Question, number: usize, numbers: &mut Numbers) -> Thread {
    let app = word(numbers.below(1 << 20), 4);
    let service = word(numbers.skewed(TAKING_PART) + 7, 3);
    let (subject, error) = (SUBJECTS[question.subject].name, numbers.of(question.error));
    let (place, complaint) = (numbers.of(PLACES), numbers.of(COMPLAINTS));
    let call = if numbers.below(12) == 0 { "it" } else { question.call };
    let situation = if numbers.below(5) == 0 { numbers.below(SITUATIONS.len()) } else { question.situation };
    let situation = SITUATIONS[situation][numbers.below(3)];
    let library = capital(&word(question.library, 3)) + "Kit";
    let title = match numbers.below(4) {
        0 => format!("{subject}: {call} {complaint}"),
        1 => format!("{error} {situation}"),
        2 => format!("{call} {complaint} with {library}"),
        _ => format!("{subject} {complaint} in {}", capital(&app)),
    };
    let mut parts = match numbers.below(3) {
        0 => vec![format!("In {}Manager we call {call} for the {place}.", capital(&app)), format!("It ends with {error}, {situation}.")],
        1 => vec![format!("{error} is what {call} gives {situation}."), format!("This is in {}, on its {place}.", capital(&app))],
        _ => vec![format!("My app {app} {complaint} {situation}:"), format!("{call} says {error}."), format!("It is the {place}.")],
    };
    parts.push(match numbers.below(3) {
        0 => format!("We use {library} for it."),
        1 => format!("The call is made by {library}."),
        _ => format!("{library} does the rest."),
    });
    if numbers.below(2) == 0 {
        parts.push(format!("Our backend runs on {service}."));
    }
    (0..=numbers.below(3)).for_each(|_| parts.push(numbers.of(FILLERS).to_owned()));
    parts.push(format!("Seen on iOS {}.{}.", 15 + numbers.below(12), numbers.below(7)));
    let turn = numbers.below(parts.len());
    parts.rotate_left(turn);
    Thread { id: format!("t-{number}"), title, body: parts.join(" "), ..Thread::default() }
}

/// `count` threads, and the pairs that ask the same. Of twenty one asks again what an earlier one asked, and one only nearly so.
pub fn threads(count: usize) -> (Vec<Thread>, BTreeSet<(usize, usize)>) {
    let mut numbers = Numbers(42);
    let mut questions: Vec<Question> = Vec::new();
    let mut askings: BTreeMap<(&str, usize), Vec<usize>> = BTreeMap::new();
    let (mut out, mut planted) = (Vec::with_capacity(count), BTreeSet::new());
    for number in 0..count {
        let earlier = numbers.below(questions.len().max(1));
        let question = match (number % 20, questions.get(earlier)) {
            (19, Some(again)) => again.clone(),
            (9, Some(of)) => near_miss(of, &mut numbers),
            _ => question(&mut numbers),
        };
        out.push(asked(&question, number, &mut numbers));
        // Chance, too, asks a question again.
        let before = askings.entry((question.error[0], question.library)).or_default();
        planted.extend(before.iter().map(|earlier| (*earlier, number)));
        before.push(number);
        questions.push(question);
    }
    (out, planted)
}
