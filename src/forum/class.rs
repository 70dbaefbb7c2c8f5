//! What a thread is: a question of ours, a resource, an announcement, or something for other people; its topic; and why.

use super::area::{Score, Words};
use super::thread::Thread;
use crate::engine::Glance;
use crate::knowledge::{Confidence, Severity};
use crate::pattern::Pattern;
use std::sync::LazyLock;

/// What kind of thread.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Somebody asks or reports something of ours.
    #[default]
    Question,
    /// A collection or an article that asks nothing.
    Resource,
    /// News that ask nothing.
    Announcement,
    /// For another forum, or for no forum.
    OffTopic,
}

impl Kind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[Self::Question, Self::Resource, Self::Announcement, Self::OffTopic];

    /// The word for it in documents.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Resource => "resource",
            Self::Announcement => "announcement",
            Self::OffTopic => "off-topic",
        }
    }

    /// The kind that `word` stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word)
    }
}

/// What a thread is found to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// The kind.
    pub kind: Kind,
    /// The topic's id; none where no topic fits.
    pub topic: Option<&'static str>,
    /// Why, as a sentence.
    pub why: String,
    /// Where an off-topic thread belongs.
    pub belongs: Option<&'static str>,
}

static SIGNATURE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?-i)@ Developer Technical Support @ Apple|\|\s*DTS Engineer|DTS Engineer\s*$|WWDR\s*\||Worldwide Developer Relations\s*$|App Store Connect Engineer\s*$|Frameworks Engineer\s*$|Share and Enjoy\s*\n?\s*.{0,4}Quinn",
    )
});
static NEWS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"^\[(?:resolved|fixed|announcement|notice|update|outage)\]|\bservice outage\b|\b(?:is|are) now available\b|\bwill be (?:removed|retired|required|discontinued|unavailable)\b|\bscheduled maintenance\b|\bstarting (?:on )?(?:january|february|march|april|may|june|july|august|september|october|november|december) \d",
    )
});
static COLLECTION: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\bresources$|\bbest practices$|\bpitfalls\b.*\bpractices\b|\bfundamentals$|\bfaq$|\bread me first\b|\bhow to (?:ask|report)\b|\bguidelines$|^\[?(?:pinned|sticky)\b",
    )
});
static ASKS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\?|？|\b(?:any (?:help|idea|insight|advice|suggestion|pointer)s?|does any(?:one|body)|has any(?:one|body)|how (?:do|can|should|could|to)|what am i|is there (?:a|any) way|why (?:does|is|do|are|did)|please (?:help|advise)|help (?:me|is appreciated|needed)|can(?:not|'t|’t) figure|stuck|not working|does(?:n't|n’t| not) work|fails?|failed|failing|error|crash(?:es|ed)?)\b",
    )
});

/// Whether a text is signed by an engineer of Apple's developer support.
#[must_use]
pub fn staff_signature(text: &str) -> bool {
    SIGNATURE.is_match(text)
}

/// Decides what a thread is.
pub(super) fn judge(thread: &Thread, glance: &Glance) -> Verdict {
    let words = Words::of(&thread.title, &thread.body);
    let ranked = ranked(glance, &words);
    let topic = ranked.first().filter(|topic| topic.points >= TOPIC);
    if let Some((kind, why)) = unasked(thread) {
        let topic = topic.map(|topic| topic.id);
        return Verdict { kind, topic, why, belongs: None };
    }
    if is_plan(thread) {
        let why = "about a plan of work: a list of open boxes that asks nothing".to_owned();
        return Verdict { kind: Kind::OffTopic, topic: None, why, belongs: Some(PLAN) };
    }
    if let Some((area, score)) = words.area()
        && is_foreign(&ranked, score)
    {
        let ours = ranked.first().filter(|own| own.points > 0).map_or(String::new(), |own| format!("; for {} only {}", own.id, own.told()));
        return Verdict {
            kind: Kind::OffTopic,
            topic: None,
            why: format!("about {}: {}{ours}", area.name, quoted(&score.words)),
            belongs: Some(area.belongs),
        };
    }
    match ranked.first().filter(|topic| topic.points > 0) {
        Some(topic) => {
            Verdict { kind: Kind::Question, topic: Some(topic.id), why: format!("{}: {}", topic.id, topic.told()), belongs: None }
        }
        None => Verdict {
            kind: Kind::Question,
            topic: None,
            why: "no topic of ours and no other subject is recognised in its words".into(),
            belongs: None,
        },
    }
}

