//! A thread of a forum: a question, its figures, and the answers that the page held.

use super::date::Moment;

/// A forum thread as a page tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Thread {
    /// The same on every page that holds the thread: the site's number where there is one, else made of title and text.
    pub id: String,
    /// The title.
    pub title: String,
    /// The question; empty where the page held none.
    pub body: String,
    /// Its address, where the page told it.
    pub url: Option<String>,
    /// Who asked; empty where unknown.
    pub author: String,
    /// The part of the forum it stood in, as the page names it; empty where unknown.
    pub forum: String,
    /// Tags and labels.
    pub tags: Vec<String>,
    /// The date as the page writes it; empty where there was none.
    pub activity: String,
    /// That date.
    pub when: Option<Moment>,
    /// When it was asked.
    pub created: Option<Moment>,
    /// The figures.
    pub counts: Counts,
    /// Replies that the page held, in its order.
    pub replies: Vec<Reply>,
    /// An answer was accepted or recommended.
    pub answered: bool,
    /// No more replies are taken.
    pub closed: bool,
    /// The first line of it on the page, from 1; 0 where the form has no lines.
    pub line: usize,
}

/// The figures of a thread; none where the page did not tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Replies.
    pub replies: Option<u64>,
    /// Boosts, likes, votes.
    pub boosts: Option<u64>,
    /// Views.
    pub views: Option<u64>,
}

/// A reply.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// Who; empty where unknown.
    pub author: String,
    /// An engineer of the platform's owner.
    pub staff: bool,
    /// Accepted or recommended as the answer.
    pub accepted: bool,
    /// When.
    pub when: Option<Moment>,
    /// The text.
    pub body: String,
}

impl Thread {
    /// Title and body as one text, for the engine: the title on a line of its own.
    #[must_use]
    pub fn text(&self) -> String {
        if self.body.is_empty() { self.title.clone() } else { format!("{}\n\n{}", self.title, self.body) }
    }

    /// When it was asked, or else was last active, in seconds since 1970.
    #[must_use]
    pub fn asked(&self) -> Option<i64> {
        self.created.or(self.when).map(|moment| moment.at)
    }

    /// The reply that answers it: accepted, else an engineer's.
    #[must_use]
    pub fn answer(&self) -> Option<&Reply> {
        self.replies.iter().find(|reply| reply.accepted).or_else(|| self.replies.iter().find(|reply| reply.staff))
    }

    /// Takes in another reading of the same thread: the longer text, newer figures, more replies. Returns whether anything changed.
    pub fn merge(&mut self, other: &Self) -> bool {
        let before = self.clone();
        if other.body.chars().count() > self.body.chars().count() {
            self.body.clone_from(&other.body);
        }
        if self.title.ends_with('…') && !other.title.ends_with('…') {
            self.title.clone_from(&other.title);
        }
        for (own, new) in [(&mut self.author, &other.author), (&mut self.forum, &other.forum)] {
            if own.is_empty() {
                own.clone_from(new);
            }
        }
        self.url = self.url.take().or_else(|| other.url.clone());
        self.created = self.created.or(other.created);
        // A page is newer when its date or a figure is; figures of a forum only grow.
        if other.when.is_some_and(|new| self.when.is_none_or(|own| new.at >= own.at)) {
            self.when = other.when;
            self.activity.clone_from(&other.activity);
        }
        self.counts.grow(other.counts);
        for tag in &other.tags {
            if !self.tags.contains(tag) {
                self.tags.push(tag.clone());
            }
        }
        for reply in &other.replies {
            match self.replies.iter_mut().find(|own| own.body == reply.body && own.author == reply.author) {
                Some(own) => {
                    own.accepted |= reply.accepted;
                    own.staff |= reply.staff;
                    own.when = own.when.or(reply.when);
                }
                None => self.replies.push(reply.clone()),
            }
        }
        self.answered |= other.answered;
        self.closed |= other.closed;
        *self != before
    }

    /// Whether another reading is of this thread, though one of the two may be cut: same address, or same title and texts of which one
    /// begins with the other.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        if self.url.is_some() && other.url.is_some() {
            return self.url == other.url;
        }
        begins_alike(&self.title, &other.title) && begins_alike(&self.body, &other.body)
    }
}

/// Whether one text is the other, or its beginning cut with dots; an empty one says nothing.
fn begins_alike(a: &str, b: &str) -> bool {
    let (a, b) = (plain(a), plain(b));
    a.starts_with(b.as_str()) || b.starts_with(a.as_str())
}

/// The letters and digits of a text in lower case: what remains the same in all layouts of it.
pub(super) fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Counts {
    fn grow(&mut self, other: Self) {
        let larger = |own: &mut Option<u64>, new: Option<u64>| *own = (*own).max(new);
        larger(&mut self.replies, other.replies);
        larger(&mut self.boosts, other.boosts);
        larger(&mut self.views, other.views);
    }
}

/// Letters of a body that count for an identity: a listing may cut the rest.
const FRONT: usize = 96;

/// An identity made of what a thread says, for pages that give it no number.
pub(super) fn identity(title: &str, body: &str) -> String {
    let front: String = plain(body).chars().take(FRONT).collect();
    format!("t-{:012x}", hash(&format!("{}\n{front}", plain(title))) & 0xffff_ffff_ffff)
}

/// FNV-1a: the same on every machine and in every version, which identities and fingerprints need.
pub(super) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thread(title: &str, body: &str) -> Thread {
        Thread { title: title.into(), body: body.into(), ..Thread::default() }
    }

    #[test]
    fn a_cut_reading_is_the_same_thread_and_a_namesake_is_not() {
        let whole = thread("Keychain returns -25300", "After the update every read fails with it.");
        assert!(whole.is_same(&thread("Keychain returns…", "After the update every…")));
        assert!(whole.is_same(&thread("Keychain returns -25300", "")));
        assert!(!whole.is_same(&thread("Keychain returns -25300", "On the Mac only.")));
        assert!(!whole.is_same(&thread("Passkeys", "After the update every read fails with it.")));
        let with = |url: &str| Thread { url: Some(url.into()), ..whole.clone() };
        assert!(!with("https://a.example/1").is_same(&with("https://a.example/2")));
    }

    #[test]
    fn merging_grows_and_repeating_changes_nothing() {
        let mut own = thread("a", "b");
        own.counts.views = Some(10);
        let mut newer = thread("a", "b, and more");
        newer.counts = Counts { replies: Some(1), boosts: None, views: Some(12) };
        newer.replies.push(Reply { author: "x".into(), body: "try this".into(), ..Reply::default() });
        assert!(own.merge(&newer));
        assert_eq!((own.body.as_str(), own.counts.replies, own.counts.views, own.replies.len()), ("b, and more", Some(1), Some(12), 1));
        assert!(!own.merge(&newer), "the same page again");
        let mut accepted = newer.clone();
        accepted.replies[0].accepted = true;
        assert!(own.merge(&accepted) && own.replies.len() == 1 && own.replies[0].accepted);
    }

    #[test]
    fn an_identity_survives_a_cut_and_layout_but_not_other_words() {
        let long = "word ".repeat(60);
        assert_eq!(identity("A title", &long), identity("A  title", &format!("{}…", crate::text::clip(&long, 0..200))));
        assert_ne!(identity("A title", "one"), identity("A title", "two"));
    }
}