/// Where a plan of work belongs.
const PLAN: &str = "the tracker of the project: it lists what is to be done, nothing has failed yet";

/// Several open boxes and no question.
fn is_plan(thread: &Thread) -> bool {
    let text = thread.text();
    text.matches("- [ ]").count() >= 3 && !text.contains(['?', '？'])
}

/// A topic with fewer points names a resource or an announcement by chance.
const TOPIC: u32 = 4;

/// Posts that ask nothing: an engineer's article, list or news.
fn unasked(thread: &Thread) -> Option<(Kind, String)> {
    let signed = staff_signature(&thread.body) || super::page::is_staff(&thread.author);
    let by = if signed { "signed by an engineer of Apple's developer support" } else { "asks nothing" };
    if let Some(hit) = NEWS.find(&thread.title).filter(|_| signed || !ASKS.is_match(&thread.body)) {
        let words = crate::text::clip(&thread.title, hit.start..hit.end);
        return Some((Kind::Announcement, format!("`{words}` in the title, {by}")));
    }
    let collection = COLLECTION.find(&thread.title).map(|hit| crate::text::clip(&thread.title, hit.start..hit.end));
    let listed = thread.body.starts_with("General:") && thread.body.contains("Forums ");
    if signed {
        let what = collection.map_or_else(
            || if listed { "a list of links".to_owned() } else { "an article".to_owned() },
            |words| format!("`{words}` in the title"),
        );
        return Some((Kind::Resource, format!("{what}, {by}")));
    }
    if let Some(words) = collection.filter(|_| listed || !ASKS.is_match(&thread.title) && !ASKS.is_match(&thread.body)) {
        return Some((Kind::Resource, format!("`{words}` in the title, and it {by}")));
    }
    None
}

/// A topic with what speaks for it.
#[derive(Debug)]
struct Ranked {
    id: &'static str,
    points: u32,
    words: Vec<&'static str>,
    pages: Vec<String>,
}

impl Ranked {
    fn told(&self) -> String {
        let pages = self.pages.iter().take(2).cloned().collect::<Vec<_>>().join(", ");
        match (pages.is_empty(), self.words.is_empty()) {
            (true, _) => quoted(&self.words),
            (false, true) => pages,
            (false, false) => format!("{pages}; {}", quoted(&self.words)),
        }
    }
}

fn quoted(words: &[&str]) -> String {
    words.iter().take(5).map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// Topics by what speaks for them: pages that rules found, the surest first, and words. A page whose subject no word of the thread names may
/// have been found by chance, and counts less; so do unsure ones beside a page that says that what looks wrong is normal.
fn ranked(glance: &Glance, words: &Words) -> Vec<Ranked> {
    let mut ranked: Vec<Ranked> = Vec::new();
    let normal = glance.found.iter().any(|found| found.severity == Severity::Noise && found.confidence == Confidence::Certain);
    for (place, found) in glance.found.iter().filter(|found| found.severity != Severity::Noise).enumerate() {
        let named = words.topics().any(|(id, _)| id == found.topic);
        let points = match (found.confidence, place) {
            (Confidence::Certain, 0) if named => 40,
            (Confidence::Likely, 0) if named => 30,
            (Confidence::Certain, 0) => 8,
            (Confidence::Certain | Confidence::Likely, _) => 5,
            (Confidence::Possible, _) if normal => 1,
            (Confidence::Possible, 0) => 4,
            (Confidence::Possible, 1..4) => 2,
            (Confidence::Possible, _) => 0,
        };
        let told = format!("{} ({})", found.id, found.confidence);
        match ranked.iter_mut().find(|topic| topic.id == found.topic) {
            Some(topic) => {
                topic.points += points;
                topic.pages.push(told);
            }
            None => ranked.push(Ranked { id: found.topic, points, words: Vec::new(), pages: vec![told] }),
        }
    }
    for (id, score) in words.topics() {
        match ranked.iter_mut().find(|topic| topic.id == id) {
            Some(topic) => {
                topic.points += score.points;
                topic.words.clone_from(&score.words);
            }
            None => ranked.push(Ranked { id, points: score.points, words: score.words.clone(), pages: Vec::new() }),
        }
    }
    ranked.sort_by_key(|topic| (std::cmp::Reverse(topic.points), topic.id));
    ranked
}

/// Whether another subject speaks louder than ours. A page that a rule made likely, and whose subject the words name too, is hardly ever
/// outweighed: a rule that fires on a question is a better judge than words.
fn is_foreign(ranked: &[Ranked], other: &Score) -> bool {
    other.points >= FOREIGN && other.points > ranked.first().map_or(0, |topic| topic.points)
}

/// Points without which another subject is not believed.
const FOREIGN: u32 = 3;

#[cfg(test)]
mod tests {
    use super::*;

    fn of(title: &str, body: &str) -> Verdict {
        judge(&Thread { title: title.into(), body: body.into(), ..Thread::default() }, &Glance::default())
    }

    #[test]
    fn engineers_articles_are_resources_and_news_are_announcements() {
        let signed = "Some text. Share and Enjoy — Quinn “The Eskimo!” @ Developer Technical Support @ Apple";
        assert_eq!(of("Networking Resources", signed).kind, Kind::Resource);
        assert_eq!(of("On trust evaluation", signed).kind, Kind::Resource);
        assert_eq!(of("Keychain Resources", "General: Forums subtopic: Privacy & Security").kind, Kind::Resource);
        assert_eq!(of("[Resolved] App Attest outage", "It was resolved. Cheers, Sam | WWDR | DTS Engineer").kind, Kind::Announcement);
        assert_eq!(of("[Resolved] Passkeys fail?", "How did you do it?").kind, Kind::Question);
        assert_eq!(of("Which resources do I need for passkeys?", "I asked a DTS engineer and got no answer.").kind, Kind::Question);
    }

    #[test]
    fn other_subjects_are_told_with_where_they_belong() {
        for (title, body) in [
            ("iPhone overheating since the beta", "It gets hot while charging."),
            ("Subscriptions do not renew in sandbox", "StoreKit sandbox tester, no renewal for days."),
            ("Push notifications stop in Japan", "The cert is not expired and APNs says success."),
            ("Enrollment pending for weeks", "I paid the membership fee for the developer program enrollment."),
            ("NavigationStack pops twice", "My SwiftUI view jumps."),
            ("Sign-in screen", "- [ ] the button\n- [ ] the sheet\n- [ ] the error text"),
        ] {
            let verdict = of(title, body);
            assert!(verdict.kind == Kind::OffTopic && verdict.belongs.is_some() && verdict.topic.is_none(), "{title}: {verdict:?}");
        }
    }

    #[test]
    fn ours_stay_ours_though_other_words_stand_in_them() {
        for (title, body, topic) in [
            ("Keychain empty after a push notification wakes the app", "SecItemCopyMatching gives -25308 in the background.", "keychain"),
            ("Face ID prompt in SwiftUI view", "LAContext evaluatePolicy fails with biometrics.", "biometrics"),
            ("codesign fails on Xcode Cloud", "provisioning profile and signing certificate are there.", "code-signing"),
            (
                "Passkeys on Android work, on iPhone not",
                "navigator.credentials says the rpId is wrong for the relying party, passkey.",
                "passkeys",
            ),
        ] {
            let verdict = of(title, body);
            assert_eq!((verdict.kind, verdict.topic), (Kind::Question, Some(topic)), "{title}: {verdict:?}");
        }
    }
}
